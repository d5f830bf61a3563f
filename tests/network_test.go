//go:build linux

package tests

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// cutOff runs a program in the fresh checkout, in a network that leads nowhere, and returns
// what it asked that network for: see tests/internal/alone.
func cutOff(t *testing.T, more []string, args ...string) (s said, asked string) {
	t.Helper()
	program, err := aloneProgram()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "asked")
	s = command(t.Context(), checkout(t), more, program, append([]string{file}, args...)...)
	if strings.Contains(s.stderr, "alone: fork/exec") {
		t.Skipf("%s: this system gives no user a network of his own: %s", t.Name(), s.stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.stderr)
	}
	return s, string(text)
}

var aloneProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(shared, "alone")
	if s := command(context.Background(), "", nil, "go", "build", "-o", program, "./internal/alone"); s.err != nil {
		return "", fmt.Errorf("build internal/alone: %w\n%s", s.err, s.stderr)
	}
	return program, nil
})

// trains is a notebook that goes through the stages, in two steps each, and shows a figure.
const trains = `{"nbformat": 4, "nbformat_minor": 5,
 "metadata": {"kernelspec": {"name": "sdt", "display_name": "Go", "language": "go"}},
 "cells": [
 {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "import (\n\t\"context\"\n\t\"fmt\"\n\n\t\"github.com/sdtlab/sdtlab/datasets\"\n\t\"github.com/sdtlab/sdtlab/plots\"\n\t\"github.com/sdtlab/sdtlab/sdt\"\n\t\"github.com/sdtlab/sdtlab/sdt/network\"\n)\n\nfunc must[T any](v T, err error) T {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\treturn v\n}"},
 {"cell_type": "code", "id": "b", "metadata": {"tags": ["result"]}, "execution_count": null, "outputs": [],
  "source": "%%\nctx := context.Background()\nglyphs := must(datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.05, Grey: true, Size: 28}))\ntask := must(datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{}))\nlab := must(sdt.Open(\"runs\", task, sdt.Config{Network: network.LeNet, PretrainSteps: 2, AdaptSteps: 2}))\nsource := must(lab.Pretrain(ctx))\nsoft := must(lab.SoftLabels(ctx, source))\ne := must(lab.Evaluate(ctx, must(lab.Adapt(ctx, source, soft))))\nfmt.Println(\"the method:\", e.Method)"},
 {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "%%\nif err := plots.PerClassAccuracy(e).Display(); err != nil {\n\tpanic(err)\n}"}
 ]}`

// Nothing asks the network for anything, but for Go's modules, of which all are here, and
// for the chart script, which is said before.
func TestNetwork(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: builds programs", t.Name())
	}
	dir := t.TempDir()
	notebook := filepath.Join(dir, "trains.ipynb")
	if err := os.WriteFile(notebook, []byte(trains), 0o600); err != nil {
		t.Fatal(err)
	}
	chart := filepath.Join(dir, "echarts.js")
	if err := os.WriteFile(chart, []byte("// none"), 0o600); err != nil {
		t.Fatal(err)
	}
	off := append(environment(), "GOPROXY=off")
	nothing := func(t *testing.T, asked string) {
		t.Helper()
		if asked != "" {
			t.Errorf("it asks the network for\n%s", asked)
		}
	}
	t.Run("what asks is seen", func(t *testing.T) {
		const elsewhere = "proxy.example"
		if s, asked := cutOff(t, []string{"GOPROXY=https://" + elsewhere}, "go", "list", "-m", "example.com/none@v1.0.0"); s.err == nil || !strings.HasPrefix(asked, "proxy "+elsewhere+":443\n") {
			t.Errorf("of go list, %v, is seen\n%s", s.err, asked)
		}
	})
	t.Run("run", func(t *testing.T) {
		s, asked := cutOff(t, append(off, "SDT_ECHARTS="+chart), "go", "run", "./kernel", "run", notebook, "-o", t.TempDir())
		if s.must(t); !strings.Contains(s.stdout, "the method: confusion + soft labels") {
			t.Errorf("it prints\n%s", s.stdout)
		}
		nothing(t, asked)
	})
	t.Run("run, without the chart script", func(t *testing.T) {
		if s := command(t.Context(), "", nil, "npm", "--version"); s.err != nil {
			t.Skipf("%s: no npm: %v", t.Name(), s.err)
		}
		env := append(off, "SDT_CACHE="+without(t, "echarts-"), "npm_config_fetch_retries=0", "npm_config_registry=https://registry.example")
		out := t.TempDir()
		s, asked := cutOff(t, env, "go", "run", "./kernel", "run", notebook, "-o", out)
		s.must(t)
		for line := range strings.Lines(asked) {
			if line != "proxy registry.example:443\n" {
				t.Errorf("it asks for %s", line)
			}
		}
		if asked == "" || !strings.Contains(s.stderr, "fetching the chart script, npm package echarts@") || !strings.Contains(s.stderr, "will need a network") {
			t.Errorf("it asks %q, and says\n%s", asked, s.stderr)
		}
	})
	t.Run("doctor", func(t *testing.T) {
		env := append(off, "SDT_CACHE="+t.TempDir(), "ONNXRUNTIME_SHARED_LIBRARY_PATH=") // so that it times pure Go alone
		s, asked := cutOff(t, env, "go", "run", "./kernel", "doctor")
		if s.must(t); !strings.Contains(s.stdout, "ms a step") {
			t.Errorf("it times nothing:\n%s", s.stdout)
		}
		nothing(t, asked)
	})
	// A program, not the kernel, on a back end that is not here: upstream would fetch it.
	t.Run("a back end that is not here", func(t *testing.T) {
		env := append(off, "GOMLX_BACKEND=xla:cpu", "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"), "HOME="+dir)
		s, asked := cutOff(t, env, "go", "run", "./notebooks/reproduce", "-table", "glyphs", "-trials", "1", "-steps", "1", "-o", t.TempDir())
		if s.err == nil {
			t.Error("it does not miss the back end")
		}
		nothing(t, asked)
	})
}

// without returns a folder that has of our cache all but what a name begins with.
func without(t *testing.T, prefix string) string {
	t.Helper()
	cache := os.Getenv("SDT_CACHE")
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(dir, "sdtlab")
	}
	all, err := os.ReadDir(cache)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, e := range all {
		if strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if err := os.Symlink(filepath.Join(cache, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
