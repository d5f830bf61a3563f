package layer

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// The names of a batch norm's statistics, which training does not move.
const (
	Mean     = "mean"
	Variance = "variance"
)

// frozenNorm returns the affine map y ↦ scale·y + shift that a batch norm is once its
// statistics are frozen,
//
//	scale = γ/√(variance + ε),  shift = β − scale·mean,
//
// each of the given shape [F], from the variables "weights" γ, "biases" β, "mean" and
// "variance" under scope. At first the map is y/√(1 + ε).
//
// A layer multiplies its weights by scale and adds shift in place of its biases: a few
// thousand numbers instead of a pass over every activation. (GoMLX's own batch norm has no
// gradient on the pure Go back end.)
//
// Ioffe and Szegedy, ICML 2015, algorithm 2.
func frozenNorm(scope *model.Scope, g *graph.Graph, shape shapes.Shape, epsilon float64) (scale, shift *graph.Node) {
	zero, one := scope.WithInitializer(initializer.Zero), scope.WithInitializer(initializer.One)
	gamma := one.VariableWithShape(Weights, shape).NodeValue(g)
	beta := zero.VariableWithShape(Biases, shape).NodeValue(g)
	mean := zero.VariableWithShape(Mean, shape).SetTrainable(false).NodeValue(g)
	variance := one.VariableWithShape(Variance, shape).SetTrainable(false).NodeValue(g)
	scale = graph.Div(gamma, graph.Sqrt(graph.AddScalar(variance, epsilon)))
	return scale, graph.Sub(beta, graph.Mul(scale, mean))
}
