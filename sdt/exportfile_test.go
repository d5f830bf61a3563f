package sdt

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/onnxruntimetest"
	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// exported opens a lab on blobs and trains it for a few steps.
func exported(t *testing.T, config Config) (*Lab, *Model) {
	t.Helper()
	config.PretrainSteps = 3
	l, err := Open(t.TempDir(), blobs(1, 4, 20, 3, false), config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l, m
}

// Python's safetensors reads what Export writes, and so does the next run, from the exported
// file and from the stage's own.
func TestExportedWeightsAreRead(t *testing.T) {
	l, m := exported(t, quick(Full))
	path := filepath.Join(t.TempDir(), "network.safetensors")
	if err := l.Export(m, path); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, filepath.Join(m.Dir, weightsFile)} {
		w, err := network.ReadWeights(file)
		if err != nil {
			t.Fatal(err)
		}
		next, err := Open(t.TempDir(), blobs(2, 3, 20, 3, false).resized(5), still(SourceOnly, w))
		if err != nil {
			t.Fatal(err)
		}
		source, err := next.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"/fc7/weights", "/fc7/biases"} {
			if !source.weights[reprScope+name].Equal(m.weights[reprScope+name]) {
				t.Errorf("%s: a run does not start from its %s", file, name)
			}
		}
		other := still(SourceOnly, w)
		other.Network = quickNetwork
		if _, err := Open(t.TempDir(), blobs(1, 4, 20, 3, false), other); err == nil || !strings.Contains(err.Error(), "fc7/weights has shape (Float32)[5, 16], in the network (Float32)[5, 8]") {
			t.Errorf("another network: error %v", err)
		}
	}
	python := onnxruntimetest.Python(t)
	out, err := exec.CommandContext(t.Context(), python, "-c", `import json, sys
from safetensors import safe_open
f = safe_open(sys.argv[1], "np")
print(json.dumps([f.metadata(), {k: [list(f.get_tensor(k).shape), f.get_tensor(k).ravel().tolist()] for k in f.keys()}]))`, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var about map[string]string
	var theirs map[string][2]json.RawMessage
	if err := json.Unmarshal(out, &[]any{&about, &theirs}); err != nil {
		t.Fatal(err)
	}
	if len(theirs) != 4 || about["classes"] != `["a","b","c","d"]` || about["key"] != m.Key || about["network"] != "fc7" || about["input"] != "float32 [rows, 5]: numbers as the task has them" {
		t.Errorf("%d tensors, metadata %v", len(theirs), about)
	}
	for name, v := range theirs {
		var shape []int
		var flat []float32
		if err := json.Unmarshal(v[0], &shape); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(v[1], &flat); err != nil {
			t.Fatal(err)
		}
		if ours := m.weights[name]; !slices.Equal(shape, ours.Shape().Dimensions) || !slices.Equal(flat, tensors.MustCopyFlatData[float32](ours)) {
			t.Errorf("%s is another: shape %v", name, shape)
		}
	}
}

// Variables that exist only in training are not exported: the next run would have no place for
// them.
func TestExportLeavesOutVariablesOfTraining(t *testing.T) {
	c := quick(SourceOnly)
	c.Network = network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
		y := layer.Dense(scope.In("fc"), x, 4)
		if scope.IsTraining(x.Graph()) {
			y = graph.Add(y, scope.VariableWithShape("shift", shapes.Make(weightsDType)).NodeValue(x.Graph()))
		}
		return y
	})
	l, m := exported(t, c)
	if m.weights[reprScope+"/shift"] == nil {
		t.Fatal("the model has no variable of training")
	}
	path := filepath.Join(t.TempDir(), "network.safetensors")
	if err := l.Export(m, path); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.Pretrained, err = network.ReadWeights(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.TempDir(), blobs(1, 4, 20, 3, false), c); err != nil {
		t.Error(err)
	}
	if err := l.Export(m, filepath.Join(t.TempDir(), "network.onnx")); err != nil {
		t.Error(err)
	}
}

// resized returns the task with as many numbers in each example: zeros are added, or numbers
// left out.
func (t Task) resized(d int) Task {
	resize := func(e *Examples) {
		old := e.Shape[0]
		var values []float32
		for i := range e.Len() {
			row := append(slices.Clone(e.Values[i*old:min((i+1)*old, i*old+d)]), make([]float32, max(0, d-old))...)
			values = append(values, row...)
		}
		e.Values, e.Shape = values, []int{d}
	}
	for i := range t.Sources {
		resize(&t.Sources[i].Examples)
	}
	resize(&t.Target.Examples)
	resize(&t.Unlabelled)
	resize(&t.Test.Examples)
	return t
}

