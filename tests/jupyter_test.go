package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tiny is a notebook that declares in one cell, computes in another and shows a figure.
const tiny = `{"nbformat": 4, "nbformat_minor": 5,
 "metadata": {"kernelspec": {"name": "sdt", "display_name": "Go (sdtlab)", "language": "go"}},
 "cells": [
 {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "%noautoget\nimport (\n\t\"fmt\"\n\n\t\"github.com/sdtlab/sdtlab/plots\"\n\t\"github.com/sdtlab/sdtlab/sdt\"\n)\n\nfunc evaluation() sdt.Evaluation {\n\treturn sdt.Evaluation{Domain: \"webcam\", Classes: []string{\"a\", \"b\"}, Labels: []int32{0, 0, 1, 1}, Predictions: []int32{0, 0, 1, 0}, Confidence: []float32{1, 1, 1, 1}}\n}"},
 {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "%%\nfmt.Printf(\"accuracy %.2f\\n\", evaluation().Accuracy())\nif err := plots.PerClassAccuracy(evaluation()).Display(); err != nil {\n\tpanic(err)\n}"},
 {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": null, "outputs": [], "source": "LAST"}
 ]}`

// The kernel works in Jupyter itself: installed under a prefix, found there by name, it
// executes a notebook that uses our packages, and says when a cell fails.
func TestJupyter(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the kernel")
	}
	if s := command(t.Context(), "", nil, "jupyter", "nbconvert", "--version"); s.err != nil {
		t.Skipf("%s: jupyter nbconvert is not installed: %v", t.Name(), s.err)
	}
	prefix := t.TempDir()
	command(t.Context(), checkout(t), nil, "go", "run", "./kernel", "install", "--prefix", prefix).must(t)
	jupyter := []string{
		"JUPYTER_PATH=" + filepath.Join(prefix, "share", "jupyter"),
		"JUPYTER_CONFIG_DIR=" + t.TempDir(), "JUPYTER_RUNTIME_DIR=" + t.TempDir(), // nothing of this user's own
	}
	if s := command(t.Context(), prefix, jupyter, "jupyter", "kernelspec", "list", "--json").must(t); !strings.Contains(s.stdout, `"display_name": "Go (sdtlab)"`) {
		t.Fatalf("Jupyter does not find the kernel:\n%s", s.stdout)
	}
	execute := func(t *testing.T, last string) (said, string) {
		dir := t.TempDir()
		file := filepath.Join(dir, "tiny.ipynb")
		code, err := json.Marshal(last)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(tiny, `"LAST"`, string(code), 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		s := command(t.Context(), dir, jupyter, "jupyter", "nbconvert", "--to", "notebook", "--execute",
			"--ExecutePreprocessor.timeout=300", "--output", "done.ipynb", file)
		return s, filepath.Join(dir, "done.ipynb")
	}

	t.Run("a notebook of ours", func(t *testing.T) {
		s, done := execute(t, "%%\nfmt.Println(\"last\")")
		s.must(t)
		data, err := os.ReadFile(done)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`accuracy 0.75\n`, `"text/html"`, "<figure", "data-sdt-chart", `last\n`, `"execution_count": 3`} {
			if !strings.Contains(string(data), want) {
				t.Errorf("the executed notebook has no %s", want)
			}
		}
	})
	t.Run("a cell that fails", func(t *testing.T) {
		s, _ := execute(t, "%%\npanic(\"on purpose\")")
		if s.err == nil || !strings.Contains(s.stderr, "on purpose") {
			t.Errorf("nbconvert says %v\n%s", s.err, s.stderr)
		}
	})
}
