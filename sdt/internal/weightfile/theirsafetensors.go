package weightfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// foreignKinds are the element types of a safetensors file that weights are read from.
var foreignKinds = map[string]numberKind{"F16": half, "BF16": brain, "F32": single, "F64": double}

// decodeForeignTensors returns the tensors of a safetensors file that another program
// wrote, by name. Their numbers must fill the file behind the header without gaps, as the
// format demands: so a file that was cut is found. A tensor that safetensors' save_model
// left out, since it is another one under a second name, has both names: the metadata says
// which ones they are. They say nothing else that counts.
func decodeForeignTensors(data []byte) (map[string]foreignTensor, error) {
	header, body, err := splitTensors(data)
	switch begins := len(data) < 9 || data[8] == '{'; {
	case errors.Is(err, io.ErrUnexpectedEOF) && begins:
		return nil, fmt.Errorf("the file is cut in its header (%w): fetch or save it again", err)
	case err != nil:
		return nil, fmt.Errorf("%w: it is damaged, or not a safetensors file: fetch or save it again", err)
	}
	var second map[string]string // name: the one that it shares its numbers with
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
			return nil, fmt.Errorf("the file is cut: tensor %q ends at byte %d of %d: fetch or save it again", name, e.Offsets[1], len(body))
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
			return nil, fmt.Errorf("tensors leave a gap or overlap: bytes %d to %d follow %d", s[0], s[1], end)
		}
		end = s[1]
	}
	if end != int64(len(body)) {
		return nil, fmt.Errorf("tensors of %d bytes in a file with %d for them", end, len(body))
	}
	for name, other := range second {
		t, ok := all[other]
		if _, taken := all[name]; ok && !taken {
			all[name] = t
		}
	}
	return all, nil
}
