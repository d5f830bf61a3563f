package sdt

import "github.com/gomlx/gomlx/core/graph"

// Relu returns max(x, 0), number by number; the gradient at 0 is 0. The derived gradient
// costs five passes over x on the pure Go back end, this one two.
func Relu(x *graph.Node) *graph.Node {
	return withGradient([]*graph.Node{x},
		func(in []*graph.Node) *graph.Node { return graph.MaxScalar(in[0], 0.0) },
		func(in []*graph.Node, _, v *graph.Node) []*graph.Node {
			zero := graph.ScalarZero(v.Graph(), v.DType())
			return []*graph.Node{graph.Where(graph.GreaterThan(in[0], zero), v, zero)}
		})
}
