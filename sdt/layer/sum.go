package layer

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Sum returns x + y, images [n, H, W, C] of the same shape. It panics on other shapes.
//
// On the pure Go back end graph.Add would transpose both of them; this adds their planes.
func Sum(x, y *graph.Node) *graph.Node {
	if x.Rank() != 4 || !x.Shape().Equal(y.Shape()) {
		exceptions.Panicf("layer.Sum: %s and %s, want images of one shape", x.Shape(), y.Shape())
	}
	if isPlanes(x) || isPlanes(y) {
		return images(graph.Add(planes(x), planes(y)))
	}
	return graph.Add(x, y)
}

// MeanPool returns the mean of each channel of x [n, H, W, C] over its image, [n, C]. It
// panics if x is not a batch of images.
func MeanPool(x *graph.Node) *graph.Node {
	if x.Rank() != 4 {
		exceptions.Panicf("layer.MeanPool: x %s, want [n, H, W, C]", x.Shape())
	}
	if isPlanes(x) {
		return graph.Transpose(graph.ReduceMean(planes(x), 1, 2), 0, 1)
	}
	return graph.ReduceMean(x, 1, 2)
}
