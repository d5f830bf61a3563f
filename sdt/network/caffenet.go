package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// caffeMean is the mean pixel of ILSVRC 2012, blue, green, red.
var caffeMean = []float32{104.00699, 116.66877, 122.67892}

// CaffeNet is the network of the paper, Caffe's variant of AlexNet (it pools before it
// normalises), conv1 to fc7. x is [n, 227, 227, 3], red, green, blue in 0…255; the network
// subtracts the mean pixel and reorders the channels to BGR, as Caffe's weights expect. The
// features are [n, 4096]; in training half of fc6 and of fc7 are dropped and the rest
// doubled.
//
//	conv1 96 11×11 /4        → 55   relu, max 3/2 → 27, LRN 5 α 1e-4 β ¾
//	conv2 256 5×5 pad 2, 2 groups   relu, max 3/2 → 13, LRN 5 α 1e-4 β ¾
//	conv3 384 3×3 pad 1             relu
//	conv4 384 3×3 pad 1, 2 groups   relu
//	conv5 256 3×3 pad 1, 2 groups   relu, max 3/2 → 6
//	fc6 4096, fc7 4096              relu, dropout ½
//
// Jia et al., Caffe, 2014, models/bvlc_reference_caffenet; Krizhevsky et al., 2012.
var CaffeNet = Network{
	{Name: "conv1", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		needImages("CaffeNet", x, 227, 3)
		g := x.Graph()
		x = graph.Sub(graph.Reverse(x, 3), graph.Reshape(graph.ConstAsDType(g, x.DType(), caffeMean), 1, 1, 1, 3))
		x = convRelu(scope, x, "conv1", layer.Convolution{Filters: 96, Kernel: 11, Stride: 4}) // [n, 55, 55, 96]
		return layer.LocalResponseNorm(layer.MaxPool(x, 3, 2), 5, 1e-4, 0.75)                  // [n, 27, 27, 96]
	}},
	{Name: "conv2", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = convRelu(scope, x, "conv2", layer.Convolution{Filters: 256, Kernel: 5, Pad: 2, Groups: 2}) // [n, 27, 27, 256]
		return layer.LocalResponseNorm(layer.MaxPool(x, 3, 2), 5, 1e-4, 0.75)                          // [n, 13, 13, 256]
	}},
	convBlock("conv3", layer.Convolution{Filters: 384, Kernel: 3, Pad: 1}),            // [n, 13, 13, 384]
	convBlock("conv4", layer.Convolution{Filters: 384, Kernel: 3, Pad: 1, Groups: 2}), // [n, 13, 13, 384]
	{Name: "conv5", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = convRelu(scope, x, "conv5", layer.Convolution{Filters: 256, Kernel: 3, Pad: 1, Groups: 2}) // [n, 13, 13, 256]
		return graph.Reshape(layer.MaxPool(x, 3, 2), x.Shape().Dimensions[0], 6*6*256)                 // [n, 9216]
	}},
	caffeDense("fc6"), caffeDense("fc7"), // [n, 4096]
}

// convRelu is a convolution of the given name and its rectification.
func convRelu(scope *model.Scope, x *graph.Node, name string, c layer.Convolution) *graph.Node {
	return layer.Relu(c.Apply(scope.In("%s", name), x))
}

// convBlock is the block of one convRelu.
func convBlock(name string, c layer.Convolution) Block {
	return Block{Name: name, Apply: func(scope *model.Scope, x *graph.Node) *graph.Node { return convRelu(scope, x, name, c) }}
}

// caffeDense is fc6 or fc7, of which half is dropped in training.
func caffeDense(name string) Block {
	return Block{Name: name, Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layers.DropoutStatic(scope, layer.Relu(layer.Dense(scope.In("%s", name), x, 4096)), 0.5) // [n, 4096]
	}}
}
