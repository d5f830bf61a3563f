package sdt

import (
	"encoding/json"
	"fmt"
	"slices"
)

// decodeForeignTensors returns the tensors of a safetensors file that another program
// wrote, by name, whatever its metadata say. Their numbers must fill the file behind the
// header without gaps, as the format demands: so a file that was cut is found.
func decodeForeignTensors(data []byte) (map[string]foreignTensor, error) {
	header, body, err := splitTensors(data)
	if err != nil {
		return nil, err
	}
	delete(header, "__metadata__")
	all := map[string]foreignTensor{}
	var spans [][2]int64
	for name, raw := range header {
		var e tensorEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		t := foreignTensor{shape: e.Shape}
		switch e.DType {
		case "F32":
			t.size = 4
		case "F64":
			t.size = 8
		default:
			t.problem = fmt.Sprintf("its element type is %q, want F32 or F64", e.DType)
		}
		if t.problem == "" {
			if t.raw, err = e.find(body, t.size); err != nil {
				return nil, fmt.Errorf("tensor %q: %w", name, err)
			}
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
	return all, nil
}
