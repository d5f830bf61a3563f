package sdt

import (
	"errors"
	"fmt"
)

// Element types of ONNX that weights are found in.
const (
	onnxFloat  = 1
	onnxDouble = 11
)

// onnxTypes names the element types that other programs write weights in.
var onnxTypes = map[int64]string{0: "UNDEFINED", 6: "INT32", 7: "INT64", 10: "FLOAT16", 16: "BFLOAT16"}

// decodeONNX returns the initializers of an ONNX model, by name. What the graph computes
// with them is not looked at.
//
// onnx/onnx, onnx/onnx.proto.
func decodeONNX(data []byte) (map[string]foreignTensor, error) {
	all, graphs := map[string]foreignTensor{}, 0
	for f, err := range fields(data) {
		if err != nil {
			return nil, err
		}
		if f.number != 7 { // ModelProto.graph
			continue
		}
		graphs++
		graph, err := f.message()
		if err != nil {
			return nil, err
		}
		for f, err := range fields(graph) {
			if err != nil {
				return nil, fmt.Errorf("graph: %w", err)
			}
			if f.number != 5 { // GraphProto.initializer
				continue
			}
			message, err := f.message()
			if err != nil {
				return nil, fmt.Errorf("graph: %w", err)
			}
			name, t, err := decodeONNXTensor(message)
			if err != nil {
				return nil, fmt.Errorf("initializer %q: %w", name, err)
			}
			if _, twice := all[name]; twice {
				return nil, fmt.Errorf("initializer %q is there twice", name)
			}
			all[name] = t
		}
	}
	if graphs != 1 {
		return nil, fmt.Errorf("it is no ONNX model: it has %d graphs", graphs)
	}
	return all, nil
}

// decodeONNXTensor reads a TensorProto.
func decodeONNXTensor(message []byte) (name string, t foreignTensor, err error) {
	var kind int64
	var external bool
	var raw, single, double []byte
	for f, err := range fields(message) {
		if err != nil {
			return name, t, err
		}
		var text []byte
		var location int64
		switch f.number {
		case 1: // dims
			t.shape, err = dimensions(t.shape, f)
		case 2: // data_type
			kind, err = f.integer()
		case 4: // float_data
			single, err = f.appendFloats(single, 4)
		case 8: // name
			text, err = f.message()
			name = string(text)
		case 9: // raw_data
			raw, err = f.message()
		case 10: // double_data
			double, err = f.appendFloats(double, 8)
		case 13: // external_data
			external = true
		case 14: // data_location
			location, err = f.integer()
			external = external || location != 0
		}
		if err != nil {
			return name, t, err
		}
	}
	typed := single
	switch {
	case external:
		t.problem = "its numbers are in another file: export the model in one (torch.onnx.export has external_data=False)"
		return name, t, nil
	case kind == onnxFloat:
		t.size = 4
	case kind == onnxDouble:
		t.size, typed = 8, double
	default:
		t.problem = fmt.Sprintf("its element type is %d", kind)
		if known, ok := onnxTypes[kind]; ok {
			t.problem = "its element type is " + known
		}
		t.problem += ", want float32 or float64"
		return name, t, nil
	}
	if len(raw) > 0 && len(single)+len(double) > 0 {
		return name, t, errors.New("it has both raw and typed data")
	}
	if t.raw = raw; len(raw) == 0 {
		t.raw = typed
	}
	return name, t, t.checkSize()
}
