package sdt

import (
	"math"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Convolution is a two-dimensional convolution layer. The zero value of each field
// but Filters and Kernel is the usual choice.
type Convolution struct {
	Filters int // F, channels of the result
	Kernel  int // K, height and width of the window
	Stride  int // step of the window; 0 means 1
	Pad     int // zeros added on each side of height and width
	Groups  int // channels are split in groups that do not see each other; 0 means 1
}

// Apply returns the convolution (cross-correlation, as everyone calls it) of x
// [n, H, W, C] with the variables "weights" [K, K, C/Groups, F] plus "biases" [F]
// under scope:
//
//	y[i, r, s, f] = b_f + Σ_{u,v,c} w[u, v, c, f] · x[i, r·Stride+u−Pad, s·Stride+v−Pad, c]
//
// of shape [n, (H+2Pad−K)/Stride+1, (W+2Pad−K)/Stride+1, F]. On the pure Go back
// end it is computed as matrix products, elsewhere by the back end's own
// convolution: the same values up to float32 rounding. It panics on shapes that do
// not fit.
func (c Convolution) Apply(scope *model.Scope, x *graph.Node) *graph.Node {
	c.Stride, c.Groups = max(c.Stride, 1), max(c.Groups, 1)
	if x.Rank() != 4 || c.Filters < 1 || c.Kernel < 1 || c.Pad < 0 {
		exceptions.Panicf("sdt.Convolution: %+v on x %s want [n, H, W, C]", c, x.Shape())
	}
	d := x.Shape().Dimensions
	if d[3]%c.Groups != 0 || c.Filters%c.Groups != 0 || min(d[1], d[2])+2*c.Pad < c.Kernel {
		exceptions.Panicf("sdt.Convolution: %+v does not fit x %s", c, x.Shape())
	}
	g := x.Graph()
	w := scope.VariableWithShape(weightsName, shapes.Make(x.DType(), c.Kernel, c.Kernel, d[3]/c.Groups, c.Filters)).NodeValue(g)
	b := scope.VariableWithShape(biasesName, shapes.Make(x.DType(), c.Filters)).NodeValue(g)
	return c.convolve(x, w, b)
}

// convolve picks the form that suits the back end.
func (c Convolution) convolve(x, w, b *graph.Node) *graph.Node {
	if !on(x, pureGo) {
		native := func(in []*graph.Node) *graph.Node {
			y := graph.Convolve(in[0], in[1]).StridePerAxis(c.Stride, c.Stride).
				PaddingPerDim([][2]int{{c.Pad, c.Pad}, {c.Pad, c.Pad}}).ChannelGroupCount(c.Groups).Done()
			return graph.Add(y, graph.Reshape(in[2], 1, 1, 1, c.Filters))
		}
		if on(x, onnxRuntime) && c.gradientFailsOnONNX(x) {
			return withOnlyGradient([]*graph.Node{x, w, b}, native, c.gradients)
		}
		return native([]*graph.Node{x, w, b})
	}
	x = padZeros(x, 1, c.Pad, c.Pad)
	x = padZeros(x, 2, c.Pad, c.Pad)
	if c.Groups == 1 {
		return c.asProduct(x, w, b)
	}
	one := Convolution{Filters: c.Filters / c.Groups, Kernel: c.Kernel, Stride: c.Stride}
	xs, ws, bs := graph.Split(x, 3, c.Groups), graph.Split(w, 3, c.Groups), graph.Split(b, 0, c.Groups)
	var ys []*graph.Node
	for i := range xs {
		ys = append(ys, one.asProduct(xs[i], ws[i], bs[i]))
	}
	return graph.Concatenate(ys, 3)
}

// asProduct is the convolution of an already padded x as one matrix product.
//
// The usual "im2col" copies each number of x up to K² times, and on the pure Go back
// end that copying costs more than the products. Here a row of the left matrix holds
// what a block of B neighbouring outputs sees, K runs of (B−1)·Stride+K pixels, and
// the right matrix, banded, holds the weights once for each output of the block:
//
//	[n·OH·OW/B, K·((B−1)·Stride+K)·C] × [K·((B−1)·Stride+K)·C, B·F].
//
// B = 1 is im2col; a larger block copies less and multiplies more, by zeros.
func (c Convolution) asProduct(x, w, b *graph.Node) *graph.Node {
	d := x.Shape().Dimensions
	n, channels := d[0], d[3]
	oh, ow := (d[1]-c.Kernel)/c.Stride+1, (d[2]-c.Kernel)/c.Stride+1
	block := c.block(ow)
	reach := (block-1)*c.Stride + c.Kernel // input columns that a block sees

	lines := graph.Reshape(x, n, d[1], d[2]*channels)
	var seen []*graph.Node
	for s := 0; s < ow; s += block {
		from := s * c.Stride * channels
		for u := range c.Kernel {
			seen = append(seen, graph.Slice(lines, graph.AxisRange(),
				graph.AxisRange(u, u+(oh-1)*c.Stride+1).Stride(c.Stride), graph.AxisRange(from, from+reach*channels)))
		}
	}
	left := graph.Reshape(graph.Concatenate(seen, 2), n*oh*ow/block, c.Kernel*reach*channels)

	var band, biases []*graph.Node
	for j := range block {
		band = append(band, padZeros(w, 1, j*c.Stride, reach-c.Kernel-j*c.Stride)) // [K, reach, C, F]
		biases = append(biases, b)
	}
	right := graph.Reshape(graph.Concatenate(band, 3), c.Kernel*reach*channels, block*c.Filters)
	return graph.Reshape(affine(left, right, graph.Concatenate(biases, 0)), n, oh, ow, c.Filters)
}

// block returns B, the divisor of the output's width for which copying and products
// together cost least: per output K·C·reach/B numbers copied, forth and back, and
// three times K·C·reach·F products, at their measured ratio of cost.
func (c Convolution) block(ow int) int {
	const copyCost, productCost = 5.0, 0.0375 // ns
	best, bestCost := 1, math.Inf(1)
	for block := 1; block <= ow; block++ {
		reach := float64((block-1)*c.Stride + c.Kernel)
		cost := reach * (copyCost/float64(block) + productCost*float64(c.Filters))
		if ow%block == 0 && cost < bestCost {
			best, bestCost = block, cost
		}
	}
	return best
}

// gradientFailsOnONNX reports the cases in which the gradient that GoMLX derives is not
// to be had on ONNX Runtime, which cannot dilate an input, or is wrong there, which it is
// for a result of one pixel.
func (c Convolution) gradientFailsOnONNX(x *graph.Node) bool {
	d := x.Shape().Dimensions
	return c.Groups == 1 && (c.Stride > 1 || min(d[1], d[2])+2*c.Pad == c.Kernel)
}

// gradients are those of x, w and b for one group, place by place of the window: what
// every window sees at a place, times v, is ∂L/∂w there; v times w there goes back to
// where it was seen.
func (c Convolution) gradients(in []*graph.Node, _, v *graph.Node) []*graph.Node {
	x, w := in[0], in[1]
	padded := padZeros(padZeros(x, 1, c.Pad, c.Pad), 2, c.Pad, c.Pad)
	dims, out := padded.Shape().Dimensions, v.Shape().Dimensions
	channels, rows := dims[3], out[0]*out[1]*out[2]
	flat := graph.Reshape(v, rows, c.Filters) // [n·OH·OW, F]
	var dw, back []*graph.Node
	for i, seen := range windows(padded, c.Kernel, c.Stride) {
		dw = append(dw, graph.DotGeneral(graph.Reshape(seen, rows, channels), []int{0}, nil, flat, []int{0}, nil))
		there := graph.Reshape(graph.Slice(w, graph.AxisElem(i/c.Kernel), graph.AxisElem(i%c.Kernel)), channels, c.Filters)
		back = append(back, graph.Reshape(graph.DotGeneral(flat, []int{1}, nil, there, []int{1}, nil), out[0], out[1], out[2], channels))
	}
	dx := unwindows(back, c.Kernel, c.Stride, padded.Shape())
	dx = graph.Slice(dx, graph.AxisRange(), graph.AxisRange(c.Pad, c.Pad+x.Shape().Dimensions[1]), graph.AxisRange(c.Pad, c.Pad+x.Shape().Dimensions[2]))
	return []*graph.Node{dx, graph.ReshapeWithShape(graph.Concatenate(dw, 0), w.Shape()), graph.ReduceSum(flat, 0)}
}

// padZeros puts zeros before and after x along axis. Pad itself has no gradient.
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
