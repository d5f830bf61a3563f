package onnxnet

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
	"github.com/sdtlab/sdtlab/sdt/layer"
)

// plain is a function that ignores the node's attributes.
func plain(f func(x *graph.Node) *graph.Node) func(x *graph.Node, n weightfile.ONNXNode) *graph.Node {
	return func(x *graph.Node, _ weightfile.ONNXNode) *graph.Node { return f(x) }
}

// unary are the operators that change numbers one by one, in any layout.
var unary = map[string]func(x *graph.Node, n weightfile.ONNXNode) *graph.Node{
	"Relu": plain(layer.Relu), "Sigmoid": plain(graph.Sigmoid), "Tanh": plain(graph.Tanh), "Erf": plain(graph.Erf),
	"Exp": plain(graph.Exp), "Log": plain(graph.Log), "Sqrt": plain(graph.Sqrt), "Neg": plain(graph.Neg), "Abs": plain(graph.Abs),
	"Sin": plain(graph.Sin), "Cos": plain(graph.Cos), "Floor": plain(graph.Floor), "Ceil": plain(graph.Ceil),
	"Reciprocal": plain(graph.Reciprocal), "Not": plain(graph.LogicalNot),
	"Identity": plain(func(x *graph.Node) *graph.Node { return x }),
	"HardSigmoid": func(x *graph.Node, n weightfile.ONNXNode) *graph.Node {
		return between(graph.AddScalar(graph.MulScalar(x, floatOr(n, "alpha", 0.2)), floatOr(n, "beta", 0.5)), 0, 1)
	},
	"HardSwish": plain(func(x *graph.Node) *graph.Node {
		return graph.Mul(x, between(graph.AddScalar(graph.DivScalar(x, 6), 0.5), 0, 1))
	}),
	"LeakyRelu": func(x *graph.Node, n weightfile.ONNXNode) *graph.Node {
		return graph.Sub(layer.Relu(x), graph.MulScalar(layer.Relu(graph.Neg(x)), floatOr(n, "alpha", 0.01)))
	},
	"Elu": func(x *graph.Node, n weightfile.ONNXNode) *graph.Node {
		negative := graph.Exp(graph.Neg(layer.Relu(graph.Neg(x)))) // exp(min(x, 0))
		return graph.Add(layer.Relu(x), graph.MulScalar(graph.AddScalar(negative, -1), floatOr(n, "alpha", 1)))
	},
	"Softplus": plain(softplus),
	"Mish":     plain(func(x *graph.Node) *graph.Node { return graph.Mul(x, graph.Tanh(softplus(x))) }),
	"Gelu": func(x *graph.Node, n weightfile.ONNXNode) *graph.Node {
		if n.Attributes["approximate"].Text == "tanh" {
			inner := graph.Add(x, graph.MulScalar(graph.Mul(x, graph.Square(x)), 0.044715))
			return graph.Mul(graph.MulScalar(x, 0.5), graph.AddScalar(graph.Tanh(graph.MulScalar(inner, math.Sqrt(2/math.Pi))), 1))
		}
		return graph.Mul(graph.MulScalar(x, 0.5), graph.AddScalar(graph.Erf(graph.MulScalar(x, math.Sqrt2/2)), 1))
	},
}

// softplus is log(1 + exp(x)).
func softplus(x *graph.Node) *graph.Node {
	return graph.Add(layer.Relu(x), graph.Log1P(graph.Exp(graph.Neg(graph.Abs(x)))))
}

// between returns x limited to lo … hi, with the gradient 1 inside and 0 outside. A bound that
// is not finite is none.
func between(x *graph.Node, lo, hi float64) *graph.Node {
	if lo > -math.MaxFloat32 {
		x = graph.AddScalar(layer.Relu(graph.AddScalar(x, -lo)), lo)
	}
	if hi < math.MaxFloat32 {
		x = graph.AddScalar(graph.Neg(layer.Relu(graph.AddScalar(graph.Neg(x), hi))), hi)
	}
	return x
}

// each applies a function to a tensor in whichever layout it is.
func (b *builder) each(n weightfile.ONNXNode, f func(x *graph.Node) *graph.Node) {
	if v := b.values[n.Inputs[0]]; v.images != nil {
		b.values[n.Outputs[0]] = value{images: f(v.images)}
	} else {
		b.values[n.Outputs[0]] = value{node: f(b.asNode(n.Inputs[0]))}
	}
}

// clip builds a Clip node with constant bounds.
func (b *builder) clip(n weightfile.ONNXNode) {
	lo, hi := floatOr(n, "min", math.Inf(-1)), floatOr(n, "max", math.Inf(1))
	if has(n, 1) {
		lo = b.scalar(n, 1)
	}
	if has(n, 2) {
		hi = b.scalar(n, 2)
	}
	b.each(n, func(x *graph.Node) *graph.Node {
		if !x.DType().IsFloat() {
			return graph.Min(graph.Max(x, graph.Scalar(b.g, x.DType(), lo)), graph.Scalar(b.g, x.DType(), hi))
		}
		return between(x, lo, hi)
	})
}

// dropout builds a Dropout node, which in use does nothing.
func (b *builder) dropout(n weightfile.ONNXNode) { b.values[n.Outputs[0]] = b.values[n.Inputs[0]] }

// prelu builds a PRelu node: x above 0, slope·x below.
func (b *builder) prelu(n weightfile.ONNXNode) {
	in, images := b.alike(n.Inputs[:2])
	y := graph.Sub(layer.Relu(in[0]), graph.Mul(in[1], layer.Relu(graph.Neg(in[0]))))
	b.put(n, y, images)
}

// power builds a Pow node.
func (b *builder) power(n weightfile.ONNXNode) {
	exponent := b.values[n.Inputs[1]]
	if e, ok := exponent.scalar(); ok {
		if f := map[float64]func(x *graph.Node) *graph.Node{2: graph.Square, 0.5: graph.Sqrt, -1: graph.Reciprocal,
			3: func(x *graph.Node) *graph.Node { return graph.Mul(x, graph.Square(x)) }}[e]; f != nil {
			b.each(n, f)
			return
		}
	}
	binaryOf(graph.Pow)(b, n)
}

// where builds a Where node.
func (b *builder) where(n weightfile.ONNXNode) {
	var in []*graph.Node
	rank := 0
	for _, name := range n.Inputs {
		in = append(in, b.asNode(name))
		rank = max(rank, in[len(in)-1].Rank())
	}
	dims := make([]int, rank)
	for i := range in {
		for in[i].Rank() < rank {
			in[i] = graph.ExpandAxes(in[i], 0)
		}
		for axis, d := range in[i].Shape().Dimensions {
			dims[axis] = max(dims[axis], d)
		}
	}
	for i := range in {
		in[i] = graph.BroadcastToDims(in[i], dims...)
	}
	b.values[n.Outputs[0]] = value{node: graph.Where(in[0], in[1], in[2])}
}

// binaryOf is an operator on two tensors, or more, number by number, which broadcasts.
func binaryOf(f func(x, y *graph.Node) *graph.Node) operator {
	return func(b *builder, n weightfile.ONNXNode) {
		in, images := b.alike(n.Inputs)
		y := in[0]
		for _, x := range in[1:] {
			y = f(y, x)
		}
		b.put(n, y, images)
	}
}
