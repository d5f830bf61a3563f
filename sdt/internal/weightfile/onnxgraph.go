package weightfile

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gomlx/gomlx/core/tensors"
	"google.golang.org/protobuf/encoding/protowire"
)

// ONNX is a model in an ONNX file: a graph of nodes between named tensors.
//
// onnx/onnx, onnx/onnx.proto.
type ONNX struct {
	Nodes    []ONNXNode
	Weights  map[string]*tensors.Tensor // the graph's initializers; all floating-point ones are float32
	Names    []string                   // of Weights, in the file's order
	Inputs   []ONNXInput                // without those that only give an initializer its shape
	Outputs  []string
	Metadata map[string]string // metadata_props
	Opsets   [][]byte          // opset_import, OperatorSetIdProtos as encoded
	SHA256   string            // of the file, in hexadecimal, or of it and its data files in sequence
}

// ONNXNode is one operation.
type ONNXNode struct {
	Name, Op, Domain string
	Inputs, Outputs  []string // names of tensors; "": an input or output that is left out
	Attributes       map[string]ONNXAttribute
	Rest             []byte // the NodeProto as encoded, without inputs and outputs
}

// ONNXAttribute is the value of a node's attribute, in the field of its type.
type ONNXAttribute struct {
	Int    int64
	Float  float32
	Text   string
	Ints   []int64
	Floats []float32
	Tensor *tensors.Tensor
	Graph  bool // it is a graph, which is not read
}

// ONNXInput is an input of the graph.
type ONNXInput struct {
	Name string
	Dims []int // 0 or below: any
}

// ReadONNX reads a model from an .onnx file, with the data files beside it. Numbers of weights
// must be finite and in a type that float32 holds. A model with several graphs, sparse weights
// or functions is an error, and so is every other kind of file.
func ReadONNX(path string) (*ONNX, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	m := &ONNX{Weights: map[string]*tensors.Tensor{}, Metadata: map[string]string{}}
	err = m.decode(data, filepath.Dir(path))
	if err != nil && errors.As(err, new(*notMessage)) {
		if other := otherWeights(path, data, ".onnx"); other != nil {
			err = other
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, notFile(err, "an ONNX model", "export or download it again"))
	}
	return m, nil
}

// decode reads a ModelProto whose data files are in folder dir.
func (m *ONNX) decode(data []byte, dir string) error {
	var graphs [][]byte
	for f, err := range fields(data) {
		if err != nil {
			return err
		}
		message := f.bytes
		switch f.number {
		case 7, 8, 14, 25: // ModelProto.graph, .opset_import, .metadata_props, .functions
			if message, err = f.message(); err != nil {
				return err
			}
		}
		switch f.number {
		case 7:
			graphs = append(graphs, message)
		case 8:
			m.Opsets = append(m.Opsets, message)
		case 14:
			key, value, err := textPair(message)
			if err != nil {
				return err
			}
			m.Metadata[key] = value
		case 25:
			return errors.New("the model has functions of its own, which are not supported: export it with torch.onnx.export(…, optimize=True), or inline them with onnx.inliner.inline_local_functions")
		}
	}
	if len(graphs) != 1 {
		return &notMessage{fmt.Errorf("the model has %d graphs, want one", len(graphs))}
	}
	if len(m.Opsets) == 0 {
		return &notMessage{errors.New("the model names no operator set")}
	}
	all, err := m.decodeGraph(graphs[0])
	if err != nil {
		return fmt.Errorf("graph: %w", err)
	}
	return m.readWeights(data, dir, all)
}

