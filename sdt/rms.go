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
	const epsilon = 1e-12
	square := graph.ReduceAndKeep(graph.Square(f), graph.ReduceSum, 1) // [n, 1]
	root := math.Sqrt(float64(f.Shape().Dimensions[1]))
	return graph.Div(f, graph.DivScalar(graph.Sqrt(graph.AddScalar(square, epsilon)), root))
}
