package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// LeNet is the network for digit adaptation, Caffe's variant of LeCun's: two 5×5
// convolutions (20 and 50 filters), each followed by 2×2 max pooling, and a hidden layer
// of 500 rectified units. Blocks: conv1, conv2, ip1. x is [n, 28, 28, 1] in 0…255; the features are [n, 500].
//
// LeCun et al., Proceedings of the IEEE, 1998; Caffe's examples/mnist/lenet.
var LeNet = Network{
	{Name: "conv1", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		needImages("LeNet", x, 28, 1)
		x = graph.DivScalar(x, 256)
		x = layer.Convolution{Filters: 20, Kernel: 5}.Apply(scope.In("conv1"), x) // [n, 24, 24, 20]
		return layer.MaxPool(x, 2, 2)                                             // [n, 12, 12, 20]
	}},
	{Name: "conv2", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = layer.Convolution{Filters: 50, Kernel: 5}.Apply(scope.In("conv2"), x) // [n, 8, 8, 50]
		return layer.MaxPool(x, 2, 2)                                             // [n, 4, 4, 50]
	}},
	{Name: "ip1", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = graph.Reshape(x, x.Shape().Dimensions[0], 4*4*50)
		return layer.Relu(layer.Dense(scope.In("ip1"), x, 500)) // [n, 500]
	}},
}
