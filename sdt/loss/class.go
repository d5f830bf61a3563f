package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Class returns the classification loss: the cross-entropy, in nats, of the
// class classifier's prediction against the true class, averaged over the batch,
//
//	L_C = −(1/n) Σᵢ log p_{i,yᵢ},  p_i = softmax(logits_i).
//
// logits has shape [n, K], before the softmax, any float dtype; labels has shape
// [n], any integer dtype, 0 ≤ label < K (a label outside counts as zero loss). The
// result is a scalar of the logits' dtype, at least 0.
//
// Its gradient reaches whatever made the logits: θ_C and θ_repr.
//
// Tzeng et al., ICCV 2015, equation 1.
func Class(logits, labels *graph.Node) *graph.Node {
	assertLogits("Class", logits, "K")
	return crossEntropy("Class", logits, labels)
}

// crossEntropy returns the mean over rows of −log softmax(logits) at the label.
func crossEntropy(loss string, logits, labels *graph.Node) *graph.Node {
	n, k := logits.Shape().Dimensions[0], logits.Shape().Dimensions[1]
	assertLabels(loss, labels, n)
	picked := graph.Mul(graph.OneHot(labels, k, logits.DType()), graph.LogSoftmax(logits)) // [n, K]
	return graph.Neg(graph.DivScalar(graph.ReduceAllSum(picked), float64(n)))
}

// logLikelihood returns log softmax(logits) at the label of each row, [n]; 0 where the label
// is outside.
func logLikelihood(loss string, logits, labels *graph.Node) *graph.Node {
	n, k := logits.Shape().Dimensions[0], logits.Shape().Dimensions[1]
	assertLabels(loss, labels, n)
	return graph.ReduceSum(graph.Mul(graph.OneHot(labels, k, logits.DType()), graph.LogSoftmax(logits)), 1)
}

// assertLabels panics unless labels are integers, one for each of n rows.
func assertLabels(loss string, labels *graph.Node, n int) {
	if !labels.DType().IsInt() {
		exceptions.Panicf("loss.%s: labels are %s, want an integer dtype", loss, labels.DType())
	}
	assertRows(loss, "labels", labels, shapes.Make(labels.DType(), n))
}
