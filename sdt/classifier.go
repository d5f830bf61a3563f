package sdt

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/loss"
)

// cosineTemperature is T of the cosine classifier (Saito et al., ICCV 2019, section 4.1).
const cosineTemperature = 0.05

// classInput returns features f [n, d] as the class classifier takes them, [n, d]: unchanged,
// or for the cosine classifier f / (‖f‖ T).
func (c Config) classInput(f *graph.Node) *graph.Node {
	if !c.cosine() {
		return f
	}
	return graph.DivScalar(unitLength(f), cosineTemperature)
}

// classLogits returns the class classifier's logits for features f [n, d], [n, K]: Wᵀ f + b,
// or for the cosine classifier Wᵀ f / (‖f‖ T), without biases.
func (c Config) classLogits(store *model.Store, f *graph.Node, classes int) *graph.Node {
	if !c.cosine() {
		return layer.Dense(store.Scope(classifierScope), f, classes)
	}
	return graph.Dot(c.classInput(f), classWeights(store, f, classes)).Product()
}

// classWeights returns the current weights of θ_C in the graph, [d, K].
func classWeights(store *model.Store, f *graph.Node, classes int) *graph.Node {
	shape := shapes.Make(f.DType(), f.Shape().Dimensions[1], classes)
	return store.Scope(classifierScope).VariableWithShape(layer.Weights, shape).NodeValue(f.Graph())
}

// classLoss returns L_C of logits [n, K]: the mean over the rows with a class, in which a
// labelled target row has the weight w = Config.TargetWeight and a source row 1,
//
//	L_C = (Σ_{i∈S} ℓᵢ + w Σ_{i∈T} ℓᵢ) / (n_S + w n_T),  ℓᵢ = −log p_{i,yᵢ}.
func (c Config) classLoss(logits, labels *graph.Node, plan batchPlan) *graph.Node {
	w := c.targetWeight()
	if w == 1 || plan.target == 0 {
		// A mean over all n rows, where rows without a class count as zero.
		return graph.MulScalar(loss.Class(logits, labels), float64(plan.rows())/float64(plan.labelled()))
	}
	weights := make([]float32, plan.rows())
	for i, target := range plan.isLabelledTarget() {
		switch {
		case target:
			weights[i] = float32(w)
		case i < plan.labelled():
			weights[i] = 1
		}
	}
	return loss.WeightedClass(logits, labels, graph.Const(logits.Graph(), weights))
}
