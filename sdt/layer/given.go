package layer

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// Given is [Convolution.Apply] with weights w [K, K, C/Groups, F] and biases b [F] that are
// nodes of the graph.
func (c Convolution) Given(x, w, b *graph.Node) *graph.Node {
	c.Stride, c.Groups = max(c.Stride, 1), max(c.Groups, 1)
	d := x.Shape().Dimensions
	if x.Rank() != 4 || d[3]%c.Groups != 0 || c.Filters%c.Groups != 0 || min(d[1], d[2])+2*c.Pad < c.Kernel {
		exceptions.Panicf("layer.Convolution: %+v does not fit x %s", c, x.Shape())
	}
	if err := w.Shape().CheckDims(c.Kernel, c.Kernel, d[3]/c.Groups, c.Filters); err != nil {
		exceptions.Panicf("layer.Convolution: %+v of x %s: weights %s", c, x.Shape(), w.Shape())
	}
	return c.convolve(x, w, b)
}

// Pad puts numbers of the given value before and after x along axis. GoMLX's Pad has no
// gradient.
func Pad(x *graph.Node, axis, before, after int, value float64) *graph.Node {
	full := func(count int) *graph.Node {
		s := x.Shape().Clone()
		s.Dimensions[axis] = count
		return graph.BroadcastToDims(graph.Scalar(x.Graph(), x.DType(), value), s.Dimensions...)
	}
	parts := []*graph.Node{x}
	if before > 0 {
		parts = append([]*graph.Node{full(before)}, parts...)
	}
	if after > 0 {
		parts = append(parts, full(after))
	}
	if len(parts) == 1 {
		return x
	}
	return graph.Concatenate(parts, axis)
}

// Spread puts step − 1 zeros between neighbours of x along axis.
func Spread(x *graph.Node, axis, step int) *graph.Node {
	return spread(x, axis, 0, step, (x.Shape().Dimensions[axis]-1)*step+1)
}

// Slice returns x from place from up to place to along axis, every step-th. GoMLX's Slice has no
// gradient on ONNX Runtime.
func Slice(x *graph.Node, axis, from, to, step int) *graph.Node {
	return withGradient([]*graph.Node{x}, func(in []*graph.Node) *graph.Node {
		return graph.SliceAxis(in[0], axis, graph.AxisRange(from, to).Stride(step))
	}, func(in []*graph.Node, _, v *graph.Node, _ int) *graph.Node {
		return spread(v, axis, from, step, in[0].Shape().Dimensions[axis])
	})
}

// AveragePool returns the mean of x [n, H, W, C] over windows of size × size at every stride, of
// shape [n, (H−size)/stride+1, (W−size)/stride+1, C]; what remains at the right and bottom
// edges is ignored. It panics on shapes that do not fit.
func AveragePool(x *graph.Node, size, stride int) *graph.Node {
	if x.Rank() != 4 || size < 1 || stride < 1 || min(x.Shape().Dimensions[1], x.Shape().Dimensions[2]) < size {
		exceptions.Panicf("layer.AveragePool: size %d stride %d on x %s, want [n, H, W, C]", size, stride, x.Shape())
	}
	scale := 1 / float64(size*size)
	pool := func(x *graph.Node) *graph.Node {
		return withGradient([]*graph.Node{x}, func(in []*graph.Node) *graph.Node {
			var sum *graph.Node
			for _, place := range windows(in[0], size, stride) {
				sum = plus(sum, place)
			}
			return graph.MulScalar(sum, scale)
		}, func(in []*graph.Node, _, v *graph.Node, _ int) *graph.Node {
			v = graph.MulScalar(v, scale)
			parts := make([]*graph.Node, size*size)
			for i := range parts {
				parts[i] = v
			}
			return unwindows(parts, size, stride, in[0].Shape())
		})
	}
	if backend.Runs(x, backend.Go) {
		return images(pool(planes(x)))
	}
	return pool(x)
}
