package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Entropy returns the entropy, in nats, of the class classifier's predictions, averaged over
// the rows that count,
//
//	H = −(1/m) Σᵢ Σ_k p_ik log p_ik,  p_i = softmax(logits_i),  i over the m rows with counts_i = 1.
//
// logits has shape [n, K], before the softmax, any float dtype; counts has shape [n], any
// integer dtype: 1 for a row that counts, such as an unlabelled one, 0 for any other, and at
// least one 1. The result is a scalar of the logits' dtype, from 0, where every prediction is
// sure, to ln K, where all are uniform.
//
// Minimize it over θ_repr and θ_C to make predictions sure. The authors' λ depends on the
// task; 0.1 is that of the entropy baseline of Saito et al., ICCV 2019.
//
// Grandvalet, Bengio, Semi-supervised Learning by Entropy Minimization, NIPS 2004.
func Entropy(logits, counts *graph.Node) *graph.Node {
	assertLogits("Entropy", logits, "K")
	return entropy("Entropy", logits, counts)
}

// entropy returns the mean entropy of softmax(logits) over the rows that count.
func entropy(loss string, logits, counts *graph.Node) *graph.Node {
	logp := graph.LogSoftmax(logits)                                         // [n, K]
	each := graph.ReduceSum(graph.Mul(graph.Exp(logp), logp), 1)             // [n]: minus the entropies
	return graph.Neg(meanOf(each, countingRows(loss, logits, counts, each))) // over the rows that count
}

// countingRows returns counts as numbers of like's dtype, [n]. It panics unless counts are
// integers, one for each row of x.
func countingRows(loss string, x, counts, like *graph.Node) *graph.Node {
	if !counts.DType().IsInt() {
		exceptions.Panicf("loss.%s: counts are %s, want an integer dtype", loss, counts.DType())
	}
	assertRows(loss, "counts", counts, shapes.Make(counts.DType(), x.Shape().Dimensions[0]))
	return graph.ConvertDType(counts, like.DType())
}

// meanOf returns the mean of each [n] with the given weights [n]: Σ w_i x_i / Σ w_i.
func meanOf(each, weights *graph.Node) *graph.Node {
	return graph.Div(graph.ReduceAllSum(graph.Mul(each, weights)), graph.ReduceAllSum(weights))
}
