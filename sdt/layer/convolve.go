package layer

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// Convolution is a two-dimensional convolution layer. The zero value of each field
// except Filters and Kernel is the usual choice.
type Convolution struct {
	Filters int     // F, channels of the result
	Kernel  int     // K, height and width of the window
	Stride  int     // step of the window; 0 means 1
	Pad     int     // zeros added on each side of height and width
	PadEnd  int     // more zeros added at the bottom and at the right only
	Groups  int     // channels are split into groups that do not mix; 0 means 1
	Norm    float64 // ε of a batch norm in place of the biases, see [Convolution.Apply]; 0: biases
}

// Apply returns the convolution (strictly, the cross-correlation) of x [n, H, W, C]
// with the variables "weights" [K, K, C/Groups, F] plus "biases" [F] under scope:
//
//	y[i, r, s, f] = b_f + Σ_{u,v,c} w[u, v, c, f] · x[i, r·Stride+u−Pad, s·Stride+v−Pad, c]
//
// of shape [n, (H+2Pad+PadEnd−K)/Stride+1, (W+2Pad+PadEnd−K)/Stride+1, F]. Where Groups, C
// and F are the same number, the convolution is depthwise: each channel has a window of its
// own. Each back end computes the form that is fastest there (see convolve and depthwise):
// the values are the same up to float32 rounding.
//
// With Norm there are no "biases". A batch norm follows that is frozen at its statistics, in
// training too: y becomes γ·(y − mean)/√(variance + Norm) + β, with γ, β, mean and variance
// the variables "norm/weights", "norm/biases", "norm/mean" and "norm/variance" [F]. At first
// γ and the variance are 1, β and the mean 0. Training moves γ and β only.
//
// It panics on shapes that do not fit.
func (c Convolution) Apply(scope *model.Scope, x *graph.Node) *graph.Node {
	c.Stride, c.Groups = max(c.Stride, 1), max(c.Groups, 1)
	if x.Rank() != 4 || c.Filters < 1 || c.Kernel < 1 || c.Pad < 0 || c.PadEnd < 0 || c.Norm < 0 {
		exceptions.Panicf("layer.Convolution: %+v on x %s, want [n, H, W, C]", c, x.Shape())
	}
	d := x.Shape().Dimensions
	if d[3]%c.Groups != 0 || c.Filters%c.Groups != 0 || min(d[1], d[2])+c.pads() < c.Kernel {
		exceptions.Panicf("layer.Convolution: %+v does not fit x %s", c, x.Shape())
	}
	g := x.Graph()
	w := scope.VariableWithShape(Weights, shapes.Make(x.DType(), c.Kernel, c.Kernel, d[3]/c.Groups, c.Filters)).NodeValue(g)
	if c.Norm > 0 {
		scale, shift := frozenNorm(scope.In("norm"), g, shapes.Make(x.DType(), c.Filters), c.Norm)
		return c.convolve(x, graph.Mul(w, graph.Reshape(scale, 1, 1, 1, c.Filters)), shift)
	}
	b := scope.VariableWithShape(Biases, shapes.Make(x.DType(), c.Filters)).NodeValue(g)
	return c.convolve(x, w, b)
}

// pads returns how many zeros are added to height, and to width.
func (c Convolution) pads() int { return 2*c.Pad + c.PadEnd }

// isDepthwise reports whether each channel of x has a window of its own.
func (c Convolution) isDepthwise(x *graph.Node) bool {
	return c.Groups > 1 && c.Groups == x.Shape().Dimensions[3] && c.Groups == c.Filters
}

// convolve picks the form that suits the back end.
func (c Convolution) convolve(x, w, b *graph.Node) *graph.Node {
	if c.isDepthwise(x) {
		return c.depthwise(x, w, b)
	}
	if backend.Runs(x, backend.ONNXRuntime) && c.Groups == 1 {
		return withGradient([]*graph.Node{x, w, b}, c.native, c.gradient)
	}
	if backend.RunsOnXLACPU(x) && c.Groups == 1 && c.turnable() {
		return withGradient([]*graph.Node{x, w, b}, c.native, c.rowsGradient)
	}
	if !backend.Runs(x, backend.Go) {
		if c.Kernel%2 == 0 && !backend.Runs(x, backend.ONNXFile) { // for even kernels GoMLX derives a wrong gradient with respect to x
			w = padZeros(padZeros(w, 0, 0, 1), 1, 0, 1)
		}
		return c.native([]*graph.Node{x, w, b})
	}
	p := planes(x)
	if c.Groups == 1 {
		return images(c.onPlanes(p, w, b))
	}
	one := c
	one.Filters, one.Groups = c.Filters/c.Groups, 1
	ps, ws, bs := graph.Split(p, 0, c.Groups), graph.Split(w, 3, c.Groups), graph.Split(b, 0, c.Groups)
	var ys []*graph.Node
	for i := range ps {
		ys = append(ys, one.onPlanes(ps[i], ws[i], bs[i]))
	}
	return images(graph.Concatenate(ys, 0))
}

