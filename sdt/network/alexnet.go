package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// The mean and standard deviation of ImageNet's pixels, scaled to 0…1 (red, green, blue),
// with which torchvision's networks are trained.
var torchMean, torchDeviation = []float64{0.485, 0.456, 0.406}, []float64{0.229, 0.224, 0.225}

// AlexNet is torchvision's AlexNet, conv1 to fc7: the "one weird trick" variant, without
// groups or normalisation between layers. x is [n, 224, 224, 3], red, green, blue in
// 0…255; the network scales pixels to 0…1, subtracts the mean and divides by the standard
// deviation. The features are [n, 4096]; in training half of the inputs of fc6 and of fc7
// are dropped and the rest doubled. For images of 256 × 256 set Config.Crop to 224.
//
//	conv1 64 11×11 /4 pad 2  → 55   relu, max 3/2 → 27
//	conv2 192 5×5 pad 2             relu, max 3/2 → 13
//	conv3 384 3×3 pad 1             relu
//	conv4 256 3×3 pad 1             relu
//	conv5 256 3×3 pad 1             relu, max 3/2 → 6
//	fc6 4096, fc7 4096              dropout ½ before each, relu
//
// torchvision pools adaptively to 6×6 before fc6, which changes nothing at this size.
//
// Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014;
// torchvision.models.alexnet.
var AlexNet = Network{
	{Name: "conv1", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		needImages("AlexNet", x, 224, 3)
		x = convRelu(scope, torchPixels(x), "conv1", layer.Convolution{Filters: 64, Kernel: 11, Stride: 4, Pad: 2}) // [n, 55, 55, 64]
		return layer.MaxPool(x, 3, 2)
	}},
	{Name: "conv2", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layer.MaxPool(convRelu(scope, x, "conv2", layer.Convolution{Filters: 192, Kernel: 5, Pad: 2}), 3, 2) // [n, 13, 13, 192]
	}},
	convBlock("conv3", layer.Convolution{Filters: 384, Kernel: 3, Pad: 1}), // [n, 13, 13, 384]
	convBlock("conv4", layer.Convolution{Filters: 256, Kernel: 3, Pad: 1}), // [n, 13, 13, 256]
	{Name: "conv5", Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = convRelu(scope, x, "conv5", layer.Convolution{Filters: 256, Kernel: 3, Pad: 1}) // [n, 13, 13, 256]
		return graph.Reshape(layer.MaxPool(x, 3, 2), x.Shape().Dimensions[0], 6*6*256)      // [n, 9216]
	}},
	torchDense("fc6"), torchDense("fc7"), // [n, 4096]
}

// torchPixels scales pixels in 0…255 as torchvision's networks expect them.
func torchPixels(x *graph.Node) *graph.Node {
	channel := func(values []float64) *graph.Node {
		return graph.Reshape(graph.ConstAsDType(x.Graph(), x.DType(), values), 1, 1, 1, 3)
	}
	return graph.Div(graph.Sub(graph.DivScalar(x, 255), channel(torchMean)), channel(torchDeviation))
}

// torchDense is fc6 or fc7, half of whose inputs are dropped in training.
func torchDense(name string) Block {
	return Block{Name: name, Apply: func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layer.Relu(layer.Dense(scope.In("%s", name), layers.DropoutStatic(scope, x, 0.5), 4096)) // [n, 4096]
	}}
}
