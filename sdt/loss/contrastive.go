package loss

import (
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Contrastive returns the loss of contrastive semantic alignment and separation over the pairs
// (i, j) of a labelled source row and a labelled target row: pairs of one class are drawn
// together, pairs of two classes are pushed apart to the margin m,
//
//	L_CSA = ¼ mean_{yᵢ=yⱼ} ‖fᵢ − fⱼ‖² + ¾ mean_{yᵢ≠yⱼ} max(0, m − ‖fᵢ − fⱼ‖)².
//
// features has shape [n, d], any float dtype; labels and target have shape [n], any integer
// dtype: the class, 0 ≤ label < K, or −1 for a row without one, which is in no pair; and 1 for
// a row of the target, 0 for one of a source. A mean over no pair is zero. m > 0. The result
// is a scalar of the features' dtype, at least 0, in squared units of the features.
//
// The paper adds up both kinds of pairs and halves the squares. The
// authors' Keras code, which this follows, has no ½, m = 1, and takes the mean over all pairs of
// one class and three times as many of two classes, drawn once: hence ¼ and ¾. Here no pair of
// the batch is left out, and each mean is its own, so the proportion does not depend on the
// number of classes. As there, ‖fᵢ − fⱼ‖² counts as at least 10⁻⁸ under the root.
//
// Motiian, Piccirilli, Adjeroh, Doretto, Unified Deep Supervised Domain Adaptation and
// Generalization, ICCV 2017. Weighted as (1−γ) L_C + γ L_CSA, γ = 0.25 in the code.
func Contrastive(features, labels, target *graph.Node, classes int, margin float64) *graph.Node {
	s := features.Shape()
	if s.Rank() != 2 || !s.DType.IsFloat() || !labels.DType().IsInt() || !target.DType().IsInt() || !(margin > 0) {
		exceptions.Panicf("loss.Contrastive: features %s, labels %s, target %s, margin %g, want a float [n, d], integers, and a margin above 0", s, labels.Shape(), target.Shape(), margin)
	}
	assertRows("Contrastive", "labels", labels, shapes.Make(labels.DType(), s.Dimensions[0]))
	assertRows("Contrastive", "target", target, shapes.Make(target.DType(), s.Dimensions[0]))
	class := graph.OneHot(labels, classes, s.DType)            // [n, K]
	labelled := graph.ReduceAndKeep(class, graph.ReduceSum, 1) // [n, 1]
	domain := graph.OneHot(target, 2, s.DType)                 // [n, 2]: source, target
	outer := func(a, b *graph.Node) *graph.Node { return graph.DotGeneral(a, []int{1}, nil, b, []int{1}, nil) }
	column := func(k int) *graph.Node { // [n, 1]: 1 on labelled rows of the source or of the target
		pick := [][]float64{{1}, {0}}
		if k == 1 {
			pick = [][]float64{{0}, {1}}
		}
		return graph.Mul(labelled, graph.Dot(domain, graph.ConstAsDType(features.Graph(), s.DType, pick)).Product())
	}
	pairs := outer(column(0), column(1)) // [n, n]
	same := graph.Mul(pairs, outer(class, class))
	other := graph.Sub(pairs, same)

	square := graph.ReduceAndKeep(graph.Square(features), graph.ReduceSum, 1) // [n, 1]
	ones := graph.OnesLike(square)
	apart := graph.Sub(graph.Add(outer(square, ones), outer(ones, square)), graph.MulScalar(outer(features, features), 2)) // [n, n]: squared distances
	const least = 1e-8
	near := graph.MaxScalar(graph.Sub(graph.Scalar(features.Graph(), s.DType, margin), graph.Sqrt(graph.MaxScalar(apart, least))), 0)
	mean := func(x, of *graph.Node) *graph.Node {
		return graph.Div(graph.ReduceAllSum(graph.Mul(x, of)), graph.MaxScalar(graph.ReduceAllSum(of), 1))
	}
	return graph.Add(graph.MulScalar(mean(apart, same), 0.25), graph.MulScalar(mean(graph.Square(near), other), 0.75))
}
