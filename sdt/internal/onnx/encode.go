package onnx

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/support/exceptions"
)

// The version of ONNX's operators that is written, which programs since 2022 read, and of the
// file format.
const opset, irVersion = 17, 8

// Model is what a file says besides the graph.
type Model struct {
	Name     string // of the graph
	Doc      string
	Producer string // the program that writes it
	Version  string // of that program; "" if it is unknown
	Metadata map[string]string
	Input    string   // the parameter that is the model's input, [n, ...]
	Outputs  []string // names of what the graph returns, in order

	Values map[string]*tensors.Tensor // of the other parameters, by name
}

// Encode returns an ONNX file with the graph that build builds for any number of rows in the
// batch. build is called with graphs for two numbers of rows, creates the parameters and
// returns the outputs; it may panic, as graph building does. The same graph gives the same
// bytes.
//
// An operation that cannot be written is an error that names it. So is a graph that computes
// something else for another number of rows, a parameter without a value, and a file of more
// than 2 GiB, which the format does not allow.
//
// onnx/onnx, onnx/onnx.proto and docs/Operators.md.
func (m Model) Encode(build func(g *graph.Graph, rows int) []*graph.Node) ([]byte, error) {
	const few, more = 2, 3
	var both [2]*recording
	for i, rows := range []int{few, more} {
		var err error
		if both[i], err = record(m.Name, rows, build); err != nil {
			return nil, err
		}
	}
	r := both[0]
	if err := align(r, both[1], few, more); err != nil {
		return nil, err
	}
	if len(r.outputs) != len(m.Outputs) {
		return nil, fmt.Errorf("the graph has %d outputs, want %d: %s", len(r.outputs), len(m.Outputs), strings.Join(m.Outputs, ", "))
	}
	e := encoder{values: map[string][]byte{}, names: map[*node]string{}, taken: map[string]bool{}, input: m.Input}
	if err := e.take(r, m.Values); err != nil {
		return nil, err
	}
	r.fold(e.values)
	e.graph.text(2, m.Name)
	for i, n := range r.outputs {
		e.output(n, m.Outputs[i])
	}
	e.write(r)
	return m.file(e.graph)
}

// record records the graph for one number of rows.
func record(name string, rows int, build func(g *graph.Graph, rows int) []*graph.Node) (r *recording, err error) {
	caught := exceptions.TryCatch[error](func() {
		g := graph.NewGraph(&recorder{}, name)
		defer g.Finalize()
		if err = g.Compile(build(g, rows)...); err == nil {
			r = g.Executable().(*result).recording
		}
	})
	if caught != nil {
		return nil, caught
	}
	return r, err
}

// file returns the ModelProto around a GraphProto.
func (m Model) file(graph message) ([]byte, error) {
	var file, operators message
	file.integer(1, irVersion)
	file.text(2, m.Producer)
	file.text(3, m.Version)
	file.text(6, m.Doc)
	file.bytes(7, graph)
	operators.integer(2, opset)
	file.bytes(8, operators)
	for _, key := range slices.Sorted(maps.Keys(m.Metadata)) {
		var entry message
		entry.text(1, key)
		entry.text(2, m.Metadata[key])
		file.bytes(14, entry)
	}
	if len(file) > math.MaxInt32 {
		return nil, fmt.Errorf("the model has %d bytes, of which an ONNX file holds at most %d", len(file), math.MaxInt32)
	}
	return file, nil
}

// encoder writes a GraphProto.
type encoder struct {
	graph  message
	input  string
	values map[string][]byte // of parameters
	names  map[*node]string
	taken  map[string]bool // names
	count  int             // of names that were made up
	rows   string          // the name of the number of rows; "" if it is not written yet
}

// take puts the numbers of the parameters that the outputs need into e.values.
func (e *encoder) take(r *recording, values map[string]*tensors.Tensor) error {
	used := r.used()
	for _, n := range r.nodes {
		if !used[n] || n.name == "" || n.name == e.input {
			continue
		}
		t := values[n.name]
		if t == nil {
			return fmt.Errorf("variable %s has no value", n.name)
		}
		if !t.Shape().Equal(n.shape) {
			return fmt.Errorf("variable %s has shape %s, in the graph %s", n.name, t.Shape(), n.shape)
		}
		if err := t.ConstBytes(func(data []byte) { e.values[n.name] = bytes.Clone(data) }); err != nil {
			return fmt.Errorf("variable %s: %w", n.name, err)
		}
	}
	return nil
}

