package weightfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
)

// foreignTensor is a tensor as another program's file holds it, not yet decoded.
type foreignTensor struct {
	name       string // in the file
	shape      []int
	padded     bool // ignore leading ones in shape: Caffe's old form always has four numbers
	transposed bool // raw is column-major: the file has the matrix transposed
	kind       numberKind
	raw        []byte        // the numbers, little-endian, row-major; a slice of the file
	external   *externalData // where the numbers are if they are not in this file
	counts     bool          // integers or bools: a program's counters, not weights
	problem    string        // why the numbers cannot be read; "" if they can
}

// externalData locates the numbers of a tensor that an ONNX model keeps in a file beside
// it, as torch.onnx.export does by default.
//
// onnx/onnx, docs/ExternalData.md.
type externalData struct {
	location       string // of the file, from the model's folder
	offset, length int64  // of the tensor's bytes; a length of −1: to the end of the file
}

// numberKind is a type of floating-point number. All except float64 fit float32 exactly.
type numberKind struct {
	size int // bytes
	read func([]byte) float32
}

var (
	half   = numberKind{2, func(b []byte) float32 { return float16.FromBits(binary.LittleEndian.Uint16(b)).Float32() }}
	brain  = numberKind{2, func(b []byte) float32 { return bfloat16.FromBits(binary.LittleEndian.Uint16(b)).Float32() }}
	single = numberKind{4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }}
	double = numberKind{8, func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) }}
)

// wrongType describes the problem of a tensor with another element type.
func wrongType(name string) string {
	return fmt.Sprintf("the element type is %s, want float16, bfloat16, float32 or float64: save model.float().state_dict()", name)
}

// maxRank limits the axes of a tensor in a foreign file.
const maxRank = 8

// count returns the count of numbers in a tensor of the given shape, or an error if it is
// negative or above most.
func count(shape []int, most int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > most/d {
			return 0, fmt.Errorf("shape %v does not fit the file", shape)
		}
		n *= d
	}
	return n, nil
}

// dimensions appends the dimensions in a protobuf field to a shape.
func dimensions(shape []int, f field) ([]int, error) {
	dims, err := f.integers(maxRank)
	if err != nil {
		return nil, err
	}
	for _, d := range dims {
		if d < 0 || d > math.MaxInt32 || len(shape) == maxRank {
			return nil, fmt.Errorf("dimensions %v are not a shape", append(slices.Clone(shape), int(d)))
		}
		shape = append(shape, int(d))
	}
	return shape, nil
}

// checkSize returns an error if the count of numbers is not the shape's.
func (t foreignTensor) checkSize() error {
	n, err := count(t.shape, len(t.raw)/t.kind.size)
	if err == nil && n*t.kind.size != len(t.raw) {
		err = fmt.Errorf("%d numbers do not fill shape %v", len(t.raw)/t.kind.size, t.shape)
	}
	return err
}

// has reports whether the tensor has the given shape.
func (t foreignTensor) has(want ...int) bool {
	if t.padded {
		return slices.Equal(t.shape, append(slices.Repeat([]int{1}, max(0, len(t.shape)-len(want))), want...))
	}
	return slices.Equal(t.shape, want)
}

// at returns number i in row-major order, rounded to float32.
func (t foreignTensor) at(i int) float32 {
	if t.transposed {
		rows, columns := t.shape[0], t.shape[1]
		i = i%columns*rows + i/columns
	}
	return t.kind.read(t.raw[i*t.kind.size:])
}

// channelsLast puts the numbers of a tensor [out, in, area] into flat as [area, in, out].
// This converts Caffe's and PyTorch's layouts to ours: a convolution [F, C, K, K] to
// [K, K, C, F]; a dense layer [d, units], area 1, to its transpose; one that sees a
// flattened image, [units, C, H, W], to [H, W, C, units]. A number that is not finite in
// float32 is an error.
func (t foreignTensor) channelsLast(flat []float32, out, in, area int) error {
	const line = 16 // outputs that share a cache line of the result
	for first := 0; first < out; first += line {
		for i := range in {
			for s := range area {
				to := flat[(s*in+i)*out:]
				for o := first; o < min(first+line, out); o++ {
					v := t.at((o*in+i)*area + s)
					if v-v != 0 { // NaN or infinite
						return fmt.Errorf("number %d is %v in float32", (o*in+i)*area+s, v)
					}
					to[o] = v
				}
			}
		}
	}
	return nil
}
