package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Confusion returns the domain confusion loss: the cross-entropy, in nats, from
// the uniform distribution over domains to the domain classifier's prediction,
// averaged over the batch,
//
//	L_conf = −(1/n) Σᵢ Σ_d (1/D)·log q_id,  q_i = softmax(logits_i).
//
// logits has shape [n, D]: n examples from any mix of domains, D ≥ 2, before the
// softmax, any float dtype. The result is a scalar of that dtype, at least ln D,
// and ln D exactly when every q_i is uniform.
//
// Minimize it over the representation only: its gradient must not reach the
// domain classifier's weights (see [Domain] for the other half).
//
// Tzeng et al., ICCV 2015, section 3.1.
func Confusion(logits *graph.Node) *graph.Node {
	assertLogits("Confusion", logits, "D")
	return graph.Neg(graph.ReduceAllMean(graph.LogSoftmax(logits)))
}

// assertLogits panics unless logits are floats of shape [n, classes ≥ 2].
func assertLogits(loss string, logits *graph.Node, axis string) {
	s := logits.Shape()
	if s.Rank() != 2 || s.Dimensions[1] < 2 || !s.DType.IsFloat() {
		exceptions.Panicf("loss.%s: logits %s, want a float [n, %s], %s ≥ 2", loss, s, axis, axis)
	}
}

// assertRows panics unless x has the wanted dimensions.
func assertRows(loss, name string, x *graph.Node, want shapes.Shape) {
	if s := x.Shape(); !s.EqualDimensions(want) {
		exceptions.Panicf("loss.%s: %s %s, want %v", loss, name, s, want.Dimensions)
	}
}
