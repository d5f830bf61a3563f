package sdt

import "github.com/gomlx/gomlx/core/graph"

// withGradient returns forward(inputs...), with backward in place of the gradient
// that automatic differentiation would give. backward gets the inputs, the output
// y and v = ∂L/∂y, and returns ∂L/∂input for each input; nil stops the gradient of
// that input. Both get the same nodes, so what both make of them is computed once.
//
// It exists because some gradients have a much faster form than the derived one
// (transposes of the larger operand, padding where a concatenation will do), and
// GoMLX lets a single-input identity carry a gradient of its own, but no function of
// several inputs. The derived nodes are built and then used by nothing.
func withGradient(inputs []*graph.Node, forward func(in []*graph.Node) *graph.Node,
	backward func(in []*graph.Node, y, v *graph.Node) []*graph.Node) *graph.Node {
	var gradients []*graph.Node
	in := handOver(inputs, &gradients)
	return graph.IdentityWithCustomGradient(forward(in), func(y, v *graph.Node) *graph.Node {
		gradients = backward(in, y, v)
		return v
	})
}

// withOnlyGradient is [withGradient] where the derived gradient cannot even be built,
// because the back end lacks an operation for it. It costs the sum of every input.
func withOnlyGradient(inputs []*graph.Node, forward func(in []*graph.Node) *graph.Node,
	backward func(in []*graph.Node, y, v *graph.Node) []*graph.Node) *graph.Node {
	var gradients []*graph.Node
	var stopped []*graph.Node
	for _, x := range inputs {
		stopped = append(stopped, graph.StopGradient(x))
	}
	y := forward(stopped)
	// A path for the gradient that carries no number: y is always chosen.
	path := graph.ScalarZero(y.Graph(), y.DType())
	for _, x := range handOver(inputs, &gradients) {
		path = graph.Add(path, graph.ReduceAllSum(x))
	}
	always := graph.Const(y.Graph(), true)
	return graph.IdentityWithCustomGradient(graph.Where(always, y, path), func(y, v *graph.Node) *graph.Node {
		gradients = backward(stopped, y, v)
		return v
	})
}

// handOver returns the inputs behind identities whose gradients are those that will be
// in gradients when they are asked.
func handOver(inputs []*graph.Node, gradients *[]*graph.Node) []*graph.Node {
	wrapped := make([]*graph.Node, len(inputs))
	for i, x := range inputs {
		wrapped[i] = graph.IdentityWithCustomGradient(x, func(_, _ *graph.Node) *graph.Node { return (*gradients)[i] })
	}
	return wrapped
}
