package layer

import "github.com/gomlx/gomlx/core/graph"

// Relu returns max(x, 0), number by number; the gradient at 0 is 0.
func Relu(x *graph.Node) *graph.Node {
	if isPlanes(x) {
		return images(relu(planes(x)))
	}
	return relu(x)
}

// relu is [Relu] in any layout. On the pure Go back end the derived gradient costs five
// passes over x. This one costs three, and none of them branches: Where does, and a mask
// that the processor cannot predict makes it five times as slow as a product.
func relu(x *graph.Node) *graph.Node {
	return withGradient([]*graph.Node{x},
		func(in []*graph.Node) *graph.Node { return graph.MaxScalar(in[0], 0.0) },
		func(_ []*graph.Node, y, v *graph.Node, _ int) *graph.Node {
			zero := graph.ScalarZero(v.Graph(), v.DType())
			return graph.Mul(v, graph.ConvertDType(graph.GreaterThan(y, zero), v.DType()))
		})
}
