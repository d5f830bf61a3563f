package onnxnet

import (
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// All operators that we build, by their ONNX names: those of image networks.
//
// https://onnx.ai/onnx/operators
func init() {
	operators = map[string]operator{
		"Constant": (*builder).constantNode, "ConstantOfShape": (*builder).constantOfShape, "Range": (*builder).rangeOf,
		"Shape": (*builder).shape, "Size": (*builder).shape, "Cast": (*builder).cast,

		"Conv": (*builder).convolution, "BatchNormalization": (*builder).batchNorm,
		"MaxPool": (*builder).maxPool, "AveragePool": (*builder).meanPool,
		"GlobalAveragePool": (*builder).globalPool, "GlobalMaxPool": (*builder).globalPool,
		"MatMul": (*builder).matMul, "Gemm": (*builder).gemm, "Einsum": (*builder).einsum,
		"Softmax": (*builder).softmax, "LogSoftmax": (*builder).softmax,
		"LayerNormalization": (*builder).layerNorm, "InstanceNormalization": (*builder).groupNorm, "GroupNormalization": (*builder).groupNorm,
		"Clip": (*builder).clip, "PRelu": (*builder).prelu, "Dropout": (*builder).dropout,

		"Add": binaryOf(graph.Add), "Sub": binaryOf(graph.Sub), "Mul": binaryOf(graph.Mul), "Div": binaryOf(graph.Div),
		"Min": binaryOf(graph.Min), "Max": binaryOf(graph.Max), "Mod": binaryOf(graph.Mod),
		"Equal": binaryOf(graph.Equal), "Greater": binaryOf(graph.GreaterThan), "GreaterOrEqual": binaryOf(graph.GreaterOrEqual),
		"Less": binaryOf(graph.LessThan), "LessOrEqual": binaryOf(graph.LessOrEqual), "And": binaryOf(graph.LogicalAnd), "Or": binaryOf(graph.LogicalOr),
		"Pow": (*builder).power, "Where": (*builder).where,

		"ReduceMean": reduceOf(graph.ReduceMean), "ReduceSum": reduceOf(graph.ReduceSum), "ReduceMax": reduceOf(graph.ReduceMax), "ReduceMin": reduceOf(graph.ReduceMin),
		"ReduceL2": reduceOf(func(x *graph.Node, axes ...int) *graph.Node {
			return graph.Sqrt(graph.ReduceSum(graph.Square(x), axes...))
		}),

		"Reshape": (*builder).reshape, "Flatten": (*builder).flatten, "Transpose": (*builder).transpose,
		"Squeeze": (*builder).squeeze, "Unsqueeze": (*builder).unsqueeze, "Expand": (*builder).expand, "Tile": (*builder).tile,
		"Concat": (*builder).concat, "Split": (*builder).split, "Slice": (*builder).slice, "Gather": (*builder).gather, "Pad": (*builder).pad,
	}
	for name, f := range unary {
		operators[name] = func(b *builder, n weightfile.ONNXNode) {
			b.each(n, func(x *graph.Node) *graph.Node { return f(x, n) })
		}
	}
}