// native is the back end's own convolution of x with w, plus b. Where w has been padded
// with zeros beyond c.Kernel, the padding of x grows by as many rows and columns.
func (c Convolution) native(in []*graph.Node) *graph.Node {
	x, w, b := in[0], in[1], in[2]
	pad := [2]int{c.Pad, c.Pad + c.PadEnd + w.Shape().Dimensions[0] - c.Kernel}
	y := graph.Convolve(x, w).StridePerAxis(c.Stride, c.Stride).
		PaddingPerDim([][2]int{pad, pad}).ChannelGroupCount(c.Groups).Done()
	return graph.Add(y, graph.Reshape(b, 1, 1, 1, c.Filters))
}

// onPlanes is the convolution of planes x [C, H, W, n] as one matrix product of shape
// [F, OH, OW, n]: the filters, one per row, [F, K·K·C + 1], times what every window sees,
// one per column, [K·K·C + 1, OH·OW·n]. The last row is ones, for the biases. On the pure
// Go back end copying dominates the cost: a slice takes about 3 ns per number, a transpose
// 6, a concatenation 1, a multiplication 0.1.
func (c Convolution) onPlanes(x, w, b *graph.Node) *graph.Node {
	if c.Kernel == 1 && c.Stride == 1 && c.pads() == 0 {
		return pointwise(x, w, b)
	}
	d := x.Shape().Dimensions
	channels, n := d[0], d[3]
	oh, ow := (d[1]+c.pads()-c.Kernel)/c.Stride+1, (d[2]+c.pads()-c.Kernel)/c.Stride+1
	rows := c.Kernel * c.Kernel * channels
	seen := func(x *graph.Node) *graph.Node {
		one := graph.Ones(x.Graph(), shapes.Make(x.DType(), 1, oh, ow, n))
		return graph.Reshape(graph.Concatenate(append(windows(c.padded(x), c.Kernel, c.Stride), one), 0), rows+1, oh*ow*n)
	}
	forward := func(in []*graph.Node) *graph.Node {
		x, w, b := in[0], in[1], in[2]
		filters := graph.Concatenate([]*graph.Node{graph.Reshape(w, rows, c.Filters), graph.Reshape(b, 1, c.Filters)}, 0)
		return graph.Reshape(graph.Dot(graph.Transpose(filters, 0, 1), seen(x)).Product(), c.Filters, oh, ow, n)
	}
	gradient := func(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
		x, w := in[0], in[1]
		v = graph.Reshape(v, c.Filters, oh*ow*n)
		if i == 0 {
			back := graph.Split(graph.Reshape(graph.Dot(graph.Reshape(w, rows, c.Filters), v).Product(), rows, oh, ow, n), 0, c.Kernel*c.Kernel)
			return c.gathered(back, x)
		}
		both := graph.Transpose(graph.DotGeneral(v, []int{1}, nil, seen(x), []int{1}, nil), 0, 1) // [K·K·C + 1, F]
		if i == 1 {
			return graph.ReshapeWithShape(graph.Slice(both, graph.AxisRange(0, rows)), w.Shape())
		}
		return graph.Reshape(graph.Slice(both, graph.AxisRange(rows)), c.Filters)
	}
	return withGradient([]*graph.Node{x, w, b}, forward, gradient)
}

// gradient returns the gradient with respect to input i (x, w or b) on ONNX Runtime. That
// back end cannot dilate an input, as the derived gradient does, and is slow at the
// convolution with a window as large as the image that the derivation uses for w. Here
// ∂L/∂w is what every window sees, times v; and v times w at one place of the window goes
// back to the place it came from. For a stride of 1 this is a convolution of v with the
// window rotated by 180°.
func (c Convolution) gradient(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
	x, w := in[0], in[1]
	d, out := x.Shape().Dimensions, v.Shape().Dimensions
	channels, rows := d[3], out[0]*out[1]*out[2]
	flat := graph.Reshape(v, rows, c.Filters) // [n·OH·OW, F]
	switch {
	case i == 0 && c.turnable():
		return c.turned(w, v)
	case i == 0:
		var back []*graph.Node
		for k := range c.Kernel * c.Kernel {
			there := graph.Reshape(graph.Slice(w, graph.AxisElem(k/c.Kernel), graph.AxisElem(k%c.Kernel)), channels, c.Filters)
			back = append(back, graph.Reshape(graph.Dot(flat, graph.Transpose(there, 0, 1)).Product(), out[0], out[1], out[2], channels))
		}
		return c.gathered(back, x)
	case i == 1:
		seen := graph.Concatenate(windows(c.padded(x), c.Kernel, c.Stride), 3) // [n, OH, OW, K·K·C]
		return graph.ReshapeWithShape(graph.Dot(graph.Transpose(graph.Reshape(seen, rows, -1), 0, 1), flat).Product(), w.Shape())
	}
	one := graph.Ones(v.Graph(), shapes.Make(v.DType(), 1, rows))
	return graph.Reshape(graph.Dot(one, flat).Product(), c.Filters)
}

