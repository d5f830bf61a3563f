package onnx

import (
	"github.com/gomlx/compute/dtypes"
	"google.golang.org/protobuf/encoding/protowire"
)

// elementTypes are ONNX's numbers for element types, TensorProto.DataType.
var elementTypes = map[dtypes.DType]int{
	dtypes.Float32: 1, dtypes.Uint8: 2, dtypes.Int8: 3, dtypes.Uint16: 4, dtypes.Int16: 5, dtypes.Int32: 6, dtypes.Int64: 7,
	dtypes.Bool: 9, dtypes.Float16: 10, dtypes.Float64: 11, dtypes.Uint32: 12, dtypes.Uint64: 13, dtypes.BFloat16: 16,
}

// message is a protobuf message in its encoding. Each method appends a field.
type message []byte

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

// text appends a string; none if it is empty, which is the default.
func (m *message) text(field protowire.Number, s string) {
	if s != "" {
		m.bytes(field, []byte(s))
	}
}

func (m *message) integer(field protowire.Number, v int) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(v))
}

func (m *message) integers(field protowire.Number, all []int) {
	for _, v := range all {
		m.integer(field, v)
	}
}

// tensorMessage is a TensorProto.
func tensorMessage(name string, dtype dtypes.DType, dims []int, data []byte) (m message) {
	m.integers(1, dims)
	m.integer(2, elementTypes[dtype])
	m.text(8, name)
	m.bytes(9, data)
	return m
}

// attributeMessage is an AttributeProto.
func attributeMessage(a attribute) (m message) {
	m.text(1, a.name)
	switch v := a.value.(type) {
	case int:
		m.integer(3, v)
		m.integer(20, 2) // INT
	case string:
		m.text(4, v)
		m.integer(20, 3) // STRING
	case []int:
		m.integers(8, v)
		m.integer(20, 7) // INTS
	}
	return m
}

// nodeMessage is a NodeProto.
func nodeMessage(op, out string, in []string, attributes []attribute) (m message) {
	for _, name := range in {
		m.text(1, name)
	}
	m.text(2, out)
	m.text(3, out)
	m.text(4, op)
	for _, a := range attributes {
		m.bytes(5, attributeMessage(a))
	}
	return m
}

// valueMessage is a ValueInfoProto of a tensor, whose sizes that are the number of rows have
// the name rows.
func valueMessage(name string, dtype dtypes.DType, dims []size) (m message) {
	var shape, tensor, kind message
	for _, d := range dims {
		var dim message
		switch d.times {
		case 0:
			dim.integer(1, d.fixed)
		case 1:
			dim.text(2, "rows")
		}
		shape.bytes(1, dim)
	}
	tensor.integer(1, elementTypes[dtype])
	tensor.bytes(2, shape)
	kind.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, kind)
	return m
}
