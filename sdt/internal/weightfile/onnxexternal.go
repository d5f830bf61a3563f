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
	var key, value string
	for f, err := range fields(message) {
		if err != nil {
			return err
		}
		if f.number != 1 && f.number != 2 {
			continue
		}
		text, err := f.message()
		if err != nil {
			return err
		}
		if f.number == 1 {
			key = string(text)
		} else {
			value = string(text)
		}
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
// tensors, and returns these files in the order of their names. A file that is not below
// dir is not read.
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
			if read[location], err = readWhole(filepath.Join(dir, local)); err != nil {
				return nil, fmt.Errorf("initializer %q: its numbers are in another file, which goes with the model: %w: copy both, or %s", name, err, inOneFile)
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

const inOneFile = "export in one file: torch.onnx.export(…, external_data=False)"

// from returns the tensor with its numbers, which are in the file of that content.
func (t foreignTensor) from(file []byte) (foreignTensor, error) {
	from, length := t.external.offset, t.external.length
	if from < 0 || from > int64(len(file)) {
		return t, fmt.Errorf("it begins at byte %d of %d: is it the model's file, and whole?", from, len(file))
	}
	if rest := int64(len(file)) - from; length < 0 {
		length = rest
	} else if length > rest {
		return t, fmt.Errorf("bytes %d to %d of %d: is it the model's file, and whole?", from, from+length, len(file))
	}
	t.raw, t.problem, t.external = file[from:from+length], "", nil
	return t, t.checkSize()
}
