package network

import (
	"path/filepath"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/onnxnet"
)

// ONNXConfig says about a model what its file leaves open. The zero value of each field takes
// what the file says.
type ONNXConfig struct {
	// Output names the tensor, or the node, that makes the features. "": what goes into the
	// classifier, which is the matrix product that makes the model's output; of a model
	// without a classifier, its output.
	Output string

	// Height and Width of the images, in pixels, for a model that takes any size. 0: what the
	// file says, in its input's shape or in its metadata (input_size, imgsz).
	Height, Width int

	// Mean and Deviation of each channel, red, green, blue, of pixels scaled to 0…1: pixel/255
	// goes into the model less Mean and divided by Deviation. nil: what the file says, in its
	// metadata (mean and std, or pretrained_cfg as timm has it), or by its first nodes: a
	// model that scales its pixels itself gets them in 0…255 or in 0…1, as these nodes need.
	// torchvision's networks have {0.485, 0.456, 0.406} and {0.229, 0.224, 0.225}, most of
	// timm's vision transformers 0.5 for all.
	Mean, Deviation []float64
}

// ONNX returns the network in an .onnx file, as PyTorch, timm or Keras export it, with the
// file's weights to begin with. Config.Pretrained of package sdt is not needed.
//
// The network takes images [n, H, W, 3], or [n, H, W, 1], with pixels in 0…255, whether the
// model itself has channels first or last. The features are [n, d]: of an output [n, d, h, w]
// the mean over height and width, of tokens [n, T, d] their mean.
//
// Blocks: the network can be divided at each tensor through which all paths from the images to
// the features go, and a block has the name of the tensor that it returns, without what the
// exporter adds to all names: "layer1/layer1.0/relu/Relu". [Network.After] lists them.
//
// Weights are the floating-point initializers with more than one number: the variables have
// their names, with "." for "/". All are trainable, since the file does not tell parameters
// from other tensors, except these: the statistics of batch norm, which stays frozen at them,
// in training too, and the numbers with which the model scales its pixels. float16, bfloat16
// and float64 become float32. Settings, such as shapes, are constants. Dropout does nothing:
// an exported model has none.
//
// A file is an error that names it if it is not an ONNX model, is cut off, lacks its data file,
// has an operator that is not supported, a cycle, more than one input, numbers that are NaN, or
// more than 1 GiB; if it leaves open what ONNXConfig does not state; or if it can be computed
// only for the number of examples for which it was exported. A model that uses what a back end
// does not have panics when its graph is built there, with an error that names node and
// operator; sdt.Open returns it. The file is read into memory, and its weights stay there as
// long as the network.
//
// github.com/gomlx/onnx-gomlx builds the operators, except those that would not train on
// every back end, such as convolutions, which are made of this project's layers.
func ONNX(file string, config ONNXConfig) (Network, error) {
	m, err := onnxnet.Read(file, onnxnet.Config(config))
	if err != nil {
		return nil, err
	}
	name := filepath.Base(file)
	var net Network
	for i := range m.Blocks {
		b := &m.Blocks[i]
		apply := b.Build
		if i == 0 {
			apply = func(scope *model.Scope, x *graph.Node) *graph.Node {
				if !m.Fits(x.Shape().Dimensions) {
					panic(&SizeError{name, m.Want()})
				}
				return b.Build(scope, x)
			}
		}
		net = append(net, Block{Name: b.Name, Apply: apply, Source: m.SHA256(), minor: !b.Joins})
	}
	return net, nil
}
