package weightfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"google.golang.org/protobuf/encoding/protowire"
)

// onnxTensor is a tensor of an ONNX model of any type that has a counterpart in GoMLX.
type onnxTensor struct {
	foreignTensor
	whole wholeKind // of integers and bools
}

// wholeKind is a type of integers or bools in an ONNX model.
type wholeKind struct {
	dtype dtypes.DType
	size  int // bytes
}

var wholeKinds = map[string]wholeKind{
	"INT64": {dtypes.Int64, 8}, "INT32": {dtypes.Int32, 4}, "INT16": {dtypes.Int16, 2}, "INT8": {dtypes.Int8, 1},
	"UINT64": {dtypes.Uint64, 8}, "UINT32": {dtypes.Uint32, 4}, "UINT16": {dtypes.Uint16, 2}, "UINT8": {dtypes.Uint8, 1},
	"BOOL": {dtypes.Bool, 1},
}

// decodeONNXNumbers reads a TensorProto of weights or of counters.
func decodeONNXNumbers(message []byte) (name string, t onnxTensor, err error) {
	name, t.foreignTensor, err = decodeONNXTensor(message)
	if err != nil || !t.counts {
		return name, t, err
	}
	t.external = nil
	var raw, typed []byte
	for f, err := range fields(message) {
		if err != nil {
			return name, t, err
		}
		switch f.number {
		case 2: // data_type
			number, err := f.integer()
			if err != nil {
				return name, t, err
			}
			t.whole = wholeKinds[onnxTypes[number].name]
		case 9: // raw_data
			raw, err = f.message()
		case 13: // external_data
			if t.external == nil {
				t.external = &externalData{length: -1}
			}
			err = t.external.decode(f)
		}
		if err != nil {
			return name, t, err
		}
	}
	if t.whole.size == 0 {
		return name, t, nil // its problem says so
	}
	t.kind, t.problem = numberKind{size: t.whole.size}, ""
	if t.external != nil {
		return name, t, nil
	}
	for f, err := range fields(message) {
		if err == nil && (f.number == 5 || f.number == 7 || f.number == 11) { // int32_data, int64_data, uint64_data
			typed, err = f.appendWhole(typed, t.whole.size)
		}
		if err != nil {
			return name, t, err
		}
	}
	if t.raw = raw; len(raw) == 0 {
		t.raw = typed
	}
	return name, t, t.checkSize()
}

// appendWhole appends the values of a repeated integer field, little-endian, of size bytes each.
func (f field) appendWhole(raw []byte, size int) ([]byte, error) {
	add := func(v uint64) {
		raw = append(raw, binary.LittleEndian.AppendUint64(nil, v)[:size]...)
	}
	if f.kind != protowire.BytesType {
		v, err := f.integer()
		add(uint64(v))
		return raw, err
	}
	for rest := f.bytes; len(rest) > 0; {
		v, n := protowire.ConsumeVarint(rest)
		if n < 0 {
			return nil, fmt.Errorf("field %d: %w", f.number, protowire.ParseError(n))
		}
		add(v)
		rest = rest[n:]
	}
	return raw, nil
}

// tensor returns the numbers: float32 for all floating-point types, which must be finite,
// and the file's type for integers and bools.
func (t onnxTensor) tensor() (*tensors.Tensor, error) {
	if t.problem != "" {
		return nil, errors.New(t.problem)
	}
	n := len(t.raw) / t.kind.size
	if t.whole.size > 0 {
		out := tensors.FromShape(shapes.Make(t.whole.dtype, t.shape...))
		if n == 0 {
			return out, nil
		}
		return out, out.MutableBytes(func(data []byte) { copy(data, t.raw) })
	}
	flat := make([]float32, n)
	for i := range flat {
		flat[i] = t.kind.read(t.raw[i*t.kind.size:])
		if math.IsNaN(float64(flat[i])) {
			return nil, fmt.Errorf("number %d is NaN", i)
		}
	}
	if n == 0 {
		return tensors.FromShape(shapes.Make(dtypes.Float32, t.shape...)), nil
	}
	return tensors.FromFlatDataAndDimensions(flat, t.shape...), nil
}

// readWeights converts the initializers, reads those that are in data files in folder dir, and
// takes the fingerprint of all files. data is the content of the model's file.
func (m *ONNX) readWeights(data []byte, dir string, all map[string]onnxTensor) error {
	foreign := map[string]foreignTensor{}
	for name, t := range all {
		foreign[name] = t.foreignTensor
	}
	files, err := readExternal(dir, foreign)
	if err != nil {
		return err
	}
	hash := sha256.New()
	for _, file := range append([][]byte{data}, files...) {
		hash.Write(file)
	}
	m.SHA256 = hex.EncodeToString(hash.Sum(nil))
	for name, t := range all {
		t.foreignTensor = foreign[name]
		if m.Weights[name], err = t.tensor(); err != nil {
			return fmt.Errorf("initializer %q: %w", name, err)
		}
	}
	return nil
}

// decodeONNXAttribute reads an AttributeProto.
func decodeONNXAttribute(message []byte) (name string, a ONNXAttribute, err error) {
	var floats []byte
	for f, err := range fields(message) {
		if err != nil {
			return name, a, err
		}
		var text []byte
		switch f.number {
		case 1: // name
			text, err = f.message()
			name = string(text)
		case 2: // f
			if f.kind != protowire.Fixed32Type {
				return name, a, f.wrongKind()
			}
			a.Float = math.Float32frombits(binary.LittleEndian.Uint32(f.bytes))
		case 3: // i
			a.Int, err = f.integer()
		case 4: // s
			text, err = f.message()
			a.Text = string(text)
		case 5: // t
			if text, err = f.message(); err == nil {
				a.Tensor, err = attributeTensor(text)
			}
		case 6, 11: // g, graphs
			a.Graph = true
		case 7: // floats
			floats, err = f.appendFloats(floats, 4)
		case 8: // ints
			var more []int64
			more, err = f.integers(1 << 20)
			a.Ints = append(a.Ints, more...)
		}
		if err != nil {
			return name, a, err
		}
	}
	for ; len(floats) > 0; floats = floats[4:] {
		a.Floats = append(a.Floats, math.Float32frombits(binary.LittleEndian.Uint32(floats)))
	}
	return name, a, nil
}

// attributeTensor reads the tensor of an attribute; nil if it has a type, such as text, that
// no node of a network computes with.
func attributeTensor(message []byte) (*tensors.Tensor, error) {
	_, t, err := decodeONNXNumbers(message)
	if err != nil || t.problem != "" && t.external == nil {
		return nil, err
	}
	if t.external != nil {
		return nil, errors.New("its numbers are in another file, which only an initializer's may be")
	}
	return t.tensor()
}

// textPair reads a StringStringEntryProto.
func textPair(message []byte) (key, value string, err error) {
	for f, err := range fields(message) {
		if err != nil {
			return "", "", err
		}
		if f.number != 1 && f.number != 2 {
			continue
		}
		text, err := f.message()
		if err != nil {
			return "", "", err
		}
		if f.number == 1 {
			key = string(text)
		} else {
			value = string(text)
		}
	}
	return key, value, nil
}
