// Package onnxruntimetest runs ONNX models in Python's onnxruntime, for tests that compare it with
// this library.
package onnxruntimetest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	Input       [3]string   // name, element type, shape
	Outputs     [][3]string // the same, of each
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

// Run runs models, in that Python, on examples of the given shape, uint8 or float32 numbers as
// in memory, once for each batch size.
func Run(t testing.TB, python string, models []string, examples []byte, dtype string, shape []int, batches ...int) []Result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "examples.raw")
	if err := os.WriteFile(file, examples, 0o600); err != nil {
		t.Fatal(err)
	}
	join := func(all []int, by string) string {
		return strings.ReplaceAll(strings.Trim(fmt.Sprint(all), "[]"), " ", by)
	}
	c := exec.CommandContext(t.Context(), python, append([]string{"-c", script, file, dtype, join(shape, "x"), join(batches, ",")}, models...)...)
	var says strings.Builder
	c.Stderr = &says
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, says.String())
	}
	var all []Result
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	return all
}
