package loss

import "github.com/gomlx/gomlx/core/graph"

// Domain returns the domain classifier's loss: the cross-entropy, in nats, of
// its prediction against the domain each example came from, averaged over the
// batch,
//
//	L_D = −(1/n) Σᵢ log q_{i,dᵢ},  q_i = softmax(logits_i).
//
// logits has shape [n, D], D ≥ 2, before the softmax, any float dtype; domains has shape
// [n], any integer dtype, 0 ≤ domain < D. The result is a scalar of the logits' dtype, at
// least 0, and ln D for a classifier that cannot decide.
//
// Minimize it over θ_D only: compute the logits from stopped features, so that its gradient
// never moves θ_repr. (The authors' Caffe layer adds this gradient to that of the features,
// which the paper's equations forbid.)
//
// Tzeng et al., ICCV 2015, equation 4.
func Domain(logits, domains *graph.Node) *graph.Node {
	assertLogits("Domain", logits, "D")
	return crossEntropy("Domain", logits, domains)
}
