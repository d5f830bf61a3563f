package datasets

import (
	"fmt"
	"math"

	"github.com/sdtlab/sdtlab/sdt"
)

// ReadFeatures reads a domain whose inputs are precomputed features: an .npy file
// [n, d] of any type that [ReadNpy] takes, and one of integer labels [n] that index
// classes. Values are float32 as they are in the file: nothing is normalized.
//
// It fails as ReadNpy does, and when the files do not belong together, a label
// names no class or a feature is not finite.
func ReadFeatures(domain, features, labels string, classes []string) (sdt.Labelled, error) {
	x, err := ReadNpy(features)
	if err != nil {
		return sdt.Labelled{}, err
	}
	y, err := ReadNpy(labels)
	if err != nil {
		return sdt.Labelled{}, err
	}
	if len(x.Shape) != 2 || x.Shape[0] == 0 || x.Shape[1] == 0 {
		return sdt.Labelled{}, fmt.Errorf("npy file %s: shape %v, want features [n, d]", features, x.Shape)
	}
	if len(y.Shape) != 1 || y.Shape[0] != x.Shape[0] {
		return sdt.Labelled{}, fmt.Errorf("npy file %s: shape %v, want one label for each of the %d rows of %s", labels, y.Shape, x.Shape[0], features)
	}
	ints, err := y.Ints()
	if err != nil {
		return sdt.Labelled{}, fmt.Errorf("npy file %s: %w", labels, err)
	}
	out := sdt.Labelled{
		Examples: sdt.Examples{Domain: domain, Shape: []int{x.Shape[1]}, Values: x.Float32s()},
		Classes:  append([]string(nil), classes...),
		Labels:   make([]int32, len(ints)),
	}
	for i, k := range ints {
		if k < 0 || k >= len(classes) {
			return sdt.Labelled{}, fmt.Errorf("npy file %s: label %d of row %d is outside 0…%d: mend the label, or name all classes", labels, k, i, len(classes)-1)
		}
		out.Labels[i] = int32(k)
	}
	for i, v := range out.Values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return sdt.Labelled{}, fmt.Errorf("npy file %s: row %d, column %d holds %v as float32: every value must be finite: mend it, or leave the row out", features, i/x.Shape[1], i%x.Shape[1], v)
		}
	}
	return out, nil
}
