package loss

import "github.com/gomlx/gomlx/core/graph"

// CORAL returns the distance between the covariances of the domains' features,
//
//	L_CORAL = ‖C_S − C_T‖²_F / (4d²),  C = (1/(n−1)) Σ (f − mean f)(f − mean f)ᵀ,
//
// averaged over the pairs of the D domains.
//
// features has shape [n, d], any float dtype; domains has shape [n], any integer dtype,
// 0 ≤ domain < count, and every domain has at least two rows. The result is a scalar of
// the features' dtype, at least 0 up to rounding, and 0 when the covariances are the
// same.
//
// The d × d covariances are never built: with F the features less their domain's mean, and
// w = 1/(n_S−1) on source rows, −1/(n_T−1) on target rows, C_S − C_T = Fᵀ diag(w) F, and
// its squared norm is Σ_ij w_i w_j (F Fᵀ)²_ij.
//
// Sun, Saenko, Deep CORAL, ECCV 2016 workshops, equations 1 to 3.
func CORAL(features, domains *graph.Node, count int) *graph.Node {
	is := domainRows("CORAL", features, domains, count)                                      // [n, D]
	own := graph.Dot(is, domainMeans(features, is)).Product()                                // [n, d]
	centred := graph.Sub(features, own)                                                      // [n, d]
	gram := graph.DotGeneral(centred, []int{1}, nil, centred, []int{1}, nil)                 // [n, n]
	share := graph.Div(is, graph.AddScalar(graph.ReduceAndKeep(is, graph.ReduceSum, 0), -1)) // [n, D]
	squares := graph.Square(gram)
	d := float64(features.Shape().Dimensions[1])
	return overPairs(features, count, func(pair *graph.Node) *graph.Node {
		w := graph.Dot(share, pair).Product() // [n, 1]
		norm := graph.ReduceAllSum(graph.Mul(graph.Mul(w, graph.Transpose(w, 0, 1)), squares))
		return graph.DivScalar(norm, 4*d*d)
	})
}
