package layer

import "github.com/gomlx/gomlx/core/graph"

// Relu6 returns min(max(x, 0), 6), number by number; the gradient at 0 and at 6 is 0.
//
// Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010.
func Relu6(x *graph.Node) *graph.Node {
	if isPlanes(x) {
		return images(relu6(planes(x)))
	}
	return relu6(x)
}

// relu6 is [Relu6] in any layout, with a gradient that does not branch, as that of [relu].
func relu6(x *graph.Node) *graph.Node {
	return withGradient([]*graph.Node{x},
		func(in []*graph.Node) *graph.Node { return graph.ClipScalar(in[0], 0, 6) },
		func(_ []*graph.Node, y, v *graph.Node, _ int) *graph.Node {
			inside := graph.Mul(y, graph.AddScalar(graph.Neg(y), 6)) // above 0 where 0 < y < 6
			return graph.Mul(v, graph.ConvertDType(graph.GreaterThan(inside, graph.ScalarZero(v.Graph(), v.DType())), v.DType()))
		})
}
