package loss

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// PseudoLabel returns the loss of confident pseudo-labels: the cross-entropy, in nats, of the
// class classifier's prediction against its own most probable class, on the rows that count
// and where that probability is above a threshold,
//
//	L_pseudo = −(1/m) Σᵢ cᵢ wᵢ log p_{i,ŷᵢ},  ŷᵢ = argmax_k p_ik,  cᵢ = [p_{i,ŷᵢ} > threshold],
//
// with p_i = softmax(logits_i) and i over the m rows that count, confident or not: a batch
// with few confident rows has a small loss (Sohn et al., FixMatch, NeurIPS 2020, equation 4,
// without its two views of an image). It also returns the share of those rows that are
// confident, (1/m) Σᵢ cᵢ.
//
// Without balance wᵢ = 1. With it each class that is predicted confidently in the batch has
// the same total weight,
//
//	wᵢ = M / (C · M_ŷᵢ),
//
// where M rows are confident, M_k of them predicted as class k, and C classes have M_k > 0
// (the weights of King and Zeng, Logistic Regression in Rare Events Data, 2001, which
// scikit-learn calls balanced). They sum to M.
//
// logits has shape [n, K], before the softmax, any float dtype; counts is as in [Entropy]; 0 ≤
// threshold < 1, and below 1/K every row is confident. The results are scalars of the logits'
// dtype: at least 0, and 0…1. The gradient stops at ŷ, c and w, which change by jumps.
//
// Lee, Pseudo-Label, ICML 2013 workshops, equation 15, without its threshold and balance.
func PseudoLabel(logits, counts *graph.Node, threshold float64, balanced bool) (loss, share *graph.Node) {
	assertLogits("PseudoLabel", logits, "K")
	if !(threshold >= 0 && threshold < 1) {
		exceptions.Panicf("loss.PseudoLabel: threshold %g, want 0 or above, below 1", threshold)
	}
	logp := graph.LogSoftmax(logits) // [n, K]
	p := graph.StopGradient(graph.Exp(logp))
	rows := countingRows("PseudoLabel", logits, counts, logits)                                      // [n]
	above := graph.GreaterThan(graph.ReduceMax(p, 1), graph.Scalar(p.Graph(), p.DType(), threshold)) // [n]
	confident := graph.Mul(rows, graph.ConvertDType(above, p.DType()))                               // [n]
	label := graph.OneHot(graph.ArgMax(p, 1, dtypes.Int32), p.Shape().Dimensions[1], p.DType())      // [n, K]
	each := graph.ReduceSum(graph.Mul(label, logp), 1)                                               // [n]: log p_{i,ŷᵢ}
	m, all := graph.ReduceAllSum(rows), graph.ReduceAllSum(confident)                                // m, M
	weights := confident                                                                             // [n]
	if balanced {
		perClass := graph.ReduceSum(graph.Mul(label, graph.ExpandAxes(confident, 1)), 0)              // [K]: M_k
		predicted := graph.ReduceAllSum(graph.MinScalar(perClass, 1))                                 // C
		own := graph.ReduceSum(graph.Mul(label, graph.ExpandAxes(perClass, 0)), 1)                    // [n]: M_ŷ
		weights = graph.Div(graph.Mul(confident, all), graph.MaxScalar(graph.Mul(predicted, own), 1)) // 0 where no row is confident
	}
	return graph.Neg(graph.Div(graph.ReduceAllSum(graph.Mul(graph.StopGradient(weights), each)), m)), graph.Div(all, m)
}
