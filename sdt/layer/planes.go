package layer

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
)

// planes returns images x [n, H, W, C] in the layout that the pure Go back end computes
// them in, [C, H, W, n]. In that layout a convolution is a product of matrices that need
// no transpose, neither for the result nor for the gradient.
//
// Images made by [images] are not transposed back: planes returns what they were made of.
// So layers that work on planes pass them to one another at no cost.
func planes(x *graph.Node) *graph.Node {
	if p := x.Graph().GetNodeByAlias(planesOf(x)); p != nil {
		return p
	}
	return graph.TransposeAllAxes(x, 3, 1, 2, 0)
}

// images returns planes p [C, H, W, n] as images [n, H, W, C].
func images(p *graph.Node) *graph.Node {
	x := graph.TransposeAllAxes(p, 3, 1, 2, 0)
	p.WithAlias(planesOf(x))
	return x
}

// planesOf returns the graph's alias for the planes that images x were made of.
func planesOf(x *graph.Node) string { return fmt.Sprintf("/sdt/planes of %d", x.Id()) }

// isPlanes reports whether images x were made of planes.
func isPlanes(x *graph.Node) bool { return x.Graph().GetNodeByAlias(planesOf(x)) != nil }
