package layer

import (
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// withGradient returns forward(inputs...), with gradient in place of the one that automatic
// differentiation would derive. gradient receives the inputs, the output y and v = ∂L/∂y,
// and returns ∂L/∂inputs[i]; it is called only for the inputs that need a gradient. Both
// functions receive the same nodes, so whatever both derive from them is computed once.
//
// It exists because some gradients have a much faster form than the derived one (which
// transposes the larger operand, or pads where a concatenation will do), and GoMLX allows a
// custom gradient on an identity of one input, but not on a function of several inputs. The
// derived nodes are built but not used, and therefore not computed.
func withGradient(inputs []*graph.Node, forward func(in []*graph.Node) *graph.Node,
	gradient func(in []*graph.Node, y, v *graph.Node, i int) *graph.Node) *graph.Node {
	if backend.Runs(inputs[0], backend.ONNXRuntime) {
		return withOnlyGradient(inputs, forward, gradient)
	}
	var in []*graph.Node
	var y, v *graph.Node
	in = handOver(inputs, func(i int) *graph.Node { return gradient(in, y, v, i) })
	return graph.IdentityWithCustomGradient(forward(in), func(result, seed *graph.Node) *graph.Node {
		y, v = result, seed
		return seed
	})
}

// withOnlyGradient is [withGradient] for ONNX Runtime, which computes every node that was
// built, used or not, and lacks operations that derived gradients consist of. So forward
// sees inputs that stop gradients. The gradients pass instead through the sum of every
// input, which is never selected; what is derived for it consists of zeros: constants, which
// ONNX Runtime folds.
func withOnlyGradient(inputs []*graph.Node, forward func(in []*graph.Node) *graph.Node,
	gradient func(in []*graph.Node, y, v *graph.Node, i int) *graph.Node) *graph.Node {
	g := inputs[0].Graph()
	in := make([]*graph.Node, len(inputs))
	for i, x := range inputs {
		in[i] = graph.StopGradient(x)
	}
	var y, v *graph.Node
	zero := graph.ScalarZero(g, inputs[0].DType())
	path := zero
	for _, x := range handOver(inputs, func(i int) *graph.Node { return gradient(in, y, v, i) }) {
		path = graph.Add(path, graph.ReduceAllSum(x))
	}
	path = graph.Where(graph.Const(g, true), zero, path)
	return graph.IdentityWithCustomGradient(graph.Add(forward(in), path), func(result, seed *graph.Node) *graph.Node {
		y, v = result, seed
		return graph.ZerosLike(seed)
	})
}

// handOver returns the inputs behind identities with the given gradients, which are called
// only when needed.
func handOver(inputs []*graph.Node, gradient func(i int) *graph.Node) []*graph.Node {
	wrapped := make([]*graph.Node, len(inputs))
	for i, x := range inputs {
		wrapped[i] = graph.IdentityWithCustomGradient(x, func(_, _ *graph.Node) *graph.Node { return gradient(i) })
	}
	return wrapped
}
