package weightfile

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
)

// decode reads one of a tensor's external_data, a StringStringEntryProto.
func (e *externalData) decode(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	key, value, err := textPair(message)
	if err != nil {
		return err
	}
	switch key {
	case "location":
		e.location = value
	case "offset":
		e.offset, err = strconv.ParseInt(value, 10, 64)
	case "length":
		e.length, err = strconv.ParseInt(value, 10, 64)
	}
	if err != nil {
		return fmt.Errorf("external data: %s: %w", key, err)
	}
	return nil
}

// readExternal reads the numbers that a model in folder dir keeps in other files into its
// tensors, and returns these files in the order of their names. A file outside dir is not
// read.
func readExternal(dir string, all map[string]foreignTensor) (files [][]byte, err error) {
	read := map[string][]byte{}
	for name, t := range all {
		if t.external == nil {
			continue
		}
		location := t.external.location
		if _, done := read[location]; !done {
			local := filepath.FromSlash(location)
			if !filepath.IsLocal(local) {
				return nil, fmt.Errorf("initializer %q: its numbers are in %q, which is not a file beside the model: %s", name, location, inOneFile)
			}
			if read[location], err = readFile(filepath.Join(dir, local)); err != nil {
				return nil, fmt.Errorf("initializer %q: its numbers are in another file, which belongs to the model: %w: copy both, or %s", name, err, inOneFile)
			}
		}
		if t, err = t.from(read[location]); err != nil {
			return nil, fmt.Errorf("initializer %q in %s: %w", name, location, err)
		}
		all[name] = t
	}
	for _, location := range slices.Sorted(maps.Keys(read)) {
		files = append(files, read[location])
	}
	return files, nil
}

const inOneFile = "export to one file: torch.onnx.export(…, external_data=False)"

// from returns the tensor with its numbers, taken from the content of their file.
func (t foreignTensor) from(file []byte) (foreignTensor, error) {
	from, length := t.external.offset, t.external.length
	if from < 0 || from > int64(len(file)) {
		return t, fmt.Errorf("it begins at byte %d of %d: check that the file is complete and belongs to this model", from, len(file))
	}
	if rest := int64(len(file)) - from; length < 0 {
		length = rest
	} else if length > rest {
		return t, fmt.Errorf("bytes %d to %d of %d: check that the file is complete and belongs to this model", from, from+length, len(file))
	}
	t.raw, t.problem, t.external = file[from:from+length], "", nil
	return t, t.checkSize()
}
