package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// ConvNet is a small network for 32×32 colour images: three 3×3 convolutions (32, 64 and
// 128 filters), each followed by rectification and 2×2 max pooling, and a hidden layer of
// 256 rectified units. x is [n, 32, 32, 3] in 0…255; the features are [n, 256].
func ConvNet(scope *model.Scope, x *graph.Node) *graph.Node {
	needImages("ConvNet", x, 32, 3)
	x = graph.AddScalar(graph.DivScalar(x, 128), -1)
	for i, filters := range []int{32, 64, 128} { // [n, 16, 16, 32], [n, 8, 8, 64], [n, 4, 4, 128]
		x = layer.Convolution{Filters: filters, Kernel: 3, Pad: 1}.Apply(scope.In("conv%d", i+1), x)
		x = layer.Relu(layer.MaxPool(x, 2, 2))
	}
	x = graph.Reshape(x, x.Shape().Dimensions[0], 4*4*128)
	return layer.Relu(layer.Dense(scope.In("fc"), x, 256)) // [n, 256]
}
