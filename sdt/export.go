package sdt

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// Export writes the network of m, trained, to a file that other programs read. What the
// path's name ends in says which:
//
//   - .onnx: an ONNX model (operators of version 17, any number of rows) for onnxruntime and
//     its like. Its input "examples" takes examples as the task has them, [n, Shape...]: images
//     as uint8, features as float32. The cut of Config.Crop and the scaling of pixels are in
//     the model. Its outputs are "probabilities" [n, K], the classes in the task's order, and
//     "features" [n, d], f(x; θ_repr). Nothing is dropped out.
//   - .safetensors: the variables, by the path that they have in the run directory. The next
//     run starts from them with [network.ReadWeights].
//
// Both have the same metadata: "classes", a JSON list; "input" and "crop"; "network", the
// names of its blocks; "key", "stage" and "method"; and "gomlx". The same model gives the
// same bytes.
//
// The file is written to the end or not at all, over one of that name; only the user can read
// it. Errors are another ending, a model that cannot be used (see [Model]) or has other
// classes, an operation of the network that ONNX does not have, which is named, and those of
// the file system.
func (l *Lab) Export(m *Model, path string) error {
	fail := func(err error) error { return fmt.Errorf("export %s: %w", path, err) }
	if err := l.usableOver(m); err != nil {
		return fail(err)
	}
	if folder := filepath.Dir(path); !isFolder(folder) {
		return fail(fmt.Errorf("there is no folder %s: make it first", folder))
	}
	if isFolder(path) {
		return fail(errors.New("it is a folder, want the name of a file"))
	}
	values := l.inUse(m)
	var data []byte
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".onnx":
		data, err = l.onnx(m, values)
	case ".safetensors":
		data, err = weightfile.Encode(values, l.describe(m))
	default:
		err = fmt.Errorf("its name ends in %q, want .onnx or .safetensors", filepath.Ext(path))
	}
	if err == nil {
		err = reason(replaceFile(path, data))
	}
	if err != nil {
		return fail(err)
	}
	return nil
}

// inUse returns the variables of the network of m, its frozen part included, without those
// that exist only in training.
func (l *Lab) inUse(m *Model) map[string]*tensors.Tensor {
	values := map[string]*tensors.Tensor{}
	for path, v := range m.weights {
		if inside, ok := strings.CutPrefix(path, reprScope+"/"); !ok || l.variables[inside].Ok() {
			values[path] = v
		}
	}
	if l.frozen != nil {
		maps.Copy(values, l.frozen.trunk.weights)
	}
	return values
}

// describe returns the metadata of an exported model.
func (l *Lab) describe(m *Model) map[string]string {
	classes, err := json.Marshal(l.task.Classes())
	if err != nil {
		classes = nil // strings are always encoded
	}
	var blocks []string
	for _, b := range l.config.Network {
		blocks = append(blocks, b.Name)
	}
	first := l.task.Sources[0].Examples
	about := map[string]string{
		"classes": string(classes), "input": first.layout(), "network": strings.Join(blocks, ", "),
		"key": m.Key, "stage": m.Stage, "method": m.Method.String(), "gomlx": version("github.com/gomlx/gomlx"),
	}
	if l.config.Crop > 0 {
		about["crop"] = strconv.Itoa(l.config.Crop)
	}
	maps.DeleteFunc(about, func(_, value string) bool { return value == "" }) // a version that is not known
	return about
}

// layout says in words how the examples are passed to an exported model.
func (e Examples) layout() string {
	dims := strings.Trim(strings.ReplaceAll(fmt.Sprint(e.Shape), " ", ", "), "[]")
	if e.Pixels == nil {
		return fmt.Sprintf("float32 [rows, %s]: numbers as the task has them", dims)
	}
	colours := ""
	if len(e.Shape) == 3 {
		colours = map[int]string{1: ", grey", 3: ", red, green, blue"}[e.Shape[2]]
	}
	return fmt.Sprintf("uint8 [rows, %s]: images, height, width, channels%s, 0…255", dims, colours)
}
