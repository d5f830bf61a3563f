package sdt

import (
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// momentum is stochastic gradient descent with momentum, weight decay and a rate factor for
// each variable, as in Caffe,
//
//	V ← μ V + r (g + δ w)      w ← w − V,
//
// where g is the gradient, scaled down if its norm over all variables together is above a
// limit, if there is one; r is the rate times the variable's factor, and δ is zero for
// biases. V starts at zero and is kept beside the model, under "/momentum". It implements
// GoMLX's optimizer.Interface.
//
// Caffe, SGDSolver, 2014. (PyTorch keeps V without the rate; the two agree while the
// rate is constant.)
type momentum struct {
	rate   *graph.Node               // learning rate, a scalar
	mu     float64                   // μ, 0…1
	decay  float64                   // δ
	clip   float64                   // largest norm of g over all variables of one update; 0: no limit
	factor func(path string) float64 // factor of a variable's rate
}

var _ optimizer.Interface = momentum{}

const momentumScope = "/momentum"

// UpdateGraph sets every trainable variable under scope to its value after one step
// down the gradient of loss, a scalar.
func (m momentum) UpdateGraph(scope *model.Scope, g *graph.Graph, loss *graph.Node) {
	gradients := scope.BuildTrainableVariablesGradientsGraph(loss)
	if m.clip > 0 {
		gradients = clipped(gradients, m.clip)
	}
	for _, v := range slices.Collect(scope.IterVariables()) { // collected first: momentum adds variables
		if !v.Trainable || !v.InUseByGraph(g) {
			continue
		}
		if len(gradients) == 0 {
			exceptions.Panicf("sdt: fewer gradients than variables under %s", scope.Scope())
		}
		gradient := gradients[0]
		gradients = gradients[1:]
		w := v.NodeValue(g)
		if m.decay != 0 && !isBias(v.Path()) {
			gradient = graph.Add(gradient, graph.MulScalar(w, m.decay))
		}
		step := graph.Mul(gradient, graph.MulScalar(m.rate, m.factor(v.Path())))
		if m.mu != 0 {
			past := scope.Store().VariableWithShape(momentumScope+v.Path(), v.Shape(), zeroInitializer).SetTrainable(false)
			step = graph.Add(graph.MulScalar(past.NodeValue(g), m.mu), step)
			past.SetNodeValue(step)
		}
		v.SetNodeValue(graph.Sub(w, step))
	}
}

// clipped returns the gradients times min(1, limit/‖all of them‖).
func clipped(gradients []*graph.Node, limit float64) []*graph.Node {
	if len(gradients) == 0 {
		return nil
	}
	var square *graph.Node
	for _, g := range gradients {
		if s := graph.ReduceAllSum(graph.Square(g)); square == nil {
			square = s
		} else {
			square = graph.Add(square, s)
		}
	}
	one := graph.ScalarOne(square.Graph(), square.DType())
	factor := graph.Min(one, graph.Div(graph.Scalar(square.Graph(), square.DType(), limit), graph.Sqrt(square))) // for a norm of zero: min(1, ∞)
	scaled := make([]*graph.Node, len(gradients))
	for i, g := range gradients {
		scaled[i] = graph.Mul(g, factor)
	}
	return scaled
}

// Clear deletes the momentum of every variable.
func (m momentum) Clear(scope *model.Scope) error {
	return scope.Store().DeleteVariablesInScope(momentumScope)
}

// isBias reports whether the variable at path holds a layer's biases.
func isBias(path string) bool { return strings.HasSuffix(path, "/"+layer.Biases) }

// zeroInitializer starts a variable at zero.
func zeroInitializer(g *graph.Graph, s shapes.Shape) *graph.Node { return graph.Zeros(g, s) }
