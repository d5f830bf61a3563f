package weightfile

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// onnxType is an element type of ONNX, a TensorProto.DataType.
type onnxType struct {
	name   string
	kind   numberKind // if weights can be read from it
	counts bool
}

// onnxTypes are ONNX's element types by number.
var onnxTypes = []onnxType{
	{name: "UNDEFINED"}, {name: "FLOAT", kind: single}, {name: "UINT8", counts: true}, {name: "INT8", counts: true},
	{name: "UINT16", counts: true}, {name: "INT16", counts: true}, {name: "INT32", counts: true}, {name: "INT64", counts: true},
	{name: "STRING"}, {name: "BOOL", counts: true}, {name: "FLOAT16", kind: half}, {name: "DOUBLE", kind: double},
	{name: "UINT32", counts: true}, {name: "UINT64", counts: true}, {name: "COMPLEX64"}, {name: "COMPLEX128"},
	{name: "BFLOAT16", kind: brain}, {name: "FLOAT8E4M3FN"}, {name: "FLOAT8E4M3FNUZ"}, {name: "FLOAT8E5M2"},
	{name: "FLOAT8E5M2FNUZ"}, {name: "UINT4", counts: true}, {name: "INT4", counts: true}, {name: "FLOAT4E2M1"},
}

// decodeONNX returns the initializers of an ONNX model, by name. It reads one thing only of
// how the graph uses them: a matrix that the graph multiplies by directly, not by its
// transpose, is [inputs, outputs], and is returned transposed. Numbers in other files are
// not read yet (see readExternal).
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
		if err := decodeONNXGraph(graph, all); err != nil {
			return nil, err
		}
	}
	if graphs != 1 {
		return nil, &notMessage{fmt.Errorf("the model has %d graphs, want one", graphs)}
	}
	return all, nil
}

// decodeONNXGraph puts the initializers of a GraphProto into all.
func decodeONNXGraph(graph []byte, all map[string]foreignTensor) error {
	var transposed []string
	for f, err := range fields(graph) {
		if err != nil {
			return fmt.Errorf("graph: %w", err)
		}
		if f.number != 1 && f.number != 5 { // GraphProto.node, .initializer
			continue
		}
		message, err := f.message()
		if err != nil {
			return fmt.Errorf("graph: %w", err)
		}
		if f.number == 1 {
			matrix, err := onnxMatrix(message)
			if err != nil {
				return fmt.Errorf("graph: node: %w", err)
			}
			transposed = append(transposed, matrix)
			continue
		}
		name, t, err := decodeONNXTensor(message)
		if err != nil {
			return fmt.Errorf("initializer %q: %w", name, err)
		}
		if _, twice := all[name]; twice {
			return fmt.Errorf("initializer %q appears twice", name)
		}
		all[name] = t
	}
	for _, name := range transposed {
		if t, ok := all[name]; ok && len(t.shape) == 2 && !t.transposed {
			t.shape, t.transposed = []int{t.shape[1], t.shape[0]}, true
			all[name] = t
		}
	}
	return nil
}

// onnxMatrix returns the name of the matrix by which a node multiplies its input, as x·W
// and not as x·Wᵀ; "" if the node does not do that.
func onnxMatrix(node []byte) (string, error) {
	var inputs []string
	var op string
	var transB int64
	for f, err := range fields(node) {
		if err != nil {
			return "", err
		}
		if f.number != 1 && f.number != 4 && f.number != 5 { // NodeProto.input, .op_type, .attribute
			continue
		}
		message, err := f.message()
		if err != nil {
			return "", err
		}
		switch f.number {
		case 1:
			inputs = append(inputs, string(message))
		case 4:
			op = string(message)
		case 5:
			var name string
			var value int64
			for f, err := range fields(message) {
				var text []byte
				switch {
				case err != nil:
				case f.number == 1: // AttributeProto.name
					text, err = f.message()
					name = string(text)
				case f.number == 3: // AttributeProto.i
					value, err = f.integer()
				}
				if err != nil {
					return "", err
				}
			}
			if name == "transB" {
				transB = value
			}
		}
	}
	if len(inputs) > 1 && (op == "MatMul" || op == "Gemm" && transB == 0) {
		return inputs[1], nil
	}
	return "", nil
}

// decodeONNXTensor reads a TensorProto.
func decodeONNXTensor(message []byte) (name string, t foreignTensor, err error) {
	var number int64
	var raw, singles, halves, doubles []byte
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
			number, err = f.integer()
		case 4: // float_data
			singles, err = f.appendFloats(singles, 4)
		case 5: // int32_data: the bits of float16 and bfloat16, among others
			halves, err = f.appendLow16(halves)
		case 8: // name
			text, err = f.message()
			name = string(text)
		case 9: // raw_data
			raw, err = f.message()
		case 10: // double_data
			doubles, err = f.appendFloats(doubles, 8)
		case 13: // external_data
			if t.external == nil {
				t.external = &externalData{length: -1}
			}
			err = t.external.decode(f)
		case 14: // data_location
			if location, err = f.integer(); location != 0 && t.external == nil {
				t.external = &externalData{length: -1}
			}
		}
		if err != nil {
			return name, t, err
		}
	}
	kind := onnxType{name: fmt.Sprint("no. ", number, " of ONNX")}
	if number >= 0 && number < int64(len(onnxTypes)) {
		kind = onnxTypes[number]
	}
	t.kind, t.counts = kind.kind, kind.counts
	switch {
	case t.kind.size == 0:
		t.problem, t.external = wrongType(kind.name), nil
		return name, t, nil
	case t.external != nil:
		t.problem = "the numbers are in another file"
		return name, t, nil
	case len(raw) > 0 && len(singles)+len(halves)+len(doubles) > 0:
		return name, t, errors.New("the tensor has both raw and typed data")
	case len(raw) > 0:
		t.raw = raw
	default:
		t.raw = map[int][]byte{2: halves, 4: singles, 8: doubles}[t.kind.size]
	}
	return name, t, t.checkSize()
}

// appendLow16 appends the low 16 bits of each value of a repeated integer field.
func (f field) appendLow16(raw []byte) ([]byte, error) {
	if f.kind != protowire.BytesType {
		v, err := f.integer()
		return append(raw, byte(v), byte(v>>8)), err
	}
	raw = slices.Grow(raw, 2*len(f.bytes)/3)
	for rest := f.bytes; len(rest) > 0; {
		v, n := protowire.ConsumeVarint(rest)
		if n < 0 {
			return nil, fmt.Errorf("field %d: %w", f.number, protowire.ParseError(n))
		}
		raw, rest = append(raw, byte(v), byte(v>>8)), rest[n:]
	}
	return raw, nil
}
