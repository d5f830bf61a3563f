package onnx

import (
	"math"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
	"github.com/gomlx/compute/shapes"
)

func (f *function) Reshape(x compute.Value, dims ...int) (compute.Value, error) {
	shape, err := shapeinference.Reshape(of(x).shape, dims)
	if err == nil && slices.Equal(shape.Dimensions, of(x).shape.Dimensions) {
		return x, nil
	}
	return f.add("Reshape", shape, err, nil, of(x), f.vector(dims))
}

// Transpose records one operator for transposes in sequence, none if they cancel.
func (f *function) Transpose(x compute.Value, permutation ...int) (compute.Value, error) {
	shape, err := shapeinference.Transpose(of(x).shape, permutation)
	if err != nil {
		return nil, err
	}
	from := of(x)
	permutation = slices.Clone(permutation)
	if from.op == "Transpose" {
		before := from.attributes[0].value.([]int)
		for i, axis := range permutation {
			permutation[i] = before[axis]
		}
		from = from.in[0]
	}
	if slices.IsSorted(permutation) {
		return from, nil
	}
	return f.add("Transpose", shape, nil, []attribute{{"perm", permutation}}, from)
}

func (f *function) BroadcastInDim(x compute.Value, to shapes.Shape, axes []int) (compute.Value, error) {
	if err := shapeinference.BroadcastInDim(of(x).shape, to, axes, nil); err != nil {
		return nil, err
	}
	dims := make([]int, to.Rank())
	for i := range dims {
		dims[i] = 1
	}
	for i, axis := range axes {
		dims[axis] = of(x).shape.Dimensions[i]
	}
	x, err := f.Reshape(x, dims...)
	if err != nil || slices.Equal(dims, to.Dimensions) {
		return x, err
	}
	shape := to.Clone()
	shape.DType = of(x).shape.DType
	return f.add("Expand", shape, nil, nil, of(x), f.vector(to.Dimensions))
}

func (f *function) Concatenate(axis int, operands ...compute.Value) (compute.Value, error) {
	var in []*node
	var all []shapes.Shape
	for _, v := range operands {
		in, all = append(in, of(v)), append(all, of(v).shape)
	}
	shape, err := shapeinference.Concatenate(all, axis)
	return f.add("Concat", shape, err, []attribute{{"axis", axis}}, in...)
}

// Slice names only the axes that it cuts, so that the others may be of any size.
func (f *function) Slice(x compute.Value, starts, limits, strides []int) (compute.Value, error) {
	shape, err := shapeinference.Slice(of(x).shape, starts, limits, strides)
	if err != nil {
		return nil, err
	}
	var from, to, axes, steps []int
	for axis, size := range of(x).shape.Dimensions {
		step := 1
		if strides != nil {
			step = strides[axis]
		}
		if starts[axis] != 0 || limits[axis] != size || step != 1 {
			from, to, axes, steps = append(from, starts[axis]), append(to, limits[axis]), append(axes, axis), append(steps, step)
		}
	}
	if axes == nil {
		return x, nil
	}
	return f.add("Slice", shape, nil, nil, of(x), f.vector(from), f.vector(to), f.vector(axes), f.vector(steps))
}

// Reverse is a slice from the last place to before the first.
func (f *function) Reverse(x compute.Value, axes ...int) (compute.Value, error) {
	if len(axes) == 0 {
		return x, nil
	}
	all := func(v int) *node { return f.vector(slices.Repeat([]int{v}, len(axes))) }
	return f.add("Slice", of(x).shape, nil, nil, of(x), all(-1), all(math.MinInt64), f.vector(axes), all(-1))
}

func (f *function) Pad(x, fill compute.Value, axes ...compute.PadAxis) (compute.Value, error) {
	shape, err := shapeinference.Pad(of(x).shape, axes...)
	if err != nil {
		return nil, err
	}
	rank := of(x).shape.Rank()
	sizes := make([]int, 2*rank)
	for i, a := range axes {
		if a.Interior != 0 {
			return nil, missing(compute.OpTypePad)
		}
		sizes[i], sizes[rank+i] = a.Start, a.End
	}
	return f.add("Pad", shape, nil, []attribute{{"mode", "constant"}}, of(x), f.vector(sizes), of(fill))
}

// Iota counts along an axis: a constant, repeated along the others.
func (f *function) Iota(shape shapes.Shape, axis int) (compute.Value, error) {
	line := f.put(&node{shape: shapes.Make(dtypes.Int64, shape.Dimensions[axis])})
	for i := range shape.Dimensions[axis] {
		for b := range 8 {
			line.data = append(line.data, byte(uint64(i)>>(8*b)))
		}
	}
	counted, err := f.ConvertDType(line, shape.DType)
	if err != nil {
		return nil, err
	}
	return f.BroadcastInDim(counted, shape, []int{axis})
}
