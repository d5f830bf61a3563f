package layer

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
)

// planes returns images x [n, H, W, C] in the layout that the pure Go back end computes
// them in, [C, H, W, n]. There a convolution is a product of matrices none of which
// has to be transposed, nor for its gradient.
//
// Images that were made by [images] are not transposed back: what they were made of is
// returned. So layers that work on planes hand them to one another for free.
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

// planesOf is the name in the graph of the planes that images x are made of.
func planesOf(x *graph.Node) string { return fmt.Sprintf("/sdt/planes of %d", x.Id()) }

// isPlanes reports whether images x are made of planes.
func isPlanes(x *graph.Node) bool { return x.Graph().GetNodeByAlias(planesOf(x)) != nil }
