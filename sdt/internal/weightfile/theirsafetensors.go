package weightfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// foreignKinds are the element types of a safetensors file from which weights can be read.
var foreignKinds = map[string]numberKind{"F16": half, "BF16": brain, "F32": single, "F64": double}

// decodeForeignTensors returns the tensors, by name, of a safetensors file that another
// program wrote. Their numbers must fill the file after the header without gaps, as the
// format demands, so that a truncated file is found. A tensor that safetensors' save_model
// omitted, because it is another tensor under a second name, is returned under both names:
// the metadata lists these. Other metadata is ignored.
func decodeForeignTensors(data []byte) (map[string]foreignTensor, error) {
	header, body, err := splitTensors(data)
	if err != nil && !errors.Is(err, errTwice) {
		return nil, notFile(&notMessage{err}, "a .safetensors file", "download or save it again")
	}
	if err != nil {
		return nil, err
	}
	var second map[string]string // name: the name of the tensor with its numbers
	json.Unmarshal(header["__metadata__"], &second)
	delete(header, "__metadata__")
	all := map[string]foreignTensor{}
	var spans [][2]int64
	for name, raw := range header {
		var e tensorEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if e.Offsets[1] > int64(len(body)) {
			return nil, fmt.Errorf("the file is incomplete: tensor %q ends at byte %d of %d: download or save it again", name, e.Offsets[1], len(body))
		}
		t := foreignTensor{shape: e.Shape}
		kind, ok := foreignKinds[e.DType]
		if ok {
			t.kind = kind
			if t.raw, err = e.find(body, t.kind.size); err != nil {
				return nil, fmt.Errorf("tensor %q: %w", name, err)
			}
		} else {
			t.problem = wrongType(fmt.Sprintf("%q", e.DType))
			t.counts = e.DType == "BOOL" || strings.TrimLeft(e.DType, "IU") != e.DType
		}
		all[name], spans = t, append(spans, e.Offsets)
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) })
	end := int64(0)
	for _, s := range spans {
		if s[0] != end || s[1] < end {
			return nil, fmt.Errorf("tensors leave a gap or overlap: bytes %d to %d come after byte %d", s[0], s[1], end)
		}
		end = s[1]
	}
	if end != int64(len(body)) {
		return nil, fmt.Errorf("tensors fill %d bytes, but the file has %d for them", end, len(body))
	}
	for name, other := range second {
		t, ok := all[other]
		if _, taken := all[name]; ok && !taken {
			all[name] = t
		}
	}
	return all, nil
}
