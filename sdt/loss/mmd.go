package loss

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// MMD returns the maximum mean discrepancy with the linear kernel, squared: the distance
// between the domains' mean features,
//
//	L_MMD = ‖mean f(x_S) − mean f(x_T)‖²,
//
// averaged over the pairs of the D domains.
//
// features has shape [n, d], any float dtype; domains has shape [n], any integer dtype,
// 0 ≤ domain < count, and every domain has at least one row. The result is a scalar of
// the features' dtype, at least 0, and 0 exactly when the means are the same.
//
// Tzeng, Hoffman, Zhang, Saenko, Darrell, Deep Domain Confusion, 2014,
// arXiv:1412.3474, equation 1, squared as in its equation 2.
func MMD(features, domains *graph.Node, count int) *graph.Node {
	is := domainRows("MMD", features, domains, count) // [n, D]
	means := domainMeans(features, is)                // [D, d]
	return overPairs(features, count, func(pair *graph.Node) *graph.Node {
		return graph.ReduceAllSum(graph.Square(graph.Dot(graph.Transpose(pair, 0, 1), means).Product()))
	})
}

// domainRows returns which row belongs to which domain, as ones and zeros [n, D].
func domainRows(loss string, features, domains *graph.Node, count int) *graph.Node {
	s := features.Shape()
	if s.Rank() != 2 || !s.DType.IsFloat() || count < 2 {
		exceptions.Panicf("loss.%s: features %s of %d domains, want a float [n, d] of at least 2", loss, s, count)
	}
	if d := domains.Shape(); !d.DType.IsInt() || d.Rank() != 1 || d.Dimensions[0] != s.Dimensions[0] {
		exceptions.Panicf("loss.%s: domains %s, want integers [%d]", loss, d, s.Dimensions[0])
	}
	return graph.OneHot(domains, count, s.DType)
}

// domainMeans returns the mean features of each domain, [D, d].
func domainMeans(features, is *graph.Node) *graph.Node {
	sums := graph.DotGeneral(is, []int{0}, nil, features, []int{0}, nil) // [D, d]
	return graph.Div(sums, graph.ExpandAxes(graph.ReduceSum(is, 0), 1))
}

// overPairs returns the mean of distance over the pairs of count domains. A pair is a
// column [D, 1] of like's dtype: 1 for one domain, −1 for the other, 0 for the rest.
func overPairs(like *graph.Node, count int, distance func(pair *graph.Node) *graph.Node) *graph.Node {
	var sum *graph.Node
	for b := range count {
		for a := range b {
			signs := make([]float64, count)
			signs[a], signs[b] = 1, -1
			one := distance(graph.Reshape(graph.ConstAsDType(like.Graph(), like.DType(), signs), count, 1))
			if sum == nil {
				sum = one
			} else {
				sum = graph.Add(sum, one)
			}
		}
	}
	return graph.DivScalar(sum, float64(count*(count-1)/2))
}
