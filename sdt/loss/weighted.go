package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// WeightedClass is [Class] with a weight for each row,
//
//	L_C = −Σᵢ wᵢ log p_{i,yᵢ} / Σᵢ wᵢ,  p_i = softmax(logits_i).
//
// logits and labels are as in [Class]; weights has shape [n], of the logits' dtype, none
// below 0 and not all 0. A row without a class has weight 0: with another its loss counts as
// zero in the mean. The gradient stops at the weights. With equal weights it is [Class] of
// the rows that have them.
func WeightedClass(logits, labels, weights *graph.Node) *graph.Node {
	assertLogits("WeightedClass", logits, "K")
	n := logits.Shape().Dimensions[0]
	assertRows("WeightedClass", "weights", weights, shapes.Make(weights.DType(), n))
	return meanOf(graph.Neg(logLikelihood("WeightedClass", logits, labels)), graph.StopGradient(weights))
}
