package onnxnet

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// batchNorm builds a BatchNormalization node at its statistics, in training too:
//
//	y = γ·(x − mean)/√(variance + ε) + β
func (b *builder) batchNorm(n weightfile.ONNXNode) {
	if len(n.Inputs) != 5 {
		exceptions.Panicf("it has %d inputs, want 5", len(n.Inputs))
	}
	var in [5]*graph.Node
	for i := 1; i < 5; i++ {
		in[i] = b.asNode(n.Inputs[i]) // γ, β, mean, variance, [C]
	}
	scale := graph.Div(in[1], graph.Sqrt(graph.AddScalar(in[4], floatOr(n, "epsilon", 1e-5))))
	shift := graph.Sub(in[2], graph.Mul(in[3], scale))
	b.perChannel(n, func(x *graph.Node, dims ...int) *graph.Node {
		return graph.Add(graph.Mul(x, graph.Reshape(scale, dims...)), graph.Reshape(shift, dims...))
	})
}

// perChannel applies a function to x, with the shape that tensors of one number per channel
// must have to broadcast over x.
func (b *builder) perChannel(n weightfile.ONNXNode, f func(x *graph.Node, dims ...int) *graph.Node) {
	v := b.values[n.Inputs[0]]
	if v.rank() == 4 {
		b.values[n.Outputs[0]] = value{images: f(b.asImages(n.Inputs[0]), 1, 1, 1, -1)}
		return
	}
	dims := make([]int, v.rank())
	for i := range dims {
		dims[i] = 1
	}
	if len(dims) < 2 {
		exceptions.Panicf("it is on %v, want channels", v.dims())
	}
	dims[1] = -1
	b.values[n.Outputs[0]] = value{node: f(b.asNode(n.Inputs[0]), dims...)}
}

// layerNorm builds a LayerNormalization node, over the axes from axis on.
func (b *builder) layerNorm(n weightfile.ONNXNode) {
	x := b.asNode(n.Inputs[0])
	var axes []int
	for a := limited(intOr(n, "axis", -1), x.Rank()); a < x.Rank(); a++ {
		axes = append(axes, a)
	}
	y := normalised(x, axes, floatOr(n, "epsilon", 1e-5))
	wide := func(i int) *graph.Node {
		w := b.asNode(n.Inputs[i])
		for w.Rank() < x.Rank() {
			w = graph.ExpandAxes(w, 0)
		}
		return w
	}
	y = graph.Mul(y, wide(1))
	if has(n, 2) {
		y = graph.Add(y, wide(2))
	}
	b.values[n.Outputs[0]] = value{node: y}
}

// normalised is (x − mean)/√(variance + ε), with mean and variance over the axes.
func normalised(x *graph.Node, axes []int, epsilon float64) *graph.Node {
	x = graph.Sub(x, graph.ReduceAndKeep(x, graph.ReduceMean, axes...))
	variance := graph.ReduceAndKeep(graph.Square(x), graph.ReduceMean, axes...)
	return graph.Div(x, graph.Sqrt(graph.AddScalar(variance, epsilon)))
}

// groupNorm builds a GroupNormalization node, or an InstanceNormalization node: groups of one
// channel.
func (b *builder) groupNorm(n weightfile.ONNXNode) {
	x := b.asImages(n.Inputs[0]) // [n, H, W, C]
	d := x.Shape().Dimensions
	groups := intOr(n, "num_groups", d[3])
	if groups < 1 || d[3]%groups != 0 {
		exceptions.Panicf("%d groups of %d channels", groups, d[3])
	}
	y := normalised(graph.Reshape(x, d[0], d[1]*d[2], groups, d[3]/groups), []int{1, 3}, floatOr(n, "epsilon", 1e-5))
	y = graph.Reshape(y, d...)
	scale, shift := graph.Reshape(b.asNode(n.Inputs[1]), 1, 1, 1, -1), graph.Reshape(b.asNode(n.Inputs[2]), 1, 1, 1, -1)
	b.values[n.Outputs[0]] = value{images: graph.Add(graph.Mul(y, scale), shift)}
}
