// Package onnxtest writes small ONNX models for tests.
package onnxtest

import (
	"encoding/binary"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// Model is what a file says.
type Model struct {
	Input    []int // shape, 0: any
	Nodes    []Node
	Weights  []Tensor
	Output   string
	Metadata [][2]string
}

// Node is one operation.
type Node struct {
	Op, Name        string
	Inputs, Outputs []string
	Ints            map[string][]int // attributes; one number: an int
	Floats          map[string]float64
}

// Tensor is an initializer, float32 unless Whole is set or Half is.
type Tensor struct {
	Name   string
	Shape  []int
	Values []float64
	Whole  bool // int64
	Half   bool // float16, in bits: Values are not converted
	File   string
}

// Write writes the model to a file in a folder of the test's, and returns its path.
func (m Model) Write(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, m.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Bytes returns the file, a ModelProto, the same bytes each time.
//
// onnx/onnx, onnx/onnx.proto.
func (m Model) Bytes() []byte {
	var g []byte
	for _, n := range m.Nodes {
		g = message(g, 1, n.bytes())
	}
	g = message(g, 2, []byte("made"))
	for _, w := range m.Weights {
		g = message(g, 5, w.bytes())
	}
	g = message(g, 11, valueInfo("input", m.Input))
	g = message(g, 12, valueInfo(m.Output, nil))
	out := message(number(nil, 1, 8), 8, number(nil, 2, 17))
	for _, pair := range m.Metadata {
		out = message(out, 14, message(message(nil, 1, []byte(pair[0])), 2, []byte(pair[1])))
	}
	return message(out, 7, g)
}

func (n Node) bytes() []byte {
	var b []byte
	for _, in := range n.Inputs {
		b = message(b, 1, []byte(in))
	}
	for _, out := range n.Outputs {
		b = message(b, 2, []byte(out))
	}
	b = message(message(b, 3, []byte(n.Name)), 4, []byte(n.Op))
	for _, name := range slices.Sorted(maps.Keys(n.Ints)) {
		v := n.Ints[name]
		a := message(nil, 1, []byte(name))
		if len(v) == 1 {
			a = number(number(a, 3, uint64(v[0])), 20, 2)
		} else {
			for _, i := range v {
				a = number(a, 8, uint64(i))
			}
			a = number(a, 20, 7)
		}
		b = message(b, 5, a)
	}
	for _, name := range slices.Sorted(maps.Keys(n.Floats)) {
		a := protowire.AppendTag(message(nil, 1, []byte(name)), 2, protowire.Fixed32Type)
		a = protowire.AppendFixed32(a, math.Float32bits(float32(n.Floats[name])))
		b = message(b, 5, number(a, 20, 1))
	}
	return b
}

func (t Tensor) bytes() []byte {
	var b, raw []byte
	for _, d := range t.Shape {
		b = number(b, 1, uint64(d))
	}
	kind := uint64(1)
	for _, v := range t.Values {
		switch {
		case t.Whole:
			kind, raw = 7, binary.LittleEndian.AppendUint64(raw, uint64(int64(v)))
		case t.Half:
			kind, raw = 10, binary.LittleEndian.AppendUint16(raw, uint16(v))
		default:
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		}
	}
	b = message(number(b, 2, kind), 8, []byte(t.Name))
	if t.File != "" {
		entry := message(message(nil, 1, []byte("location")), 2, []byte(t.File))
		return number(message(b, 13, entry), 14, 1)
	}
	return message(b, 9, raw)
}

// valueInfo is a ValueInfoProto of float32; a dimension of 0 is named "n".
func valueInfo(name string, dims []int) []byte {
	var shape []byte
	for _, d := range dims {
		dim := number(nil, 1, uint64(d))
		if d == 0 {
			dim = message(nil, 2, []byte("n"))
		}
		shape = message(shape, 1, dim)
	}
	tensor := message(number(nil, 1, 1), 2, shape)
	return message(message(nil, 1, []byte(name)), 2, message(nil, 1, tensor))
}

func message(to []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, field, protowire.BytesType), m)
}

func number(to []byte, field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, field, protowire.VarintType), v)
}

// Small is a network for images [n, 8, 8, 3], channels last as Keras has it: it scales pixels
// by 1/127.5 − 1, turns them channels first, and has a convolution of 4 windows of 3×3 with
// stride 2, with SAME padding, batch norm, a rectifier, the mean over the image and a
// classifier of 2 units. The features are [n, 4].
func Small() Model {
	w := Tensor{Name: "conv/kernel", Shape: []int{4, 3, 3, 3}}
	for i := range 4 * 27 {
		w.Values = append(w.Values, math.Sin(float64(7*i+i*i%13))/4)
	}
	four := func(name string, v ...float64) Tensor { return Tensor{Name: name, Shape: []int{4}, Values: v} }
	return Model{
		Input: []int{0, 8, 8, 3},
		Weights: []Tensor{
			{Name: "scale", Shape: []int{3}, Values: []float64{1 / 127.5, 1 / 127.5, 1 / 127.5}}, {Name: "offset", Shape: []int{1}, Values: []float64{-1}},
			w, four("gamma", 1, 2, 0.5, 1), four("beta", 0, 0.1, 0.2, 0.3), four("mean", 0.1, -0.1, 0.2, 0), four("variance", 1, 2, 0.5, 1.5),
			{Name: "classifier", Shape: []int{4, 2}, Values: []float64{1, -1, 2, -2, 3, -3, 4, -4}},
			{Name: "classifier_bias", Shape: []int{2}, Values: []float64{0.5, -0.5}},
		},
		Nodes: []Node{
			{Op: "Mul", Name: "rescale", Inputs: []string{"input", "scale"}, Outputs: []string{"scaled"}},
			{Op: "Add", Name: "shift", Inputs: []string{"scaled", "offset"}, Outputs: []string{"pixels"}},
			{Op: "Transpose", Name: "first", Inputs: []string{"pixels"}, Outputs: []string{"channels_first"}, Ints: map[string][]int{"perm": {0, 3, 1, 2}}},
			{Op: "Conv", Name: "conv", Inputs: []string{"channels_first", "conv/kernel"}, Outputs: []string{"/conv/Conv_output_0"}, Ints: map[string][]int{"strides": {2, 2}, "pads": {0, 0, 1, 1}}},
			{Op: "BatchNormalization", Name: "bn", Inputs: []string{"/conv/Conv_output_0", "gamma", "beta", "mean", "variance"}, Outputs: []string{"normed"}, Floats: map[string]float64{"epsilon": 1e-3}},
			{Op: "Relu", Name: "relu", Inputs: []string{"normed"}, Outputs: []string{"relu:0"}},
			{Op: "GlobalAveragePool", Name: "pool", Inputs: []string{"relu:0"}, Outputs: []string{"pooled"}},
			{Op: "Flatten", Name: "flatten", Inputs: []string{"pooled"}, Outputs: []string{"flat"}},
			{Op: "MatMul", Name: "dense", Inputs: []string{"flat", "classifier"}, Outputs: []string{"product"}},
			{Op: "Add", Name: "bias", Inputs: []string{"product", "classifier_bias"}, Outputs: []string{"logits"}},
			{Op: "Softmax", Name: "softmax", Inputs: []string{"logits"}, Outputs: []string{"probabilities"}},
		},
		Output: "probabilities",
	}
}
