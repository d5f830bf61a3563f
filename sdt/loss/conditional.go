package loss

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Multilinear returns the features conditioned on the predictions, which a conditional domain
// classifier takes in place of the features: the products of every feature with every class's
// probability,
//
//	T(f, p)_i = f_i ⊗ p_i.
//
// features has shape [n, d] and predictions [n, K], probabilities; both of one float dtype.
// The result has shape [n, d·K], the K products of one feature side by side.
//
// The gradient stops at the predictions, as in the authors' code, so [GradientReversal] on
// the domain classifier's logits moves θ_repr and not θ_C. (The paper's objective is over the
// class classifier too.)
//
// Long, Cao, Wang, Jordan, Conditional Adversarial Domain Adaptation, NeurIPS 2018,
// section 3.2.
func Multilinear(features, predictions *graph.Node) *graph.Node {
	assertConditioned("Multilinear", features, predictions)
	product := graph.Mul(graph.ExpandAxes(features, 2), graph.ExpandAxes(graph.StopGradient(predictions), 1)) // [n, d, K]
	s := product.Shape().Dimensions
	return graph.Reshape(product, s[0], s[1]*s[2])
}

// RandomMultilinear is [Multilinear] for many features and classes. Instead of the d·K products
// it returns m numbers for each row,
//
//	T(f, p)_i = (1/√m) (R_f f_i) ⊙ (R_p p_i),
//
// whose inner products are in expectation those of the full products, if the elements of R_f
// [d, m] and R_p [K, m] are drawn independently with mean 0 and variance 1, once. The result
// has shape [n, m]; the gradient stops at the predictions and at both matrices.
//
// Long et al., NeurIPS 2018, section 3.2. There m = 1024, for d·K > 4096.
func RandomMultilinear(features, predictions, rf, rp *graph.Node) *graph.Node {
	assertConditioned("RandomMultilinear", features, predictions)
	f := graph.Dot(features, graph.StopGradient(rf)).Product()                        // [n, m]
	p := graph.Dot(graph.StopGradient(predictions), graph.StopGradient(rp)).Product() // [n, m]
	return graph.DivScalar(graph.Mul(f, p), math.Sqrt(float64(rf.Shape().Dimensions[1])))
}

func assertConditioned(loss string, f, p *graph.Node) {
	s, q := f.Shape(), p.Shape()
	if s.Rank() != 2 || q.Rank() != 2 || s.Dimensions[0] != q.Dimensions[0] || s.DType != q.DType || !s.DType.IsFloat() {
		exceptions.Panicf("loss.%s: features %s and predictions %s, want [n, d] and [n, K] of one float dtype", loss, s, q)
	}
}
