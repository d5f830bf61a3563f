package sdt

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// LocalResponseNorm divides each number of x [n, H, W, C] by a power of the energy in
// the channels around it, as Caffe and AlexNet do,
//
//	y_c = x_c / (1 + (α/size) Σ_{|j−c| ≤ size/2} x_j²)^β,
//
// with channels outside 0 … C−1 counting as zero and size odd. The result has the
// shape of x. It panics if x is no image batch or size is even.
//
// Krizhevsky et al., NIPS 2012, section 3.3, with Caffe's α/size.
func LocalResponseNorm(x *graph.Node, size int, alpha, beta float64) *graph.Node {
	if x.Rank() != 4 || size < 1 || size%2 == 0 {
		exceptions.Panicf("sdt.LocalResponseNorm: size %d on x %s want an odd size and [n, H, W, C]", size, x.Shape())
	}
	channels := x.Shape().Dimensions[3]
	band := make([][]float64, channels) // sums neighbours as a product: fast on every back end
	for i := range band {
		band[i] = make([]float64, channels)
		for j := max(0, i-size/2); j <= min(channels-1, i+size/2); j++ {
			band[i][j] = 1
		}
	}
	flat := graph.Reshape(x, -1, channels)                                                            // [n·H·W, C]
	energy := graph.Dot(graph.Square(flat), graph.ConstAsDType(x.Graph(), x.DType(), band)).Product() // [n·H·W, C]
	scale := graph.PowScalar(graph.AddScalar(graph.MulScalar(energy, alpha/float64(size)), 1), -beta)
	return graph.ReshapeWithShape(graph.Mul(flat, scale), x.Shape())
}
