package layer

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// LocalResponseNorm divides each number of x [n, H, W, C] by a power of the energy in the
// channels around it, as Caffe and AlexNet do,
//
//	y_c = x_c / (1 + (α/size) Σ_{|j−c| ≤ size/2} x_j²)^β,
//
// where channels outside 0 … C−1 count as zero and size is odd. The result has the shape
// of x. It panics if x is not a batch of images or size is even.
//
// Krizhevsky et al., NIPS 2012, section 3.3, with Caffe's α/size.
func LocalResponseNorm(x *graph.Node, size int, alpha, beta float64) *graph.Node {
	if x.Rank() != 4 || size < 1 || size%2 == 0 {
		exceptions.Panicf("layer.LocalResponseNorm: size %d on x %s, want an odd size and [n, H, W, C]", size, x.Shape())
	}
	if isPlanes(x) {
		return images(responseNorm(planes(x), 0, size, alpha, beta))
	}
	return responseNorm(x, 3, size, alpha, beta)
}

// responseNorm is LocalResponseNorm for x with its channels on the first axis, 0, or on
// the last, 3.
func responseNorm(x *graph.Node, axis, size int, alpha, beta float64) *graph.Node {
	channels := x.Shape().Dimensions[axis]
	band := make([][]float64, channels) // sums neighbours by a matrix product: fast on every back end
	for i := range band {
		band[i] = make([]float64, channels)
		for j := max(0, i-size/2); j <= min(channels-1, i+size/2); j++ {
			band[i][j] = 1
		}
	}
	neighbours := func(in []*graph.Node) *graph.Node {
		sums := graph.ConstAsDType(x.Graph(), x.DType(), band) // [C, C], symmetric
		if axis == 0 {
			return graph.Dot(sums, in[0]).Product()
		}
		return graph.Dot(in[0], sums).Product()
	}
	flat := graph.Reshape(x, -1, channels) // [n·H·W, C]
	if axis == 0 {
		flat = graph.Reshape(x, channels, -1) // [C, H·W·n]
	}
	energy := withGradient([]*graph.Node{graph.Square(flat)}, neighbours, func(_ []*graph.Node, _, v *graph.Node, _ int) *graph.Node {
		return neighbours([]*graph.Node{v})
	})
	scale := graph.PowScalar(graph.AddScalar(graph.MulScalar(energy, alpha/float64(size)), 1), -beta)
	return graph.ReshapeWithShape(graph.Mul(flat, scale), x.Shape())
}
