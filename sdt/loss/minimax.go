package loss

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// MinimaxEntropy returns the entropy, in nats, of the predictions for the rows that count, as
// [Entropy] does,
//
//	H = −(1/m) Σᵢ Σ_k p_ik log p_ik,  p_i = softmax(x_iᵀ W),
//
// with its gradient reversed on the way to W. If it is minimized over both, θ_repr lowers the
// entropy, which draws features to the classes' weights, and θ_C raises it, which draws the
// weights to the unlabelled target's features.
//
// x has shape [n, d]: the features as the classifier takes them, for the authors' cosine
// classifier x = f / (‖f‖ T), T = 0.05; any float dtype. weights has shape [d, K], K ≥ 2;
// counts is as in [Entropy]. The result is a scalar of that dtype, from 0 to ln K.
//
// The authors take two steps for each batch, one down L_C and one for this loss, which their
// code reverses at the features, its sign changed: the same gradients. Here one step takes
// the sum of both losses.
//
// Saito, Kim, Sclaroff, Darrell, Saenko, Semi-supervised Domain Adaptation via Minimax
// Entropy, ICCV 2019, section 3. λ = 0.1.
func MinimaxEntropy(x, weights, counts *graph.Node) *graph.Node {
	s, w := x.Shape(), weights.Shape()
	if s.Rank() != 2 || !s.DType.IsFloat() || w.Rank() != 2 || w.Dimensions[0] != s.Dimensions[1] || w.Dimensions[1] < 2 || w.DType != s.DType {
		exceptions.Panicf("loss.MinimaxEntropy: x %s and weights %s, want [n, d] and [d, K] of one float dtype, K ≥ 2", s, w)
	}
	reversed := graph.IdentityWithCustomGradient(weights, func(_, v *graph.Node) *graph.Node { return graph.Neg(v) })
	return entropy("MinimaxEntropy", graph.Dot(x, reversed).Product(), counts)
}
