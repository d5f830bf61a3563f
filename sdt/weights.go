package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Weights are the representation θ_repr of a network that others have trained, for
// [Config.Pretrained]. [ReadCaffeNet] and [ReadAlexNet] give them. In a stage's key and in
// a printed configuration they are their file's fingerprint; the file's place does not
// count.
type Weights struct {
	Network string `json:"network"` // that they belong to: "CaffeNet"
	SHA256  string `json:"sha256"`  // of the file, in hexadecimal; of an ONNX model and its data files, one after another

	values map[string]*tensors.Tensor // by the variable's path
}

// maxWeights bounds the file of weights, in bytes; CaffeNet's has 244 million.
const maxWeights = 1 << 30

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
func ReadCaffeNet(path string) (*Weights, error) { return readCaffe(path, caffeNet) }

// readCaffe reads a network's weights from a .caffemodel file.
func readCaffe(path string, o origin) (*Weights, error) {
	return readWeights(path, o, func(data []byte) (map[string]foreignTensor, error) {
		blobs, layers, err := decodeCaffeModel(data)
		if err != nil || len(blobs) == 0 {
			if other := otherWeights(path, data, ".caffemodel"); other != nil {
				return nil, other
			}
		}
		if norm := slices.Index(layers, "norm1"); err == nil && norm >= 0 && slices.Index(layers, "pool1") > norm {
			err = errors.New("its norm1 is before pool1: it is of Caffe's AlexNet, not of CaffeNet")
		}
		return blobs, err
	})
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
func ReadAlexNet(path string) (*Weights, error) { return readTorch(path, torchAlexNet) }

// readTorch reads a network's weights from a file that PyTorch has written.
func readTorch(path string, o origin) (*Weights, error) {
	return readWeights(path, o, func(data []byte) (map[string]foreignTensor, error) {
		if isSafetensors(data) {
			return decodeForeignTensors(data)
		}
		if err := otherWeights(path, data, ".safetensors", ".onnx"); err != nil {
			return nil, err
		}
		if strings.EqualFold(filepath.Ext(path), ".onnx") {
			return decodeONNX(data)
		}
		return decodeForeignTensors(data)
	})
}

// readWeights reads a file of weights by its decoder, and the files that it names. The
// fingerprint is of all of them, one after another.
func readWeights(path string, o origin, decode func([]byte) (map[string]foreignTensor, error)) (*Weights, error) {
	data, err := readWhole(path)
	if err != nil {
		return nil, err
	}
	all, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	more, err := readExternal(filepath.Dir(path), all)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	hash := sha256.New()
	for _, file := range append([][]byte{data}, more...) {
		hash.Write(file)
	}
	w := &Weights{Network: o.network, SHA256: hex.EncodeToString(hash.Sum(nil))}
	if w.values, err = o.take(all); err != nil {
		return nil, fmt.Errorf("read %s: %w%s", path, err, ofShards(path))
	}
	return w, nil
}

// readWhole reads a file of weights.
func readWhole(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s: it is a folder, want a file%s", path, weightsIn(path))
	}
	if !info.Mode().IsRegular() || info.Size() > maxWeights {
		return nil, fmt.Errorf("read %s: %s of %d bytes, want a file of at most %d", path, info.Mode(), info.Size(), maxWeights)
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("read %s: it is empty: fetch or save it again", path)
	}
	return os.ReadFile(path)
}

// fit reports how the variables of θ_repr, as the network has made them in store, are not
// exactly those of the weights.
func (w *Weights) fit(store *model.Store) error {
	if len(w.values) == 0 {
		return errors.New("config: Pretrained has no numbers: read it with ReadCaffeNet or ReadAlexNet")
	}
	left := maps.Clone(w.values)
	var wrong []string
	for v := range store.IterVariables() {
		if !strings.HasPrefix(v.Path(), reprScope+"/") {
			continue
		}
		t, ok := left[v.Path()]
		delete(left, v.Path())
		name := strings.TrimPrefix(v.Path(), reprScope+"/")
		switch {
		case !ok:
			wrong = append(wrong, fmt.Sprintf("the network's %s %s is not among them", name, v.Shape()))
		case !t.Shape().Equal(v.Shape()):
			wrong = append(wrong, fmt.Sprintf("%s has shape %s, the network's %s", name, t.Shape(), v.Shape()))
		}
	}
	for path := range left {
		wrong = append(wrong, fmt.Sprintf("the network has no %s", strings.TrimPrefix(path, reprScope+"/")))
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("config: Pretrained are weights of %s, which Network is not: %s", w.Network, listed(wrong))
	}
	return nil
}