// output names what the graph returns. A node that is given, or has a name, is returned under
// the other name by an operator.
func (e *encoder) output(n *node, name string) {
	e.graph.bytes(12, valueMessage(name, n.shape.DType, n.dims))
	if n.given() || e.names[n] != "" {
		defer e.graph.bytes(1, nodeMessage("Identity", name, []string{e.nameOf(n)}, nil))
		return
	}
	e.names[n] = name
}

// nameOf returns the name of a node's value.
func (e *encoder) nameOf(n *node) string {
	if e.names[n] == "" {
		name := strings.TrimPrefix(n.name, "/")
		if short := strings.TrimRight(name, "'"); !e.taken[short] { // the only layout in the file
			name = short
		}
		if name == "" {
			name = e.newName()
		}
		e.names[n], e.taken[name] = name, true
	}
	return e.names[n]
}

func (e *encoder) newName() string {
	e.count++
	return "value " + strconv.Itoa(e.count)
}

// write writes the nodes that the outputs need.
func (e *encoder) write(r *recording) {
	used := r.used()
	for _, n := range r.nodes {
		switch {
		case !used[n]:
		case n.name == e.input:
			e.graph.bytes(11, valueMessage(e.nameOf(n), n.shape.DType, n.dims))
		case n.name != "":
			e.graph.bytes(5, tensorMessage(e.nameOf(n), n.shape.DType, n.shape.Dimensions, e.values[n.name]))
		case n.sizes != nil:
			// written where it is used
		case n.given():
			e.graph.bytes(5, tensorMessage(e.nameOf(n), n.shape.DType, n.shape.Dimensions, n.data))
		default:
			var in []string
			for _, x := range n.in {
				if x.sizes != nil {
					e.sizes(x, n.op)
				}
				in = append(in, e.nameOf(x))
			}
			e.graph.bytes(1, nodeMessage(n.op, e.nameOf(n), in, n.attributes))
		}
	}
}

// sizes writes a vector of sizes for an operator. If some grow with the batch, it is computed
// from the shape of the input; for Reshape one of them is −1, which ONNX works out.
func (e *encoder) sizes(n *node, op string) {
	grow := 0
	for _, s := range n.vector {
		if s.times > 0 {
			grow++
		}
	}
	if grow > 1 || grow == 1 && op != "Reshape" {
		e.computed(n)
		return
	}
	var fixed []int
	for _, s := range n.vector {
		if s.times > 0 {
			s.fixed = -1
		}
		fixed = append(fixed, s.fixed)
	}
	e.graph.bytes(5, tensorMessage(e.nameOf(n), dtypes.Int64, []int{len(fixed)}, int64Bytes(fixed)))
}

// computed writes the operators that compute a vector of sizes.
func (e *encoder) computed(n *node) {
	constant := func(v int) string {
		name := e.newName()
		e.graph.bytes(5, tensorMessage(name, dtypes.Int64, []int{1}, int64Bytes([]int{v})))
		return name
	}
	operator := func(op string, settings []attribute, in ...string) string {
		name := e.newName()
		e.graph.bytes(1, nodeMessage(op, name, in, settings))
		return name
	}
	if e.rows == "" {
		e.rows = operator("Shape", []attribute{{"start", 0}, {"end", 1}}, strings.TrimPrefix(e.input, "/"))
	}
	var parts []string
	for _, s := range n.vector {
		switch s.times {
		case 0:
			parts = append(parts, constant(s.fixed))
		case 1:
			parts = append(parts, e.rows)
		default:
			parts = append(parts, operator("Mul", nil, e.rows, constant(s.times)))
		}
	}
	e.graph.bytes(1, nodeMessage("Concat", e.nameOf(n), parts, []attribute{{"axis", 0}}))
}

// int64Bytes returns whole numbers as in a file.
func int64Bytes(all []int) (data []byte) {
	for _, v := range all {
		for b := range 8 {
			data = append(data, byte(uint64(int64(v))>>(8*b)))
		}
	}
	return data
}
