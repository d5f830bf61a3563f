package onnx

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// inverse returns the permutation that undoes p.
func inverse(p []int) []int {
	back := make([]int, len(p))
	for i, axis := range p {
		back[axis] = i
	}
	return back
}

// moved returns a list with the element at p[i] at place i.
func moved(list, p []int) []int {
	out := make([]int, len(p))
	for i, axis := range p {
		out[i] = list[axis]
	}
	return out
}

// over reports whether a list has a number above 1.
func over(list []int) bool { return slices.ContainsFunc(list, func(v int) bool { return v > 1 }) }

// orOnes returns a list, or as many ones if it is empty.
func orOnes(list []int, n int) []int {
	if len(list) == 0 {
		return slices.Repeat([]int{1}, n)
	}
	return list
}

// pads returns paddings as ONNX has them: all before, then all behind.
func pads(paddings [][2]int, n int) []int {
	out := make([]int, 2*n)
	for i, p := range paddings {
		out[i], out[n+i] = p[0], p[1]
	}
	return out
}

// ConvGeneral is Conv between transposes: ONNX has images as [n, C, H, W] and filters as
// [F, C, K, K].
func (f *function) ConvGeneral(x, kernel compute.Value, axes compute.ConvolveAxesConfig, strides []int, paddings [][2]int,
	inputDilations, kernelDilations []int, channelGroups, batchGroups int) (compute.Value, error) {
	shape, err := shapeinference.ConvGeneral(of(x).shape, of(kernel).shape, axes, strides, paddings, inputDilations, kernelDilations, max(channelGroups, 1), max(batchGroups, 1))
	if err != nil {
		return nil, err
	}
	if over(inputDilations) || batchGroups > 1 || !of(x).shape.DType.IsFloat() {
		return nil, missing(compute.OpTypeConvGeneral)
	}
	n := len(axes.InputSpatial)
	if x, err = f.Transpose(x, append([]int{axes.InputBatch, axes.InputChannels}, axes.InputSpatial...)...); err != nil {
		return nil, err
	}
	if kernel, err = f.Transpose(kernel, append([]int{axes.KernelOutputChannels, axes.KernelInputChannels}, axes.KernelSpatial...)...); err != nil {
		return nil, err
	}
	result := append([]int{axes.OutputBatch, axes.OutputChannels}, axes.OutputSpatial...)
	shape.Dimensions = moved(shape.Dimensions, result)
	y, err := f.add("Conv", shape, nil, []attribute{
		{"pads", pads(paddings, n)}, {"strides", orOnes(strides, n)}, {"dilations", orOnes(kernelDilations, n)}, {"group", max(channelGroups, 1)},
	}, of(x), of(kernel))
	if err != nil {
		return nil, err
	}
	return f.Transpose(y, inverse(result)...)
}

// ReduceWindow is MaxPool, or AveragePool times the size of the window for a sum, between
// transposes. The first axis is the batch; one of the others, over which the window has size
// 1, becomes the channels.
func (f *function) ReduceWindow(x compute.Value, kind compute.ReduceOpType, window, strides, inputDilations, windowDilations []int, paddings [][2]int) (compute.Value, error) {
	shape, err := shapeinference.ReduceWindow(of(x).shape, window, strides, inputDilations, windowDilations, paddings)
	if err != nil {
		return nil, err
	}
	rank := len(window)
	channels := rank - 1
	for channels > 0 && window[channels] != 1 {
		channels--
	}
	op := map[compute.ReduceOpType]string{compute.ReduceOpMax: "MaxPool", compute.ReduceOpSum: "AveragePool"}[kind]
	if op == "" || channels == 0 || window[0] != 1 || rank < 3 || over(inputDilations) || over(windowDilations) || of(x).shape.DType != dtypes.Float32 {
		return nil, missing(compute.OpTypeReduceWindow)
	}
	order := []int{0, channels}
	for axis := 1; axis < rank; axis++ {
		if axis != channels {
			order = append(order, axis)
		}
	}
	if x, err = f.Transpose(x, order...); err != nil {
		return nil, err
	}
	if len(strides) == 0 {
		strides = window
	}
	if paddings == nil {
		paddings = make([][2]int, rank)
	}
	var around [][2]int
	for _, axis := range order[2:] {
		around = append(around, paddings[axis])
	}
	settings := []attribute{{"kernel_shape", moved(window, order[2:])}, {"strides", moved(strides, order[2:])}, {"pads", pads(around, rank-2)}}
	if op == "AveragePool" {
		settings = append(settings, attribute{"count_include_pad", 1})
	}
	shape.Dimensions = moved(shape.Dimensions, order)
	y, err := f.add(op, shape, nil, settings, of(x))
	if err == nil && op == "AveragePool" {
		size := float32(1)
		for _, side := range window {
			size *= float32(side)
		}
		var factor compute.Value
		if factor, err = f.Constant([]float32{size}); err == nil {
			y, err = f.Mul(y, factor)
		}
	}
	if err != nil {
		return nil, err
	}
	return f.Transpose(y, inverse(order)...)
}
