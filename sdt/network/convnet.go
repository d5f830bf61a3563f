package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// ConvNet is a small network for 32×32 colour images: three 3×3 convolutions (32, 64 and
// 128 filters), each followed by rectification and 2×2 max pooling, and a hidden layer of
// 256 rectified units. x is [n, 32, 32, 3] in 0…255; the features are [n, 256].
var ConvNet = Network{
	{Name: "conv1", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		needImages("ConvNet", x, 32, 3)
		return convNetBlock(scope.In("conv1"), graph.AddScalar(graph.DivScalar(x, 128), -1), 32) // [n, 16, 16, 32]
	}},
	{Name: "conv2", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		return convNetBlock(scope.In("conv2"), x, 64) // [n, 8, 8, 64]
	}},
	{Name: "conv3", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		return convNetBlock(scope.In("conv3"), x, 128) // [n, 4, 4, 128]
	}},
	{Name: "fc", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = graph.Reshape(x, x.Shape().Dimensions[0], 4*4*128)
		return layer.Relu(layer.Dense(scope.In("fc"), x, 256)) // [n, 256]
	}},
}

func convNetBlock(scope *model.Scope, x *graph.Node, filters int) *graph.Node {
	x = layer.Convolution{Filters: filters, Kernel: 3, Pad: 1}.Apply(scope, x)
	return layer.Relu(layer.MaxPool(x, 2, 2))
}