// A file is written whole or not at all, and the same each time.
func TestExportReplacesFiles(t *testing.T) {
	l, m := exported(t, quick(SourceOnly))
	dir := t.TempDir()
	for _, name := range []string{"a.onnx", "A.ONNX", "a.safetensors"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("older"), 0o600); err != nil {
			t.Fatal(err)
		}
		var first []byte
		for range 2 {
			if err := l.Export(m, path); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if first != nil && !bytes.Equal(data, first) {
				t.Errorf("%s: other bytes the second time", name)
			}
			first = data
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 3 {
		t.Errorf("%v, %v in the folder, want three files", files, err)
	}
}

func TestExportErrors(t *testing.T) {
	l, m := exported(t, quick(SourceOnly))
	dir := t.TempDir()
	inside := func(f func(scope *model.Scope, x *graph.Node) *graph.Node) (*Lab, *Model) {
		c := quick(SourceOnly)
		c.Network = network.Of(f)
		return exported(t, c)
	}
	ofAll, byAll := inside(func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layer.Dense(scope.In("fc"), graph.Sub(x, graph.ReduceAllMean(x)), 4)
	})
	strange, byStrange := inside(func(scope *model.Scope, x *graph.Node) *graph.Node {
		return layer.Dense(scope.In("fc"), graph.Add(x, graph.StopGradient(graph.Log1P(graph.Abs(x)))), 4)
	})
	another := quick(SourceOnly)
	another.Network = quickNetwork
	_, wide := exported(t, another)
	five, err := Open(t.TempDir(), blobs(1, 5, 20, 3, false).resized(5), quick(SourceOnly))
	if err != nil {
		t.Fatal(err)
	}
	headless := *m
	headless.weights = map[string]*tensors.Tensor{reprScope + "/fc7/weights": m.weights[reprScope+"/fc7/weights"], reprScope + "/fc7/biases": m.weights[reprScope+"/fc7/biases"]}
	there := filepath.Join(dir, "there.onnx")
	if err := os.WriteFile(there, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why  string
		lab  *Lab
		m    *Model
		path string
		says string
	}{
		{"no model, as an interrupted training returns", l, nil, there, "no model is given"},
		{"made by hand", l, &Model{Stage: "adapt"}, there, "the model has no weights"},
		{"without its classifier", l, &headless, there, "the model has no /model/classifier/weights"},
		{"of another network", l, wide, there, "the model is of another network"},
		{"of another lab", five, m, there, `it lacks "e"`},
		{"another format", l, m, filepath.Join(dir, "network.pt"), `its name ends in ".pt", want .onnx or .safetensors`},
		{"no ending", l, m, filepath.Join(dir, "network"), "want .onnx or .safetensors"},
		{"no such folder", l, m, filepath.Join(dir, "no", "network.onnx"), "there is no folder " + filepath.Join(dir, "no") + ": make it first"},
		{"a folder", l, m, dir + ".onnx", "it is a folder"},
		{"a network that sees the batch", ofAll, byAll, there, "depends on the number of rows in a batch"},
		{"an operation that is not known", strange, byStrange, there, "the operation Log1p, which the export to ONNX does not know"},
	} {
		if row.why == "a folder" {
			if err := os.Mkdir(row.path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		err := row.lab.Export(row.m, row.path)
		if err == nil || !strings.HasPrefix(err.Error(), "export "+row.path+": ") || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
	}
	if data, err := os.ReadFile(there); err != nil || string(data) != "older" {
		t.Errorf("after errors the file has %q, %v", data, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v, %v in the folder, want one file", files, err)
	}
}

// What is not a file of ours is not read as one.
func TestReadWeightsErrors(t *testing.T) {
	l, m := exported(t, quick(SourceOnly))
	dir := t.TempDir()
	ours := filepath.Join(dir, "ours.safetensors")
	if err := l.Export(m, ours); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(data)
	damaged[len(damaged)-1] ^= 1
	if err := l.Export(m, filepath.Join(dir, "ours.onnx")); err != nil {
		t.Fatal(err)
	}
	theirs := append([]byte{20, 0, 0, 0, 0, 0, 0, 0}, `{"__metadata__": {}}`...) // 20 is the header's length
	for name, row := range map[string]struct {
		data []byte
		says string
	}{
		"damaged.safetensors": {damaged, "sha256 does not match: the file is damaged: export it again"},
		"cut.safetensors":     {data[:len(data)-8], "export it again"},
		"theirs.safetensors":  {theirs, "another program wrote it: want a .safetensors file of Lab.Export"},
		"model.pth":           {[]byte("\x80\x02}q\x00."), "want .safetensors"},
		"empty.safetensors":   {nil, "it is empty"},
		"ours.onnx":           {nil, "it is an ONNX model, want .safetensors"},
		"none.safetensors":    {nil, "file does not exist"},
	} {
		path := filepath.Join(dir, name)
		if row.data != nil || name == "empty.safetensors" {
			if err := os.WriteFile(path, row.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := network.ReadWeights(path); err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that says %s", name, err, row.says)
		}
	}
}
