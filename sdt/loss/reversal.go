package loss

import "github.com/gomlx/gomlx/core/graph"

// GradientReversal returns the gradient reversal loss, what is left of the domain classifier's
// loss when its gradient is turned round on its way to the features,
//
//	L_rev = −L_D = (1/n) Σᵢ log q_{i,dᵢ},  q_i = softmax(logits_i).
//
// Shapes are those of [Domain]. The result is at most 0 and has no lower bound: its
// gradient vanishes where the domain classifier is right and sure, and grows where it is
// wrong, which [Confusion] has the other way round.
//
// Minimize it over the representation only, as [Confusion]. Ganin's layer turns the
// gradient of the very pass that moves θ_D; here θ_D has taken its step before.
//
// Ganin, Lempitsky, Unsupervised Domain Adaptation by Backpropagation, ICML 2015,
// equations 4 to 6.
func GradientReversal(logits, domains *graph.Node) *graph.Node {
	return graph.Neg(Domain(logits, domains))
}
