package loss

import "github.com/gomlx/gomlx/core/graph"

// GradientReversal returns the gradient reversal loss: the domain classifier's loss as the
// features see it when its gradient is reversed on the way to them,
//
//	L_rev = −L_D = (1/n) Σᵢ log q_{i,dᵢ},  q_i = softmax(logits_i).
//
// Shapes are as in [Domain]. The result is at most 0 and has no lower bound. Its gradient
// vanishes where the domain classifier is right and confident, and grows where it is wrong;
// with [Confusion] it is the other way round.
//
// Minimize it over the representation only, like [Confusion]. Ganin's layer reverses the
// gradient in the same pass that moves θ_D; here θ_D has already taken its step.
//
// Ganin, Lempitsky, Unsupervised Domain Adaptation by Backpropagation, ICML 2015,
// equations 4 to 6.
func GradientReversal(logits, domains *graph.Node) *graph.Node {
	return graph.Neg(Domain(logits, domains))
}
