package weightfile

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// decodeCaffeModel returns the blobs of a .caffemodel file, a protobuf NetParameter, as
// "layer blob i", and the names of all layers in order. It reads the three formats that
// Caffe has written: "layers" of V0LayerParameter (until 2014), "layers" of V1LayerParameter
// (the reference CaffeNet), and "layer" of LayerParameter.
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
				return nil, nil, fmt.Errorf("%q appears twice", blob)
			}
			if blobs[blob], err = decodeBlob(message); err != nil {
				return nil, nil, fmt.Errorf("%q: %w", blob, err)
			}
		}
	}
	return blobs, layers, nil
}

// decodeCaffeLayer returns a layer's name and its blobs, which are still encoded.
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
		case f.number == 1: // V1LayerParameter.layer; in the other two, 1 is the name
			v0, err := f.message()
			if err != nil {
				return name, nil, err
			}
			if name, blobs, err = decodeCaffeLayer(v0, 1, 50); err != nil {
				return name, nil, err
			}
		}
	}
	return name, blobs, nil
}

// caffeKinds are the types of raw data in NVIDIA's Caffe, by number; the two that follow
// are integers.
var caffeKinds = []numberKind{double, single, half}

// decodeBlob reads a BlobProto: float data, double data or, from NVIDIA's Caffe, raw data
// with its type; and the shape, or the older num, channels, height, width, which has
// leading ones for missing axes.
func decodeBlob(message []byte) (foreignTensor, error) {
	old, isOld := [4]int{}, false
	var shape []int
	var kind int64
	var singles, doubles, raw []byte
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
			singles, err = f.appendFloats(singles, 4)
		case 7: // shape
			shape, err = decodeBlobShape(f)
		case 8: // double_data
			doubles, err = f.appendFloats(doubles, 8)
		case 10: // raw_data_type
			kind, err = f.integer()
		case 12: // raw_data
			raw, err = f.message()
		}
		if err != nil {
			return foreignTensor{}, err
		}
	}
	t := foreignTensor{shape: shape, kind: single, raw: singles}
	if isOld {
		t.shape, t.padded = old[:], true
	}
	switch {
	case min(len(singles), 1)+min(len(doubles), 1)+min(len(raw), 1) > 1:
		return foreignTensor{}, errors.New("the blob has more than one of float, double and raw data")
	case len(doubles) > 0:
		t.kind, t.raw = double, doubles
	case len(raw) > 0 && (kind < 0 || kind >= int64(len(caffeKinds))):
		t.problem = wrongType("no. " + fmt.Sprint(kind) + " of NVIDIA's Caffe")
		return t, nil
	case len(raw) > 0:
		t.kind, t.raw = caffeKinds[kind], raw
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
