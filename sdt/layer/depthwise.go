package layer

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// depthwise is the convolution of x [n, H, W, C] with w [K, K, 1, C], plus b [C], in which each
// channel has a window of its own. It picks the form that suits the back end: ONNX Runtime's
// own grouped convolution is three times as fast as the shifted form, XLA's on a CPU takes
// four times as long as that, and the pure Go back end's visits every number by its index,
// on one core, so that it computes [Convolution.banded] instead.
func (c Convolution) depthwise(x, w, b *graph.Node) *graph.Node {
	switch {
	case backend.Runs(x, backend.Go):
		return images(c.banded(planes(x), w, b))
	case backend.Runs(x, backend.ONNXRuntime):
		return withGradient([]*graph.Node{x, w, b}, c.native, c.shiftedGradient)
	}
	return c.shifted(x, w, b)
}

// shifted is the depthwise convolution as a sum over the places of the window: what every
// window sees there, times the weights of that place.
func (c Convolution) shifted(x, w, b *graph.Node) *graph.Node {
	var sum *graph.Node
	for k, seen := range windows(c.padded(x), c.Kernel, c.Stride) {
		sum = plus(sum, graph.Mul(seen, c.place(w, k)))
	}
	return graph.Add(sum, graph.Reshape(b, 1, 1, 1, c.Filters))
}

// place returns the weights [1, 1, 1, C] of w [K, K, 1, C] at place k of the window.
func (c Convolution) place(w *graph.Node, k int) *graph.Node {
	return graph.Slice(w, graph.AxisElem(k/c.Kernel), graph.AxisElem(k%c.Kernel))
}

// shiftedGradient returns the gradient of a depthwise convolution with respect to input i (x,
// w or b) on ONNX Runtime. With a stride of 1 that for x is a convolution of v with the
// windows rotated by 180°.
func (c Convolution) shiftedGradient(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
	x, w := in[0], in[1]
	switch {
	case i == 0 && c.turnable():
		return c.turned(w, v)
	case i == 0:
		var parts []*graph.Node
		for k := range c.Kernel * c.Kernel {
			parts = append(parts, graph.Mul(v, c.place(w, k)))
		}
		return c.gathered(parts, x)
	case i == 1:
		var sums []*graph.Node
		for _, seen := range windows(c.padded(x), c.Kernel, c.Stride) {
			sums = append(sums, graph.Reshape(graph.ReduceSum(graph.Mul(seen, v), 0, 1, 2), 1, c.Filters))
		}
		return graph.ReshapeWithShape(graph.Concatenate(sums, 0), w.Shape())
	}
	return graph.ReduceSum(v, 0, 1, 2)
}

// banded is the depthwise convolution of planes x [C, H, W, n] for the pure Go back end, where
// products are fast and slices slow. For column v of channel c's window, T_cv [OH, H] is the
// matrix that sums rows of the image with that column's weights,
//
//	T_cv[r, y] = w[y − r·Stride + Pad, v, c] within the window, 0 elsewhere,
//
// so its nonzero numbers form a band. One product for each channel, of all its columns by its
// plane, [K·OH, H] by [H, W·n], replaces K² slices by K: those of the columns remain. It
// multiplies H/K times as many numbers, and is faster still up to H = 112 at least.
func (c Convolution) banded(x, w, b *graph.Node) *graph.Node {
	d := x.Shape().Dimensions
	channels, h, width, n, k := d[0], d[1], d[2], d[3], c.Kernel
	oh, ow := (h+c.pads()-k)/c.Stride+1, (width+c.pads()-k)/c.Stride+1
	rows := graph.ConstAsDType(x.Graph(), x.DType(), c.bandRows(h, oh)) // [K, OH·H]
	bands := func(w *graph.Node) *graph.Node {
		columns := graph.Reshape(graph.TransposeAllAxes(w, 3, 1, 0, 2), channels*k, k)
		return graph.Reshape(graph.Dot(columns, rows).Product(), channels, k*oh, h)
	}
	flat := func(x *graph.Node) *graph.Node { return graph.Reshape(x, channels, h, width*n) }
	forward := func(in []*graph.Node) *graph.Node {
		p := graph.DotGeneral(bands(in[1]), []int{2}, []int{0}, flat(in[0]), []int{1}, []int{0}) // [C, K·OH, W·n]
		p = padZeros(graph.Reshape(p, channels, k, oh, width, n), 3, c.Pad, c.Pad+c.PadEnd)
		sum := repeated(in[2], oh, ow, n)
		for v := range k {
			column := graph.Slice(p, graph.AxisRange(), graph.AxisElem(v), graph.AxisRange(), graph.AxisRange(v, v+(ow-1)*c.Stride+1).Stride(c.Stride))
			sum = graph.Add(sum, graph.Reshape(column, channels, oh, ow, n))
		}
		return sum
	}
	gradient := func(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
		if i == 2 {
			return total(v)
		}
		var columns []*graph.Node
		for u := range k {
			column := spread(v, 2, u, c.Stride, width+c.pads())
			columns = append(columns, graph.Reshape(graph.SliceAxis(column, 2, graph.AxisRange(c.Pad, c.Pad+width)), channels, 1, oh, width*n))
		}
		p := graph.Reshape(graph.Concatenate(columns, 1), channels, k*oh, width*n)
		if i == 0 {
			return graph.ReshapeWithShape(graph.DotGeneral(bands(in[1]), []int{1}, []int{0}, p, []int{1}, []int{0}), x.Shape())
		}
		t := graph.Reshape(graph.DotGeneral(p, []int{2}, []int{0}, flat(in[0]), []int{2}, []int{0}), channels*k, oh*h)
		dw := graph.Reshape(graph.DotGeneral(t, []int{1}, nil, rows, []int{1}, nil), channels, k, k, 1) // [C, column, row, 1]
		return graph.TransposeAllAxes(dw, 2, 1, 3, 0)
	}
	return withGradient([]*graph.Node{x, w, b}, forward, gradient)
}

// bandRows returns, for each row u of the window, the places (r, y) of a band [oh, h] that
// hold the weights of that row, flat: 1 where y = r·Stride + u − Pad, 0 elsewhere.
func (c Convolution) bandRows(h, oh int) [][]float64 {
	rows := make([][]float64, c.Kernel)
	for u := range rows {
		rows[u] = make([]float64, oh*h)
		for r := range oh {
			if y := r*c.Stride + u - c.Pad; y >= 0 && y < h {
				rows[u][r*h+y] = 1
			}
		}
	}
	return rows
}

// repeated returns planes [C, H, W, n] that hold b [C] at every place. It is a product, since
// the pure Go back end repeats numbers ten times as slowly.
func repeated(b *graph.Node, h, w, n int) *graph.Node {
	ones := graph.Ones(b.Graph(), shapes.Make(b.DType(), 1, h*w*n))
	return graph.Reshape(graph.Dot(graph.Reshape(b, -1, 1), ones).Product(), -1, h, w, n)
}

// total is the adjoint of [repeated]: the sum [C] of planes v [C, H, W, n].
func total(v *graph.Node) *graph.Node {
	channels := v.Shape().Dimensions[0]
	ones := graph.Ones(v.Graph(), shapes.Make(v.DType(), v.Shape().Size()/channels, 1))
	return graph.Reshape(graph.Dot(graph.Reshape(v, channels, -1), ones).Product(), channels)
}
