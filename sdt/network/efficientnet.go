package network

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// EfficientNetLite0 is a network pretrained on ImageNet that fits a small machine: 3.4 million
// parameters, 0.4 billion products for each image. x is [n, 224, 224, 3], red, green, blue in
// 0…255, which the network scales to (x − 127)/128. The features are [n, 1280]. For images of
// 256 × 256 set Config.Crop to 224; [ReadEfficientNetLite0] reads its weights.
//
// Its blocks are "stem", "block1" … "block16" and "head":
//
//	stem           32 3×3 /2                 → 112
//	block1         16, k 3                   → 112
//	block2, 3      24, k 3, the first /2     → 56
//	block4, 5      40, k 5, the first /2     → 28
//	block6 … 8     80, k 3, the first /2     → 14
//	block9 … 11    112, k 5                  → 14
//	block12 … 15   192, k 5, the first /2    → 7
//	block16        320, k 3                  → 7
//	head           1280 1×1, mean over the image
//
// Each block expands its input to six times the channels by a 1×1 convolution (block1 does
// not), convolves each channel with a window of its own, k×k, and projects to the channels
// in the table; where the input has the shape of the result, it is added. A batch norm with
// ε = 10⁻³ follows each convolution, and min(max(x, 0), 6) follows it, except behind the
// projections. Batch norms are frozen at their statistics (see [layer.Convolution]): training
// moves their scale and shift only. Zeros are added around images as TensorFlow's "same" does:
// where their number is odd, the last one is at the bottom and at the right. There is no
// dropout, as it comes behind the features, and no stochastic depth.
//
// Tan and Le, EfficientNet, ICML 2019; tensorflow/tpu, models/official/efficientnet/lite;
// efficientnet_lite_pytorch 0.1.0.
var EfficientNetLite0 = efficientNetLite0()

// liteStages are the blocks of EfficientNet-Lite0 in stages of repeated ones.
var liteStages = []struct{ repeats, kernel, stride, expansion, channels int }{
	{1, 3, 1, 1, 16},
	{2, 3, 2, 6, 24},
	{2, 5, 2, 6, 40},
	{3, 3, 2, 6, 80},
	{3, 5, 1, 6, 112},
	{4, 5, 2, 6, 192},
	{1, 3, 1, 6, 320},
}

// liteEpsilon is the ε of EfficientNet's batch norms.
const liteEpsilon = 1e-3

func efficientNetLite0() Network {
	net := Network{{"stem", func(scope *model.Scope, x *graph.Node) *graph.Node {
		needImages("EfficientNetLite0", x, 224, 3)
		x = graph.DivScalar(graph.AddScalar(x, -127), 128)
		return liteConvolution(scope, x, "stem", layer.Convolution{Filters: 32, Kernel: 3, Stride: 2}) // [n, 112, 112, 32]
	}}}
	for _, s := range liteStages {
		for i := range s.repeats {
			stride := 1
			if i == 0 {
				stride = s.stride
			}
			net = append(net, liteBlock(fmt.Sprintf("block%d", len(net)), s.kernel, stride, s.expansion, s.channels))
		}
	}
	return append(net, Block{"head", func(scope *model.Scope, x *graph.Node) *graph.Node {
		x = liteConvolution(scope, x, "head", layer.Convolution{Filters: 1280, Kernel: 1}) // [n, 7, 7, 1280]
		return layer.MeanPool(x)                                                           // [n, 1280]
	}})
}

// liteBlock is a mobile inverted bottleneck with linear projection (Sandler et al., CVPR 2018).
func liteBlock(name string, kernel, stride, expansion, channels int) Block {
	return Block{name, func(scope *model.Scope, x *graph.Node) *graph.Node {
		scope = scope.In("%s", name)
		in, y := x.Shape().Dimensions[3], x
		if expansion > 1 {
			y = liteConvolution(scope, y, "expand", layer.Convolution{Filters: expansion * in, Kernel: 1})
		}
		y = liteConvolution(scope, y, "depthwise", layer.Convolution{Filters: expansion * in, Kernel: kernel, Stride: stride, Groups: expansion * in})
		y = layer.Convolution{Filters: channels, Kernel: 1, Norm: liteEpsilon}.Apply(scope.In("project"), y)
		if stride == 1 && channels == in {
			return layer.Sum(x, y)
		}
		return y
	}}
}

// liteConvolution is a convolution of square images with an even side or a stride of 1, padded
// as TensorFlow's "same" does, its batch norm, and the rectification.
func liteConvolution(scope *model.Scope, x *graph.Node, name string, c layer.Convolution) *graph.Node {
	c.Norm = liteEpsilon
	zeros := c.Kernel - max(c.Stride, 1) // of an even side
	c.Pad, c.PadEnd = zeros/2, zeros%2
	return layer.Relu6(c.Apply(scope.In("%s", name), x))
}
