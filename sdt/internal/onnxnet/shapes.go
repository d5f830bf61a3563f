package onnxnet

import (
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// reshape builds a Reshape node. If its shape begins with the number of examples for which the
// file was exported, that becomes the number of examples that there are.
func (b *builder) reshape(n weightfile.ONNXNode) {
	shape, x := b.ints(n, 1), b.asNode(n.Inputs[0])
	for i, d := range shape {
		if d == 0 && intOr(n, "allowzero", 0) == 0 {
			if i >= x.Rank() {
				exceptions.Panicf("shape %v for %s", shape, x.Shape())
			}
			shape[i] = x.Shape().Dimensions[i]
		}
	}
	if size := sizeOf(shape); b.images.batch > 0 && len(shape) > 0 && shape[0] == b.images.batch && size != x.Shape().Size() {
		if shape[0] = -1; slices.Contains(shape[1:], -1) {
			shape[0] = x.Shape().Dimensions[0]
		}
	}
	b.values[n.Outputs[0]] = value{node: graph.Reshape(x, shape...)}
}

// sizeOf returns the product of dimensions.
func sizeOf(dims []int) int {
	size := 1
	for _, d := range dims {
		size *= d
	}
	return size
}

// flatten builds a Flatten node: a matrix.
func (b *builder) flatten(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	axis := limited(intOr(n, "axis", 1), x.Rank())
	b.values[n.Outputs[0]] = value{node: graph.Reshape(x, sizeOf(x.Shape().Dimensions[:axis]), sizeOf(x.Shape().Dimensions[axis:]))}
}

// squeeze builds a Squeeze node.
func (b *builder) squeeze(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	axes := b.axesOf(n, 1, x.Rank())
	var dims []int
	for a, d := range x.Shape().Dimensions {
		if d != 1 && slices.Contains(axes, a) {
			exceptions.Panicf("axis %d of %s is not 1", a, x.Shape())
		}
		if d != 1 || axes != nil && !slices.Contains(axes, a) {
			dims = append(dims, d)
		}
	}
	b.values[n.Outputs[0]] = value{node: graph.Reshape(x, dims...)}
}

// unsqueeze builds an Unsqueeze node.
func (b *builder) unsqueeze(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	count := len(n.Attributes["axes"].Ints)
	if has(n, 1) {
		count = len(b.ints(n, 1))
	}
	rank := x.Rank() + count
	axes := b.axesOf(n, 1, rank)
	dims, rest := make([]int, rank), x.Shape().Dimensions
	for a := range dims {
		if dims[a] = 1; !slices.Contains(axes, a) {
			if len(rest) == 0 {
				exceptions.Panicf("axes %v", axes)
			}
			dims[a], rest = rest[0], rest[1:]
		}
	}
	b.values[n.Outputs[0]] = value{node: graph.Reshape(x, dims...)}
}

// expand builds an Expand node: it broadcasts to a shape and is broadcast by it.
func (b *builder) expand(n weightfile.ONNXNode) {
	x, shape := b.asNode(n.Inputs[0]), b.ints(n, 1)
	for x.Rank() < len(shape) {
		x = graph.ExpandAxes(x, 0)
	}
	dims := slices.Clone(x.Shape().Dimensions)
	for i, d := range shape {
		if a := len(dims) - len(shape) + i; dims[a] == 1 {
			dims[a] = d
		}
	}
	b.values[n.Outputs[0]] = value{node: graph.BroadcastToDims(x, dims...)}
}

// tile builds a Tile node.
func (b *builder) tile(n weightfile.ONNXNode) {
	x, counts := b.asNode(n.Inputs[0]), b.ints(n, 1)
	if len(counts) != x.Rank() {
		exceptions.Panicf("%d repeats of %d axes", len(counts), x.Rank())
	}
	for axis, count := range counts {
		if count < 1 || count > 1<<16 {
			exceptions.Panicf("%d repeats", count)
		}
		if count > 1 {
			x = graph.Concatenate(slices.Repeat([]*graph.Node{x}, count), axis)
		}
	}
	b.values[n.Outputs[0]] = value{node: x}
}

// split builds a Split node.
func (b *builder) split(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	axis := limited(intOr(n, "axis", 0), x.Rank())
	side := x.Shape().Dimensions[axis]
	var sizes []int
	for _, s := range n.Attributes["split"].Ints {
		sizes = append(sizes, int(s))
	}
	if has(n, 1) {
		sizes = b.ints(n, 1)
	}
	if len(sizes) == 0 { // as equal as possible
		each := (side + len(n.Outputs) - 1) / len(n.Outputs)
		for rest := side; len(sizes) < len(n.Outputs); rest -= each {
			sizes = append(sizes, min(each, rest))
		}
	}
	if len(sizes) != len(n.Outputs) {
		exceptions.Panicf("%d sizes for %d outputs", len(sizes), len(n.Outputs))
	}
	from := 0
	for i, s := range sizes {
		if s < 1 || from+s > side {
			exceptions.Panicf("sizes %v do not divide %d", sizes, side)
		}
		b.values[n.Outputs[i]] = value{node: sliced(x, axis, from, from+s, 1)}
		from += s
	}
}

// slice builds a Slice node with constant bounds.
func (b *builder) slice(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	starts, ends := b.ints(n, 1), b.ints(n, 2)
	axes, steps := b.axesOf(n, 3, x.Rank()), []int(nil)
	if has(n, 4) {
		steps = b.ints(n, 4)
	}
	for i := range starts {
		axis, step := i, 1
		if axes != nil && i < len(axes) {
			axis = axes[i]
		}
		if i < len(steps) {
			step = steps[i]
		}
		if axis >= x.Rank() || i >= len(ends) {
			exceptions.Panicf("starts %v and ends %v on %s", starts, ends, x.Shape())
		}
		side := x.Shape().Dimensions[axis]
		start, end := limited(starts[i], side), limited(ends[i], side)
		switch {
		case step == -1 && start >= side-1 && ends[i] < -side:
			x = graph.Reverse(x, axis)
		case step < 1 || start >= end:
			exceptions.Panicf("from %d to %d by %d along axis %d of %s is not supported", starts[i], ends[i], step, axis, x.Shape())
		case start > 0 || end < side || step > 1:
			x = sliced(x, axis, start, end, step)
		}
	}
	b.values[n.Outputs[0]] = value{node: x}
}

// gather builds a Gather node with constant indices: slices, joined.
func (b *builder) gather(n weightfile.ONNXNode) {
	x, at := b.asNode(n.Inputs[0]), b.ints(n, 1)
	axis := limited(intOr(n, "axis", 0), x.Rank())
	d := x.Shape().Dimensions
	const most = 4096
	if len(at) < 1 || len(at) > most {
		exceptions.Panicf("%d indices, want 1 to %d", len(at), most)
	}
	var parts []*graph.Node
	for i := 0; i < len(at); {
		first := at[i]
		if first < 0 {
			first += d[axis]
		}
		count := 1 // of indices in a row
		for i+count < len(at) && at[i+count] == at[i]+count {
			count++
		}
		if first < 0 || first+count > d[axis] {
			exceptions.Panicf("index %d along axis %d of %s", at[i], axis, x.Shape())
		}
		parts = append(parts, sliced(x, axis, first, first+count, 1))
		i += count
	}
	if len(parts) > 1 {
		parts[0] = graph.Concatenate(parts, axis)
	}
	dims := slices.Concat(d[:axis], b.values[n.Inputs[1]].dims(), d[axis+1:])
	b.values[n.Outputs[0]] = value{node: graph.Reshape(parts[0], dims...)}
}

// pad builds a Pad node with zeros or another constant.
func (b *builder) pad(n weightfile.ONNXNode) {
	if mode := n.Attributes["mode"].Text; mode != "" && mode != "constant" || has(n, 3) {
		exceptions.Panicf("mode %q, or axes, is not supported", mode)
	}
	pads, v, with := b.ints(n, 1), b.values[n.Inputs[0]], 0.0
	if len(pads) != 2*v.rank() || len(pads) > 0 && slices.Min(pads) < 0 {
		exceptions.Panicf("%v around %v is not supported, want 0 or more on each side", pads, v.dims())
	}
	if has(n, 2) {
		with = b.scalar(n, 2)
	}
	if v.images != nil && pads[0]+pads[1]+pads[4]+pads[5] == 0 {
		b.values[n.Outputs[0]] = value{images: padded(v.images, [4]int{pads[2], pads[3], pads[6], pads[7]}, with)}
		return
	}
	x := b.asNode(n.Inputs[0])
	for axis := range x.Rank() {
		x = layer.Pad(x, axis, pads[axis], pads[axis+x.Rank()], with)
	}
	b.values[n.Outputs[0]] = value{node: x}
}

// sliced is a slice of numbers, or of integers, which need no gradient.
func sliced(x *graph.Node, axis, from, to, step int) *graph.Node {
	if x.DType().IsFloat() {
		return layer.Slice(x, axis, from, to, step)
	}
	return graph.SliceAxis(x, axis, graph.AxisRange(from, to).Stride(step))
}
