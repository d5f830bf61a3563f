package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// SoftLabel returns the soft-label loss: the cross-entropy, in nats, from the
// soft label of each example's class to the class classifier's prediction at
// temperature τ, averaged over the batch,
//
//	L_soft = −(1/n) Σᵢ Σ_k l_ik log p_ik,  p_i = softmax(logits_i / τ).
//
// logits has shape [n, K], before the softmax, any float dtype; soft has the same shape.
// Its row i is l^(yᵢ), which sums to 1, or zeros if the example has no soft label, which
// then adds nothing to the loss; τ > 0. The result is a scalar of the logits' dtype, at
// least the mean entropy of the rows of soft, and equal to it exactly when p = soft.
//
// As in the paper, the gradient is not scaled by τ². It stops at soft.
//
// Tzeng et al., ICCV 2015, equation 7.
func SoftLabel(logits, soft *graph.Node, temperature float64) *graph.Node {
	assertLogits("SoftLabel", logits, "K")
	assertRows("SoftLabel", "soft labels", soft, shapes.Make(soft.DType(), logits.Shape().Dimensions...))
	if temperature <= 0 {
		exceptions.Panicf("loss.SoftLabel: temperature %g, want above 0", temperature)
	}
	logp := graph.LogSoftmax(graph.DivScalar(logits, temperature)) // [n, K]
	sum := graph.ReduceAllSum(graph.Mul(graph.StopGradient(soft), logp))
	return graph.Neg(graph.DivScalar(sum, float64(logits.Shape().Dimensions[0])))
}
