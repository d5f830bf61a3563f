package onnxnet

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// maxPool builds a MaxPool node on images.
func (b *builder) maxPool(n weightfile.ONNXNode) {
	if len(n.Outputs) > 1 && n.Outputs[1] != "" {
		exceptions.Panicf("its second output, indices, is not supported")
	}
	x := b.asImages(n.Inputs[0])
	win, err := windowOf(n, [2]int{}, x.Shape().Dimensions[1], x.Shape().Dimensions[2])
	if err != nil {
		panic(err)
	}
	win.needSquare()
	x = padded(x, win.pads, -math.MaxFloat32)
	b.values[n.Outputs[0]] = value{images: layer.MaxPool(x, win.size[0], win.stride)}
}

// meanPool builds an AveragePool node on images. The zeros
// around the images do not count, unless the node says so.
func (b *builder) meanPool(n weightfile.ONNXNode) {
	x := b.asImages(n.Inputs[0])
	d := x.Shape().Dimensions
	win, err := windowOf(n, [2]int{}, d[1], d[2])
	if err != nil {
		panic(err)
	}
	if win.pads == [4]int{} && win.size == [2]int{d[1], d[2]} {
		b.values[n.Outputs[0]] = value{images: graph.ReduceAndKeep(x, graph.ReduceMean, 1, 2)}
		return
	}
	win.needSquare()
	y := layer.AveragePool(padded(x, win.pads, 0), win.size[0], win.stride)
	if win.pads != [4]int{} {
		count := win.counts(d[1], d[2], y.Shape().Dimensions[1], y.Shape().Dimensions[2], n)
		y = graph.Mul(y, graph.Const(b.g, count))
	}
	b.values[n.Outputs[0]] = value{images: y}
}

// counts returns, for each window, its size over the number of places that count, of shape
// [1, out height, out width, 1].
func (w window) counts(height, width, outHeight, outWidth int, n weightfile.ONNXNode) *tensors.Tensor {
	include := n.Attributes["count_include_pad"].Int == 1
	stated := n.Attributes["pads"].Ints // without what ceil_mode adds, which never counts
	inside := func(first, axis, side int) int {
		from, to := 0, side
		if include && len(stated) == 4 {
			from, to = -int(stated[axis]), side+int(stated[axis+2])
		}
		return max(0, min(first+w.size[axis], to)-max(first, from))
	}
	var flat []float32
	for r := range outHeight {
		for c := range outWidth {
			places := inside(r*w.stride-w.pads[0], 0, height) * inside(c*w.stride-w.pads[1], 1, width)
			flat = append(flat, float32(w.size[0]*w.size[1])/float32(max(places, 1)))
		}
	}
	return tensors.FromFlatDataAndDimensions(flat, 1, outHeight, outWidth, 1)
}

// globalPool builds a GlobalAveragePool or GlobalMaxPool node on images.
func (b *builder) globalPool(n weightfile.ONNXNode) {
	x := b.asImages(n.Inputs[0])
	reduce := graph.ReduceMean
	if n.Op == "GlobalMaxPool" {
		reduce = graph.ReduceMax
	}
	b.values[n.Outputs[0]] = value{images: graph.ReduceAndKeep(x, reduce, 1, 2)}
}
