package datasets

import (
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// ReadFeatures reads a domain whose inputs are precomputed features. features is an array
// [n, d], or one with further dimensions of 1, such as [n, d, 1, 1] from a network's pooling.
// labels is an array of n indices into classes: integers, floats with integer values or bools,
// as a row or a column. Each file is one that [ReadNpy] accepts; both may be arrays of one .npz
// archive. Values are float32 and not normalized.
//
// It fails as ReadNpy does, and when the files do not belong together, a label
// is not the index of a class, or a feature is not finite; the error gives the row and the value.
func ReadFeatures(domain, features, labels string, classes []string) (sdt.Labelled, error) {
	x, err := ReadNpy(features)
	if err != nil {
		return sdt.Labelled{}, err
	}
	y, err := ReadNpy(labels)
	if err != nil {
		return sdt.Labelled{}, err
	}
	fail := func(path, format string, args ...any) (sdt.Labelled, error) {
		return sdt.Labelled{}, fmt.Errorf("npy file %s: %s", path, fmt.Sprintf(format, args...))
	}
	n, d, advice := rowsAndColumns(x.Shape)
	if advice != "" {
		return fail(features, "shape %v, want features [n, d]: %s", x.Shape, advice)
	}
	if advice := notLabels(y.Shape, n, d); advice != "" {
		return fail(labels, "shape %v, want one label for each of the %d rows of %s%s", y.Shape, n, features, advice)
	}
	ints, bad := y.ints()
	if bad >= 0 {
		return fail(labels, "label %s of row %d is not a class index: want integers in 0…%d, such as labels.astype(\"int32\")", y.text(bad), bad, len(classes)-1)
	}
	out := sdt.Labelled{
		Examples: sdt.Examples{Domain: domain, Shape: []int{d}, Values: x.Float32s()},
		Classes:  slices.Clone(classes),
		Labels:   make([]int32, n),
	}
	for i, k := range ints {
		if k < 0 || k >= len(classes) {
			return fail(labels, "label %d of row %d is outside 0…%d: %s", k, i, len(classes)-1, outside(ints, len(classes)))
		}
		out.Labels[i] = int32(k)
	}
	for i, v := range out.Values {
		if v-v != 0 { // NaN and infinities
			holds := x.text(i)
			if holds != fmt.Sprint(v) {
				holds += fmt.Sprintf(", which is %v as float32", v)
			}
			return fail(features, "row %d, column %d holds %s%s: every value must be finite: fix it, or omit the row", i/d, i%d, holds, besides(out.Values[i+1:]))
		}
	}
	return out, nil
}

// rowsAndColumns returns n and d of an array of features, or what to do about its shape.
func rowsAndColumns(shape []int) (n, d int, advice string) {
	if slices.Contains(shape, 0) {
		return 0, 0, "it is empty"
	}
	if len(shape) < 2 {
		return 0, 0, "if each row has one feature, save x.reshape(-1, 1); if this is one row, save x.reshape(1, -1)"
	}
	n, d = shape[0], 1
	large := 0
	for _, size := range shape[1:] {
		d *= size
		if size > 1 {
			large++
		}
	}
	if large > 1 {
		return 0, 0, "save x.reshape(len(x), -1), or pool first: x.mean((2, 3)) for [n, d, height, width]"
	}
	return n, d, ""
}

// notLabels returns what to add to the error for an array that is not n labels, and "" for
// one that is: of any shape in which all dimensions but one are 1. The features are [n, d].
func notLabels(shape []int, n, d int) (advice string) {
	count, large := 1, 0
	for _, size := range shape {
		count *= size
		if size != 1 {
			large++
		}
	}
	switch {
	case large <= 1 && count == n:
		return ""
	case large <= 1 && count == d:
		return ": if the examples are columns, save features.T"
	case large == 2 && shape[0] == n:
		return ": if there is one column per class, save labels.argmax(1)"
	}
	return ": do the two files belong together?"
}

// outside says what to do about labels that are not indices of so many classes.
func outside(labels []int, classes int) string {
	if len(labels) > 0 && slices.Min(labels) == 1 && slices.Max(labels) == classes {
		return "they seem to count from 1: save labels - 1"
	}
	return "fix the label, or name all classes"
}

// besides says how many more values are not finite.
func besides(values []float32) string {
	more := 0
	for _, v := range values {
		if v-v != 0 {
			more++
		}
	}
	if more == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more like it)", more)
}
