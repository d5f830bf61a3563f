package onnxnet

import (
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// matMul builds a MatMul node: matrices in the last two axes, the axes before them broadcast.
func (b *builder) matMul(n weightfile.ONNXNode) {
	x, y := b.asNode(n.Inputs[0]), b.asNode(n.Inputs[1])
	b.values[n.Outputs[0]] = value{node: matrixProduct(x, y)}
}

// matrixProduct is x·y. A product of tokens [n, T, d] with one matrix is one product of
// matrices, in the form of our dense layer.
func matrixProduct(x, y *graph.Node) *graph.Node {
	if y.Rank() != 2 || x.Rank() < 2 {
		return graph.MatMul(x, y)
	}
	d, units := x.Shape().Dimensions, y.Shape().Dimensions[1]
	if d[len(d)-1] != y.Shape().Dimensions[0] {
		exceptions.Panicf("%s times %s", x.Shape(), y.Shape())
	}
	zero := graph.Zeros(x.Graph(), shapes.Make(x.DType(), units))
	flat := layer.Affine(graph.Reshape(x, -1, d[len(d)-1]), y, zero)
	return graph.Reshape(flat, append(append([]int{}, d[:len(d)-1]...), units)...)
}

// gemm builds a Gemm node: α·A·B + β·C, where A and B may be transposed.
func (b *builder) gemm(n weightfile.ONNXNode) {
	x, w := b.asNode(n.Inputs[0]), b.asNode(n.Inputs[1])
	if x.Rank() != 2 || w.Rank() != 2 {
		exceptions.Panicf("%s times %s, want matrices", x.Shape(), w.Shape())
	}
	if intOr(n, "transA", 0) != 0 {
		x = graph.Transpose(x, 0, 1)
	}
	if intOr(n, "transB", 0) != 0 {
		w = graph.Transpose(w, 0, 1)
	}
	alpha, beta := floatOr(n, "alpha", 1), floatOr(n, "beta", 1)
	if has(n, 2) && alpha == 1 && beta == 1 {
		if c := b.asNode(n.Inputs[2]); c.Rank() == 1 && c.Shape().Dimensions[0] == w.Shape().Dimensions[1] {
			b.values[n.Outputs[0]] = value{node: layer.Affine(x, w, c)}
			return
		}
	}
	y := matrixProduct(x, w)
	if alpha != 1 {
		y = graph.MulScalar(y, alpha)
	}
	if has(n, 2) {
		c := graph.MulScalar(b.asNode(n.Inputs[2]), beta)
		for c.Rank() < 2 {
			c = graph.ExpandAxes(c, 0)
		}
		y = graph.Add(y, c)
	}
	b.values[n.Outputs[0]] = value{node: y}
}

// einsum builds an Einsum node of two operands.
func (b *builder) einsum(n weightfile.ONNXNode) {
	if len(n.Inputs) != 2 {
		exceptions.Panicf("%d operands, want 2", len(n.Inputs))
	}
	equation := strings.ReplaceAll(n.Attributes["equation"].Text, " ", "")
	b.values[n.Outputs[0]] = value{node: graph.Einsum(equation, b.asNode(n.Inputs[0]), b.asNode(n.Inputs[1]))}
}

// softmax builds a Softmax or LogSoftmax node along one axis.
func (b *builder) softmax(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	axis := intOr(n, "axis", -1)
	if n.Op == "LogSoftmax" {
		b.values[n.Outputs[0]] = value{node: graph.LogSoftmax(x, axis)}
		return
	}
	b.values[n.Outputs[0]] = value{node: graph.Softmax(x, axis)}
}
