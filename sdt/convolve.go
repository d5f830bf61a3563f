package sdt

import (
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

// goBackend is the name of the pure Go back end, whose convolution is slow and
// whose max pooling has no gradient.
const goBackend = "go"

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
	if x.Graph().Backend().Name() != goBackend {
		y := graph.Convolve(x, w).StridePerAxis(c.Stride, c.Stride).
			PaddingPerDim([][2]int{{c.Pad, c.Pad}, {c.Pad, c.Pad}}).ChannelGroupCount(c.Groups).Done()
		return graph.Add(y, graph.Reshape(b, 1, 1, 1, c.Filters))
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

// asProduct is the convolution of an already padded x as one matrix product, by
// whichever of the two arrangements of x needs less work.
//
// Columns of patches, the usual "im2col", copy each number of x up to K² times in
// runs of K·C, and multiply [n·OH·OW, K²C] × [K²C, F]. Rows of patches copy it K
// times in runs of W·C, and multiply [n·OH, K·W·C] × [K·W·C, OW·F] with a banded
// matrix: W/K times as many products, most with zeros, but on small images the
// copying is what costs.
func (c Convolution) asProduct(x, w, b *graph.Node) *graph.Node {
	d := x.Shape().Dimensions
	const bandedLimit = 12 // products in a band per product needed, above which copying is the lesser cost
	if c.Stride == 1 && d[2] <= bandedLimit*c.Kernel && d[2]*d[3] <= 256 {
		return c.banded(x, w, b)
	}
	return c.patches(x, w, b)
}

// out returns the height and width of the result for an already padded x.
func (c Convolution) out(x *graph.Node) (oh, ow int) {
	d := x.Shape().Dimensions
	return (d[1]-c.Kernel)/c.Stride + 1, (d[2]-c.Kernel)/c.Stride + 1
}

// patches convolves by columns of patches.
func (c Convolution) patches(x, w, b *graph.Node) *graph.Node {
	oh, ow := c.out(x)
	n, channels := x.Shape().Dimensions[0], x.Shape().Dimensions[3]
	var columns []*graph.Node
	for u := range c.Kernel {
		for v := range c.Kernel {
			columns = append(columns, graph.Slice(x, graph.AxisRange(),
				graph.AxisRange(u, u+(oh-1)*c.Stride+1).Stride(c.Stride),
				graph.AxisRange(v, v+(ow-1)*c.Stride+1).Stride(c.Stride)))
		}
	}
	p := graph.Reshape(graph.Concatenate(columns, 3), n*oh*ow, c.Kernel*c.Kernel*channels)
	y := affine(p, graph.Reshape(w, c.Kernel*c.Kernel*channels, c.Filters), b)
	return graph.Reshape(y, n, oh, ow, c.Filters)
}

// banded convolves, at stride 1, by rows of patches and a banded matrix.
func (c Convolution) banded(x, w, b *graph.Node) *graph.Node {
	oh, ow := c.out(x)
	d := x.Shape().Dimensions
	n, width, channels := d[0], d[2], d[3]
	lines := graph.Reshape(x, n, d[1], width*channels)
	var rows []*graph.Node
	for u := range c.Kernel {
		rows = append(rows, graph.Slice(lines, graph.AxisRange(), graph.AxisRange(u, u+oh)))
	}
	p := graph.Reshape(graph.Concatenate(rows, 2), n*oh, c.Kernel*width*channels)

	var band, biases []*graph.Node
	for s := range ow { // output column s sees input columns s … s+K−1
		band = append(band, padZeros(w, 1, s, width-c.Kernel-s)) // [K, W, C, F]
		biases = append(biases, b)
	}
	m := graph.Reshape(graph.Concatenate(band, 3), c.Kernel*width*channels, ow*c.Filters)
	y := affine(p, m, graph.Concatenate(biases, 0))
	return graph.Reshape(y, n, oh, ow, c.Filters)
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
