// Package onnxtest runs ONNX models in Python's onnxruntime, for tests that compare it with
// this library.
package onnxtest

import (
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// script reads a model and examples; its first lines say how it is called.
//
//go:embed onnx_run.py
var script string

// Result is what onnxruntime says about a model.
type Result struct {
	Runs []struct { // one for each batch size
		Probabilities, Features []float32 // of all examples, flat
	}
	Checked     bool // by onnx.checker, which is there if the package onnx is
	Metadata    map[string]string
	Producer    string
	Description string
	Input       [3]any   // name, element type, shape
	Outputs     [][3]any // the same, of each
}

// Python returns a Python with onnxruntime and safetensors: one on PATH, or that of
// tests/setup. Without one it skips the test.
func Python(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), filepath.Join(cache, "sdtlab", "jupyter", "bin")) {
		python := filepath.Join(dir, "python3")
		if exec.CommandContext(t.Context(), python, "-c", "import onnxruntime, safetensors").Run() == nil {
			return python
		}
	}
	t.Skipf("%s: no python3 with onnxruntime and safetensors: ./tests/setup installs them", t.Name())
	return ""
}

// Run runs a model on examples of the given shape, uint8 or float32 numbers as in memory, once
// for each batch size.
func Run(t testing.TB, model string, examples []byte, dtype string, shape []int, batches ...int) Result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "examples.raw")
	if err := os.WriteFile(file, examples, 0o600); err != nil {
		t.Fatal(err)
	}
	dims := make([]string, len(shape))
	for i, d := range shape {
		dims[i] = strconv.Itoa(d)
	}
	args := []string{"-c", script, model, file, dtype, strings.Join(dims, "x")}
	for _, b := range batches {
		args = append(args, strconv.Itoa(b))
	}
	c := exec.CommandContext(t.Context(), Python(t), args...)
	var says strings.Builder
	c.Stderr = &says
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, says.String())
	}
	var r Result
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}
