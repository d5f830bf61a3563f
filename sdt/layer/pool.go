package layer

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// MaxPool returns the maximum of x [n, H, W, C] over windows of size × size at every
// stride, of shape [n, (H−size)/stride+1, (W−size)/stride+1, C]; what remains at the right
// and bottom edges is ignored. The gradient goes to the first maximum of a window in row
// order. It panics on shapes that do not fit.
//
// The gradient is our own except on XLA's GPU: the pure Go back end has none, ONNX Runtime's
// is wrong where windows overlap (the last window to pick a number overwrites the share of
// the others), and XLA's on a CPU visits one number after the other, on one core.
func MaxPool(x *graph.Node, size, stride int) *graph.Node {
	if x.Rank() != 4 || size < 1 || stride < 1 || min(x.Shape().Dimensions[1], x.Shape().Dimensions[2]) < size {
		exceptions.Panicf("layer.MaxPool: size %d stride %d on x %s, want [n, H, W, C]", size, stride, x.Shape())
	}
	native := func(x *graph.Node) *graph.Node {
		return graph.MaxPool(x).Window(size).Strides(stride).NoPadding().Done()
	}
	if !backend.Runs(x, backend.Go) && !backend.Runs(x, backend.ONNXRuntime) && !backend.RunsOnXLACPU(x) {
		return native(x)
	}
	gradient := func(in []*graph.Node, y, v *graph.Node, _ int) *graph.Node {
		return maxPoolGradient(in[0], y, v, size, stride)
	}
	if !backend.Runs(x, backend.Go) {
		return withGradient([]*graph.Node{x}, func(in []*graph.Node) *graph.Node { return native(in[0]) }, gradient)
	}
	return images(withGradient([]*graph.Node{planes(x)}, func(in []*graph.Node) *graph.Node {
		places := windows(in[0], size, stride)
		y := places[0]
		for _, place := range places[1:] {
			y = graph.Max(y, place)
		}
		return y
	}, gradient))
}

// windows returns, for each place of a window in row order, the numbers at that place in
// every window: size² strided slices of x, each of the result's shape. x has height and
// width in the middle: images [n, H, W, C], or planes [C, H, W, n].
func windows(x *graph.Node, size, stride int) []*graph.Node {
	d := x.Shape().Dimensions
	oh, ow := (d[1]-size)/stride+1, (d[2]-size)/stride+1
	var places []*graph.Node
	for u := range size {
		for w := range size {
			places = append(places, graph.Slice(x, graph.AxisRange(),
				graph.AxisRange(u, u+(oh-1)*stride+1).Stride(stride),
				graph.AxisRange(w, w+(ow-1)*stride+1).Stride(stride)))
		}
	}
	return places
}

// maxPoolGradient passes v, of y's shape, to the first place of each window of x that
// holds the maximum y.
func maxPoolGradient(x, y, v *graph.Node, size, stride int) *graph.Node {
	var parts []*graph.Node
	left := v // the part that no earlier place has received
	places := windows(x, size, stride)
	for i, place := range places {
		if i == len(places)-1 {
			parts = append(parts, left)
			break
		}
		part := graph.Mul(left, graph.ConvertDType(graph.Equal(place, y), left.DType()))
		parts = append(parts, part)
		left = graph.Sub(left, part)
	}
	return unwindows(parts, size, stride, x.Shape())
}

// unwindows is the adjoint of windows: it puts the size² parts back where windows took
// them from, in images or planes of the given shape, and adds them where places overlap.
func unwindows(parts []*graph.Node, size, stride int, shape shapes.Shape) *graph.Node {
	d := shape.Dimensions
	if size == stride && d[1]%size == 0 && d[2]%size == 0 {
		return interleave(parts, size, shape)
	}
	var sum *graph.Node
	for u := range size {
		var row *graph.Node // what the window's row u sees, summed over its columns
		for w := range size {
			row = plus(row, spread(parts[u*size+w], 2, w, stride, d[2]))
		}
		sum = plus(sum, spread(row, 1, u, stride, d[1]))
	}
	return sum
}

// plus returns a + b, where a may be nil.
func plus(a, b *graph.Node) *graph.Node {
	if a == nil {
		return b
	}
	return graph.Add(a, b)
}

// interleave is unwindows for windows that tile the image: nothing has to be added.
func interleave(parts []*graph.Node, size int, shape shapes.Shape) *graph.Node {
	n, h, w, c := shape.Dimensions[0], shape.Dimensions[1], shape.Dimensions[2], shape.Dimensions[3]
	var rows []*graph.Node
	for u := range size {
		var columns []*graph.Node
		for _, part := range parts[u*size : (u+1)*size] {
			columns = append(columns, graph.Reshape(part, n, h/size, w/size, c))
		}
		rows = append(rows, graph.Reshape(graph.Concatenate(columns, 3), n, h/size, 1, w*c))
	}
	return graph.Reshape(graph.Concatenate(rows, 2), n, h, w, c)
}

// spread puts x at every stride-th place from first along axis into zeros of length size.
func spread(x *graph.Node, axis, first, stride, size int) *graph.Node {
	if stride > 1 {
		dims := append([]int{}, x.Shape().Dimensions...)
		dims[axis] *= stride
		x = graph.Reshape(padZeros(graph.ExpandAxes(x, axis+1), axis+1, 0, stride-1), dims...)
	}
	x = padZeros(x, axis, first, max(0, size-first-x.Shape().Dimensions[axis]))
	if x.Shape().Dimensions[axis] > size {
		x = graph.SliceAxis(x, axis, graph.AxisRange(0, size))
	}
	return x
}
