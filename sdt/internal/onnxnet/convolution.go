package onnxnet

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// convolution builds a Conv node on images with our own layer, which has a gradient on every
// back end. A window that is not square, or has gaps (dilation), becomes a square one with
// zeros.
func (b *builder) convolution(n weightfile.ONNXNode) {
	x, w := b.asImages(n.Inputs[0]), b.asNode(n.Inputs[1]) // w [F, C/Groups, KH, KW]
	d, k := x.Shape().Dimensions, w.Shape().Dimensions
	win, err := windowOf(n, [2]int{k[2], k[3]}, d[1], d[2])
	if err != nil {
		panic(err)
	}
	c := layer.Convolution{Filters: k[0], Stride: win.stride, Groups: 1}
	if a, ok := n.Attributes["group"]; ok {
		c.Groups = int(a.Int)
	}
	w = graph.TransposeAllAxes(w, 2, 3, 1, 0) // [KH, KW, C/Groups, F]
	c.Kernel = max(win.extent(0), win.extent(1))
	for axis := range 2 {
		if win.dilation[axis] > 1 {
			w = layer.Spread(w, axis, win.dilation[axis])
		}
		more := c.Kernel - win.extent(axis)
		w = layer.Pad(w, axis, 0, more, 0)
		win.pads[axis+2] += more
	}
	if p := win.pads; p[0] == p[1] && p[0] == p[2] && p[0] == p[3] {
		c.Pad = p[0]
	} else {
		x = padded(x, win.pads, 0)
	}
	bias := graph.Zeros(b.g, shapes.Make(x.DType(), c.Filters))
	if len(n.Inputs) > 2 && n.Inputs[2] != "" {
		bias = b.asNode(n.Inputs[2])
	}
	b.values[n.Outputs[0]] = value{images: c.Given(x, w, bias)}
}

// padded puts numbers around images: top, left, bottom, right.
func padded(x *graph.Node, pads [4]int, value float64) *graph.Node {
	return layer.Pad(layer.Pad(x, 1, pads[0], pads[2], value), 2, pads[1], pads[3], value)
}