// decodeGraph reads a GraphProto, except the numbers of its initializers, which it returns.
func (m *ONNX) decodeGraph(graph []byte) (all map[string]onnxTensor, err error) {
	all = map[string]onnxTensor{}
	for f, err := range fields(graph) {
		if err != nil {
			return nil, err
		}
		message := f.bytes
		switch f.number {
		case 1, 5, 11, 12: // GraphProto.node, .initializer, .input, .output
			if message, err = f.message(); err != nil {
				return nil, err
			}
		}
		switch f.number {
		case 1:
			node, err := decodeONNXNode(message)
			if err != nil {
				return nil, fmt.Errorf("node %d, %q: %w", len(m.Nodes), node.Name, err)
			}
			m.Nodes = append(m.Nodes, node)
		case 5:
			name, t, err := decodeONNXNumbers(message)
			if err != nil {
				return nil, fmt.Errorf("initializer %q: %w", name, err)
			}
			if _, twice := all[name]; twice {
				return nil, fmt.Errorf("initializer %q appears twice", name)
			}
			all[name] = t
			m.Names = append(m.Names, name)
		case 11:
			input, err := decodeONNXInput(message)
			if err != nil {
				return nil, fmt.Errorf("input %q: %w", input.Name, err)
			}
			m.Inputs = append(m.Inputs, input)
		case 12:
			output, err := decodeONNXInput(message)
			if err != nil {
				return nil, fmt.Errorf("output %q: %w", output.Name, err)
			}
			m.Outputs = append(m.Outputs, output.Name)
		case 15:
			return nil, errors.New("it has sparse initializers, which are not supported")
		}
	}
	var inputs []ONNXInput
	for _, input := range m.Inputs {
		if _, weight := all[input.Name]; !weight {
			inputs = append(inputs, input)
		}
	}
	m.Inputs = inputs
	return all, nil
}

// decodeONNXNode reads a NodeProto.
func decodeONNXNode(message []byte) (n ONNXNode, err error) {
	n.Attributes = map[string]ONNXAttribute{}
	for f, err := range fields(message) {
		if err != nil {
			return n, err
		}
		text := f.bytes
		if f.number <= 7 {
			if text, err = f.message(); err != nil {
				return n, err
			}
		}
		switch f.number {
		case 1: // input
			n.Inputs = append(n.Inputs, string(text))
			continue
		case 2: // output
			n.Outputs = append(n.Outputs, string(text))
			continue
		case 3: // name
			n.Name = string(text)
		case 4: // op_type
			n.Op = string(text)
		case 5: // attribute
			name, a, err := decodeONNXAttribute(text)
			if err != nil {
				return n, fmt.Errorf("attribute %q: %w", name, err)
			}
			n.Attributes[name] = a
		case 7: // domain
			n.Domain = string(text)
		}
		n.Rest = protowire.AppendTag(n.Rest, f.number, f.kind)
		if f.kind == protowire.BytesType {
			n.Rest = protowire.AppendBytes(n.Rest, f.bytes)
		} else {
			n.Rest = append(n.Rest, f.bytes...)
		}
	}
	return n, nil
}

// decodeONNXInput reads the name and the shape of a ValueInfoProto.
func decodeONNXInput(message []byte) (v ONNXInput, err error) {
	for f, err := range fields(message) {
		if err != nil {
			return v, err
		}
		switch f.number {
		case 1: // name
			var name []byte
			name, err = f.message()
			v.Name = string(name)
		case 2: // type
			v.Dims, err = decodeONNXShape(f, 1, 2) // TypeProto.tensor_type, its .shape
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// decodeONNXShape follows the fields in path to a TensorShapeProto, and returns its dimensions.
func decodeONNXShape(f field, path ...protowire.Number) (dims []int, err error) {
	message, err := f.message()
	if err != nil {
		return nil, err
	}
	for f, err := range fields(message) {
		switch {
		case err != nil:
			return nil, err
		case len(path) > 0 && f.number == path[0]:
			if dims, err = decodeONNXShape(f, path[1:]...); err != nil {
				return nil, err
			}
		case len(path) == 0 && f.number == 1: // dim
			dim, err := f.message()
			if err != nil {
				return nil, err
			}
			size := 0
			for f, err := range fields(dim) {
				if err != nil {
					return nil, err
				}
				if f.number == 1 { // dim_value; otherwise a name: any size
					v, err := f.integer()
					if err != nil {
						return nil, err
					}
					size = int(min(max(v, 0), 1<<31))
				}
			}
			if dims = append(dims, size); len(dims) > maxRank {
				return nil, fmt.Errorf("it has more than %d axes", maxRank)
			}
		}
	}
	return dims, nil
}
