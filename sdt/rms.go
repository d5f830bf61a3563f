package sdt

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// rmsNormalize returns f [n, d] with each row scaled to a root mean square of 1, that is, to
// the length √d; a row of zeros stays zero. If features are rectified and large, a linear
// domain classifier can otherwise tell domains apart, and be misled, by their size.
//
// Zhang, Sennrich, Root Mean Square Layer Normalization, NeurIPS 2019, without the learnt
// gain.
func rmsNormalize(f *graph.Node) *graph.Node {
	root := math.Sqrt(float64(f.Shape().Dimensions[1]))
	return graph.Div(f, graph.DivScalar(lengths(f), root))
}

// unitLength returns f [n, d] with each row scaled to the length 1; a row of zeros stays zero.
func unitLength(f *graph.Node) *graph.Node { return graph.Div(f, lengths(f)) }

// lengths returns the length of each row of f [n, d], [n, 1], at least 10⁻⁶.
func lengths(f *graph.Node) *graph.Node {
	const epsilon = 1e-12
	square := graph.ReduceAndKeep(graph.Square(f), graph.ReduceSum, 1) // [n, 1]
	return graph.Sqrt(graph.AddScalar(square, epsilon))
}
