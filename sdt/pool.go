package sdt

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// MaxPool returns the maximum of x [n, H, W, C] over windows of size × size at every
// stride, of shape [n, (H−size)/stride+1, (W−size)/stride+1, C]; what is left over at
// the right and below is not seen. The gradient goes to the first maximum of a
// window in row order. It panics on shapes that do not fit.
//
// On the pure Go back end, whose own pooling has no gradient, it is a chain of
// two-way maxima over strided slices: the same values.
func MaxPool(x *graph.Node, size, stride int) *graph.Node {
	if x.Rank() != 4 || size < 1 || stride < 1 || min(x.Shape().Dimensions[1], x.Shape().Dimensions[2]) < size {
		exceptions.Panicf("sdt.MaxPool: size %d stride %d on x %s want [n, H, W, C]", size, stride, x.Shape())
	}
	if x.Graph().Backend().Name() != goBackend {
		return graph.MaxPool(x).Window(size).Strides(stride).NoPadding().Done()
	}
	d := x.Shape().Dimensions
	oh, ow := (d[1]-size)/stride+1, (d[2]-size)/stride+1
	at := func(u, v int) *graph.Node {
		return graph.Slice(x, graph.AxisRange(),
			graph.AxisRange(u, u+(oh-1)*stride+1).Stride(stride),
			graph.AxisRange(v, v+(ow-1)*stride+1).Stride(stride))
	}
	var y *graph.Node
	for u := range size {
		for v := range size {
			if y == nil {
				y = at(u, v)
			} else {
				y = maximum(y, at(u, v))
			}
		}
	}
	return y
}

// maximum is the larger of a and b, number by number, whose gradient goes to a
// where they are equal.
func maximum(a, b *graph.Node) *graph.Node {
	return withGradient([]*graph.Node{a, b},
		func(in []*graph.Node) *graph.Node { return graph.Max(in[0], in[1]) },
		func(in []*graph.Node, _, v *graph.Node) []*graph.Node {
			first, zero := graph.GreaterOrEqual(in[0], in[1]), graph.ZerosLike(v)
			return []*graph.Node{graph.Where(first, v, zero), graph.Where(first, zero, v)}
		})
}
