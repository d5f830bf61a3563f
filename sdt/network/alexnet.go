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
func AlexNet(scope *model.Scope, x *graph.Node) *graph.Node {
	needImages("AlexNet", x, 224, 3)
	channel := func(values []float64) *graph.Node {
		return graph.Reshape(graph.ConstAsDType(x.Graph(), x.DType(), values), 1, 1, 1, 3)
	}
	x = graph.Div(graph.Sub(graph.DivScalar(x, 255), channel(torchMean)), channel(torchDeviation))
	conv := func(x *graph.Node, name string, c layer.Convolution) *graph.Node {
		return layer.Relu(c.Apply(scope.In("%s", name), x))
	}
	x = conv(x, "conv1", layer.Convolution{Filters: 64, Kernel: 11, Stride: 4, Pad: 2}) // [n, 55, 55, 64]
	x = conv(layer.MaxPool(x, 3, 2), "conv2", layer.Convolution{Filters: 192, Kernel: 5, Pad: 2})
	x = conv(layer.MaxPool(x, 3, 2), "conv3", layer.Convolution{Filters: 384, Kernel: 3, Pad: 1}) // [n, 13, 13, 384]
	x = conv(x, "conv4", layer.Convolution{Filters: 256, Kernel: 3, Pad: 1})                      // [n, 13, 13, 256]
	x = conv(x, "conv5", layer.Convolution{Filters: 256, Kernel: 3, Pad: 1})                      // [n, 13, 13, 256]
	x = graph.Reshape(layer.MaxPool(x, 3, 2), x.Shape().Dimensions[0], 6*6*256)                   // [n, 9216]
	for _, name := range []string{"fc6", "fc7"} {
		x = layer.Relu(layer.Dense(scope.In("%s", name), layers.DropoutStatic(scope, x, 0.5), 4096)) // [n, 4096]
	}
	return x
}
