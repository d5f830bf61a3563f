package weightfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// A weights file is in the safetensors format, which PyTorch and others read: eight bytes
// with the header's length, a JSON header, the tensors. Its metadata holds, under "sha256",
// the hash of the file with zeros in place of that hash, so that a single flipped bit
// anywhere is found.
//
// https://huggingface.co/docs/safetensors

// safetensorsType names the element types that a weights file holds.
var safetensorsType = map[dtypes.DType]string{
	dtypes.Float32: "F32", dtypes.Float64: "F64", dtypes.Int32: "I32", dtypes.Int64: "I64",
	dtypes.Uint32: "U32", dtypes.Uint64: "U64", dtypes.Uint8: "U8", dtypes.Bool: "BOOL",
	dtypes.Int16: "I16", dtypes.Int8: "I8", dtypes.Uint16: "U16",
}

// Holds reports whether a weights file can hold tensors of that element type.
func Holds(dtype dtypes.DType) bool { return safetensorsType[dtype] != "" }

// maxHeader limits the JSON header, in bytes, as the format's own library does.
const maxHeader = 100 << 20

type tensorEntry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

var noHash = hex.EncodeToString(make([]byte, sha256.Size))

// Encode returns a weights file with the given tensors, by name, and metadata.
func Encode(values map[string]*tensors.Tensor, metadata map[string]string) ([]byte, error) {
	header := map[string]any{}
	metadata = maps.Clone(metadata)
	if metadata == nil {
		metadata = map[string]string{}
	}
	metadata["sha256"] = noHash
	header["__metadata__"] = metadata
	names := slices.Sorted(maps.Keys(values))
	var at int64
	for _, name := range names {
		t := values[name]
		kind, ok := safetensorsType[t.DType()]
		if !ok {
			return nil, fmt.Errorf("tensor %s: a weights file cannot hold element type %s", name, t.DType())
		}
		size := t.ByteSize()
		header[name] = tensorEntry{kind, append([]int{}, t.Shape().Dimensions...), [2]int64{at, at + size}}
		at += size
	}
	head, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	for len(head)%8 != 0 {
		head = append(head, ' ')
	}
	out := make([]byte, 0, 8+len(head)+int(at))
	out = binary.LittleEndian.AppendUint64(out, uint64(len(head)))
	out = append(out, head...)
	for _, name := range names {
		if err := values[name].ConstBytes(func(data []byte) { out = append(out, data...) }); err != nil {
			return nil, fmt.Errorf("tensor %s: %w", name, err)
		}
	}
	sum := sha256.Sum256(out)
	copy(out[bytes.Index(out, []byte(noHash)):], hex.EncodeToString(sum[:]))
	return out, nil
}

// Decode is the inverse of Encode. Bytes that are not exactly what Encode wrote are an
// error that says what is wrong with them.
func Decode(data []byte) (map[string]*tensors.Tensor, map[string]string, error) {
	header, body, err := splitTensors(data)
	if err != nil {
		return nil, nil, err
	}
	metadata := map[string]string{}
	if err := json.Unmarshal(header["__metadata__"], &metadata); err != nil {
		return nil, nil, fmt.Errorf("header metadata: %w", err)
	}
	if err := checkHash(data, metadata["sha256"]); err != nil {
		return nil, nil, err
	}
	delete(header, "__metadata__")
	delete(metadata, "sha256")
	values := map[string]*tensors.Tensor{}
	for name, entry := range header {
		t, err := decodeTensor(entry, body)
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %s: %w", name, err)
		}
		values[name] = t
	}
	return values, metadata, nil
}

// splitTensors returns the entries of a safetensors file's header, by name, and the bytes
// after it. A name that appears twice is an error.
func splitTensors(data []byte) (header map[string]json.RawMessage, body []byte, err error) {
	if len(data) < 8 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	size := binary.LittleEndian.Uint64(data)
	if size > maxHeader || size > uint64(len(data)-8) {
		return nil, nil, fmt.Errorf("header of %d bytes in a file of %d: %w", size, len(data), io.ErrUnexpectedEOF)
	}
	d := json.NewDecoder(bytes.NewReader(data[8 : 8+size]))
	if start, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	} else if start != json.Delim('{') {
		return nil, nil, fmt.Errorf("header begins with %v, want {", start)
	}
	header = map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		var entry json.RawMessage
		if err == nil {
			err = d.Decode(&entry)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("header: %w", err)
		}
		if _, twice := header[name.(string)]; twice {
			return nil, nil, fmt.Errorf("header: %q %w", name, errTwice)
		}
		header[name.(string)] = entry
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if more, err := d.Token(); err != io.EOF {
		return nil, nil, fmt.Errorf("header is followed by %v", more)
	}
	return header, data[8+size:], nil
}

// errTwice reports a name that a header has twice.
var errTwice = errors.New("appears twice")

// errNoHash reports a file that Encode did not write.
var errNoHash = errors.New("no sha256 in the header")

// checkHash returns an error if the hash in the data is not the data's own.
func checkHash(data []byte, hash string) error {
	at := bytes.Index(data, []byte(hash))
	if len(hash) != len(noHash) || at < 0 {
		return errNoHash
	}
	h := sha256.New()
	h.Write(data[:at])
	h.Write([]byte(noHash))
	h.Write(data[at+len(hash):])
	if hex.EncodeToString(h.Sum(nil)) != hash {
		return errors.New("sha256 does not match: the file is damaged")
	}
	return nil
}

// decodeTensor reads one tensor of the data part.
func decodeTensor(entry json.RawMessage, data []byte) (*tensors.Tensor, error) {
	var e tensorEntry
	if err := json.Unmarshal(entry, &e); err != nil {
		return nil, err
	}
	for dtype, kind := range safetensorsType {
		if kind != e.DType {
			continue
		}
		numbers, err := e.find(data, dtype.Size())
		if err != nil {
			return nil, err
		}
		t := tensors.FromShape(shapes.Make(dtype, e.Shape...))
		return t, t.MutableBytes(func(dst []byte) { copy(dst, numbers) })
	}
	return nil, fmt.Errorf("unknown element type %q", e.DType)
}

// find returns the tensor's bytes in the data part, with size bytes for each number.
func (e tensorEntry) find(data []byte, size int) ([]byte, error) {
	n, err := count(e.Shape, len(data))
	if err != nil {
		return nil, err
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if from < 0 || to < from || to > int64(len(data)) || to-from != int64(n)*int64(size) {
		return nil, fmt.Errorf("shape %v does not match offsets %v", e.Shape, e.Offsets)
	}
	return data[from:to], nil
}
