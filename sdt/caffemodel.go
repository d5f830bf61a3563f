package sdt

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// decodeCaffeModel returns the blobs of a .caffemodel file, a protobuf NetParameter, as
// "layer blob i", and the names of all layers in their order. It reads the two formats that
// Caffe has written since 2014: "layers" of V1LayerParameter, which the reference CaffeNet
// has, and "layer" of LayerParameter.
//
// BVLC/caffe, src/caffe/proto/caffe.proto.
func decodeCaffeModel(data []byte) (blobs map[string]foreignTensor, layers []string, err error) {
	blobs = map[string]foreignTensor{}
	for f, err := range fields(data) {
		if err != nil {
			return nil, nil, err
		}
		var nameField, blobField protowire.Number
		switch f.number {
		case 2: // NetParameter.layers
			nameField, blobField = 4, 6
		case 100: // NetParameter.layer
			nameField, blobField = 1, 7
		default:
			continue
		}
		message, err := f.message()
		if err != nil {
			return nil, nil, err
		}
		name, messages, err := decodeCaffeLayer(message, nameField, blobField)
		if err != nil {
			return nil, nil, fmt.Errorf("layer %d, %q: %w", len(layers), name, err)
		}
		layers = append(layers, name)
		for i, message := range messages {
			blob := fmt.Sprintf("%s blob %d", name, i)
			if _, twice := blobs[blob]; twice {
				return nil, nil, fmt.Errorf("%q is there twice", blob)
			}
			if blobs[blob], err = decodeBlob(message); err != nil {
				return nil, nil, fmt.Errorf("%q: %w", blob, err)
			}
		}
	}
	return blobs, layers, nil
}

// decodeCaffeLayer returns a layer's name and its blobs, still encoded.
func decodeCaffeLayer(message []byte, nameField, blobField protowire.Number) (name string, blobs [][]byte, err error) {
	for f, err := range fields(message) {
		if err != nil {
			return name, nil, err
		}
		switch {
		case f.number == nameField:
			text, err := f.message()
			if err != nil {
				return name, nil, err
			}
			name = string(text)
		case f.number == blobField:
			blob, err := f.message()
			if err != nil {
				return name, nil, err
			}
			blobs = append(blobs, blob)
		case f.number == 1: // V1LayerParameter.layer; in LayerParameter, 1 is the name
			return name, nil, errors.New("it is in the format that Caffe had before 2014: upgrade the file with Caffe's upgrade_net_proto_binary")
		}
	}
	return name, blobs, nil
}

// decodeBlob reads a BlobProto: float data or double data; the shape, or the old
// num, channels, height, width, where leading ones fill up the four.
func decodeBlob(message []byte) (foreignTensor, error) {
	old, isOld := [4]int{}, false
	var shape []int
	var single, double []byte
	for f, err := range fields(message) {
		if err != nil {
			return foreignTensor{}, err
		}
		switch f.number {
		case 1, 2, 3, 4: // num, channels, height, width
			var dim []int
			if dim, err = dimensions(nil, f); len(dim) == 1 {
				old[f.number-1], isOld = dim[0], true
			} else if err == nil {
				err = f.wrongKind()
			}
		case 5: // data
			single, err = f.appendFloats(single, 4)
		case 7: // shape
			shape, err = decodeBlobShape(f)
		case 8: // double_data
			double, err = f.appendFloats(double, 8)
		}
		if err != nil {
			return foreignTensor{}, err
		}
	}
	t := foreignTensor{shape: shape, size: 4, raw: single}
	if isOld {
		t.shape, t.padded = old[:], true
	}
	if len(double) > 0 {
		if len(single) > 0 {
			return foreignTensor{}, errors.New("it has both float and double data")
		}
		t.size, t.raw = 8, double
	}
	return t, t.checkSize()
}

// decodeBlobShape reads a BlobShape, a message of repeated dim = 1.
func decodeBlobShape(f field) (shape []int, err error) {
	message, err := f.message()
	if err != nil {
		return nil, err
	}
	for f, err := range fields(message) {
		if err == nil && f.number == 1 {
			shape, err = dimensions(shape, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return shape, nil
}
