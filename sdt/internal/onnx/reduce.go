package onnx

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// reduce records a reduction over axes, all of them if none is named. In the version of ONNX
// that we write, ReduceSum has the axes as an input, the others as an attribute.
func (f *function) reduce(op string, x compute.Value, axes []int) (compute.Value, error) {
	if len(axes) == 0 {
		for axis := range of(x).shape.Rank() {
			axes = append(axes, axis)
		}
	}
	if len(axes) == 0 {
		return x, nil
	}
	shape, err := shapeinference.Reduce(of(x).shape, axes)
	if err != nil {
		return nil, err
	}
	settings := []attribute{{"keepdims", 0}}
	if op == "ReduceSum" {
		return f.add(op, shape, nil, settings, of(x), f.vector(axes))
	}
	return f.add(op, shape, nil, append(settings, attribute{"axes", slices.Clone(axes)}), of(x))
}

func (f *function) ReduceSum(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce("ReduceSum", x, axes)
}

func (f *function) ReduceMax(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce("ReduceMax", x, axes)
}

func (f *function) ReduceMin(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce("ReduceMin", x, axes)
}

func (f *function) ReduceProduct(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce("ReduceProd", x, axes)
}

// ArgMinMax is the first place of the smallest or largest number along an axis.
func (f *function) ArgMinMax(x compute.Value, axis int, dtype dtypes.DType, least bool) (compute.Value, error) {
	shape, err := shapeinference.ArgMinMax(of(x).shape, axis, dtype)
	if err != nil {
		return nil, err
	}
	op := "ArgMax"
	if least {
		op = "ArgMin"
	}
	shape.DType = dtypes.Int64
	place, err := f.add(op, shape, nil, []attribute{{"axis", axis}, {"keepdims", 0}}, of(x))
	if err != nil || dtype == dtypes.Int64 {
		return place, err
	}
	return f.ConvertDType(place, dtype)
}

// FusedSoftmax is the softmax along an axis.
func (f *function) FusedSoftmax(x compute.Value, axis int) (compute.Value, error) {
	return f.add("Softmax", of(x).shape, nil, []attribute{{"axis", axis}}, of(x))
}
