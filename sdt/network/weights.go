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

// Weights are the representation θ_repr of a network that others have trained, for
// Config.Pretrained. [ReadCaffeNet] and [ReadAlexNet] give them. In a stage's key and in
// a printed configuration they are their file's fingerprint; the file's place does not
// count.
type Weights struct {
	Network string `json:"network"` // that they belong to: "CaffeNet"
	SHA256  string `json:"sha256"`  // of the file, in hexadecimal; of an ONNX model and its data files, one after another

	Values map[string]*tensors.Tensor `json:"-"` // float32, by the variable's path in the network: "conv1/weights"
}

// ReadCaffeNet reads the weights of [CaffeNet] from a .caffemodel file of Caffe's reference
// CaffeNet, as it was published or fine-tuned, of any version of Caffe: blobs of float32,
// float64 or, as NVIDIA's Caffe has them, float16 for conv1 … conv5, fc6 and fc7. Those of
// fc8, the file's own classifier, or of another layer from fc7 to classes, are left out,
// since the task has classes of its own.
//
// A blob that is missing, has another shape, holds a number that is not finite, or belongs
// to no layer of CaffeNet is an error that names it, and says how many others have the same
// fault. So is the file of bvlc_alexnet, which has CaffeNet's shapes but normalises before
// it pools, if it lists its layers in order, and a file of another kind. The file, of at
// most 1 GiB, is read into memory, and is dropped when its numbers are turned to CaffeNet's
// layout: until then it takes twice its size.
func ReadCaffeNet(path string) (*Weights, error) {
	return weights(weightfile.ReadCaffe(path, weightfile.CaffeNet))
}

// ReadAlexNet reads the weights of [AlexNet] from a file of torchvision's: its state_dict
// in a .safetensors file, or its ONNX export with the names of the state_dict for its
// initializers, in one .onnx file or with a data file beside it. Numbers are float32,
// float64, float16 or bfloat16. classifier.6, the file's own classifier, or another layer
// from the features to classes, is left out, since the task has classes of its own.
//
// The names may have something before them, as long as all have it: "backbone." of a model
// that has AlexNet for a part, whose other parts are left out. What PyTorch puts before
// names or into them when it trains on several devices or compiles ("module.",
// "_orig_mod.") does not count.
//
// A .pth file is a pickled program, and is never unpickled: the error has the line of Python
// that makes a .safetensors file of it. Other errors are as in [ReadCaffeNet].
func ReadAlexNet(path string) (*Weights, error) {
	return weights(weightfile.ReadTorch(path, weightfile.AlexNet))
}

// weights returns what a file gave.
func weights(w *weightfile.Weights, err error) (*Weights, error) {
	if err != nil {
		return nil, err
	}
	return &Weights{w.Network, w.SHA256, w.Values}, nil
}

// Fit reports how a network's variables, by their path in it, are not exactly those of the
// weights.
func (w *Weights) Fit(variables map[string]shapes.Shape) error {
	if len(w.Values) == 0 {
		return errors.New("they have no numbers: read them with network.ReadCaffeNet or network.ReadAlexNet")
	}
	var wrong []string
	for path, shape := range variables {
		t, ok := w.Values[path]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Sprintf("the network's %s %s is not among them", path, shape))
		case !t.Shape().Equal(shape):
			wrong = append(wrong, fmt.Sprintf("%s has shape %s, the network's %s", path, t.Shape(), shape))
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
	return fmt.Errorf("they are weights of %s, which Network is not: %s", w.Network, strings.Join(wrong, "; "))
}