// turnable reports whether the gradient with respect to x is a convolution, see turned.
func (c Convolution) turnable() bool { return c.Stride == 1 && c.Pad+c.PadEnd < c.Kernel }

// turned returns the gradient with respect to x as the convolution of v with the window w
// rotated by 180°, without groups or depthwise.
func (c Convolution) turned(w, v *graph.Node) *graph.Node {
	turned := graph.Reverse(w, 0, 1)
	if c.Groups == 1 {
		turned = graph.Transpose(turned, 2, 3) // [K, K, F, C]
	}
	pad := [2]int{c.Kernel - 1 - c.Pad, c.Kernel - 1 - c.Pad - c.PadEnd}
	return graph.Convolve(v, turned).PaddingPerDim([][2]int{pad, pad}).ChannelGroupCount(c.Groups).Done()
}

// rowsGradient returns the gradient with respect to input i (x, w or b) for XLA on a CPU,
// where the derived one for w is slow: a convolution with a window as large as the image.
// Here it is a product for each row of the window: what the windows see of that row,
// [n·OH·OW, K·C], transposed, times v [n·OH·OW, F]. What all columns see is copied once, and
// not for each row.
func (c Convolution) rowsGradient(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
	w := in[1]
	switch i {
	case 0:
		return c.turned(w, v)
	case 1:
		x := c.padded(in[0])
		oh, ow := v.Shape().Dimensions[1], v.Shape().Dimensions[2]
		var columns, products []*graph.Node
		for k := range c.Kernel {
			columns = append(columns, graph.SliceAxis(x, 2, graph.AxisRange(k, k+ow)))
		}
		seen, flat := graph.Concatenate(columns, 3), graph.Reshape(v, -1, c.Filters)
		for k := range c.Kernel {
			row := graph.Reshape(graph.SliceAxis(seen, 1, graph.AxisRange(k, k+oh)), flat.Shape().Dimensions[0], -1)
			products = append(products, graph.DotGeneral(row, []int{0}, nil, flat, []int{0}, nil))
		}
		return graph.ReshapeWithShape(graph.Concatenate(products, 0), w.Shape())
	}
	return graph.ReduceSum(v, 0, 1, 2)
}

// padded returns x, images or planes, with the zeros of Pad and PadEnd around height and width.
func (c Convolution) padded(x *graph.Node) *graph.Node {
	return padZeros(padZeros(x, 1, c.Pad, c.Pad+c.PadEnd), 2, c.Pad, c.Pad+c.PadEnd)
}

// gathered returns the gradient with respect to x, given the gradient for each place of the
// window over padded x: it puts the parts back and removes the padding.
func (c Convolution) gathered(parts []*graph.Node, x *graph.Node) *graph.Node {
	d, padded := x.Shape().Dimensions, x.Shape().Clone()
	padded.Dimensions[1] += c.pads()
	padded.Dimensions[2] += c.pads()
	dx := unwindows(parts, c.Kernel, c.Stride, padded)
	return graph.Slice(dx, graph.AxisRange(), graph.AxisRange(c.Pad, c.Pad+d[1]), graph.AxisRange(c.Pad, c.Pad+d[2]))
}

// padZeros puts zeros before and after x along axis. GoMLX's Pad has no gradient.
func padZeros(x *graph.Node, axis, before, after int) *graph.Node {
	zeros := func(count int) *graph.Node {
		s := x.Shape().Clone()
		s.Dimensions[axis] = count
		return graph.Zeros(x.Graph(), s)
	}
	parts := []*graph.Node{x}
	if before > 0 {
		parts = append([]*graph.Node{zeros(before)}, parts...)
	}
	if after > 0 {
		parts = append(parts, zeros(after))
	}
	if len(parts) == 1 {
		return x
	}
	return graph.Concatenate(parts, axis)
}
