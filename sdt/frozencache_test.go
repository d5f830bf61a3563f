package sdt

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// different returns photographs with 70 source images that all differ: three batches of the
// frozen part.
func different() Task {
	task := photographs()
	task.Sources[0] = task.Sources[0].Rows(append(rangeOf(30), append(rangeOf(30), rangeOf(10)...)...))
	for i := range task.Sources[0].Pixels {
		task.Sources[0].Pixels[i] ^= uint8(i / (8 * 8 * 3) % 11)
	}
	return task
}

// TestFrozenTogether: while the frozen part computes, another process computes the same images
// and saves them, and so does this one at its next checkpoint. Each image keeps its own row.
func TestFrozenTogether(t *testing.T) {
	task, config := different(), freezing(SourceTarget, "conv2")
	_, want, _ := pretrainOf(t, task, config)
	dir := t.TempDir()
	lab, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	lab.SaveEvery = time.Nanosecond
	lab.OnProgress = func(p Progress) {
		if p.Stage != "frozen" || p.Step != frozenBatch {
			return
		}
		config.Seed++ // another training, from the same cache
		other, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Pretrain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !equalWeights(m, want) {
		t.Error("the training ends with other weights than without the other one")
	}
}

// TestFrozenConstants: frozen parts that differ in a constant which the text of their graph does
// not show, but which NetworkTag or Block.Source tells apart, share no cache.
func TestFrozenConstants(t *testing.T) {
	run := func(dir string, shift float32, tag, source string) *Model {
		shifts := make([]float32, 8*8*3)
		for i := range shifts {
			shifts[i] = shift * float32(i%5)
		}
		config := freezing(SourceTarget, "conv2")
		config.NetworkTag = tag
		config.Network = slices.Concat(network.Network{{Name: "shift", Source: source, Apply: func(_ *model.Scope, x *graph.Node) *graph.Node {
			return graph.Add(x, graph.Reshape(graph.Const(x.Graph(), shifts), 1, 8, 8, 3))
		}}}, convolved)
		lab, err := Open(dir, photographs(), config)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	want := run(t.TempDir(), 50, "", "")
	for _, row := range []struct{ why, tag, source string }{{"another tag", "50", ""}, {"another source", "", "file 50"}} {
		dir := t.TempDir()
		run(dir, 1, "", "")
		if !equalWeights(run(dir, 50, row.tag, row.source), want) {
			t.Errorf("%s: trained on what the other frozen part returned", row.why)
		}
	}
}

// TestFrozenUnsaved: what could not be written, since the disk was full, for example, is
// computed only once, and written as soon as it can be.
func TestFrozenUnsaved(t *testing.T) {
	dir := t.TempDir()
	lab, err := Open(dir, photographs(), freezing(SourceTarget, "conv2"))
	if err != nil {
		t.Fatal(err)
	}
	computed := 0
	inTheWay := filepath.Join(dir, lockFile)
	lab.OnProgress = func(p Progress) {
		if p.Stage == "frozen" {
			computed += p.Step
			if err := os.Mkdir(inTheWay, 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := lab.Pretrain(t.Context()); err == nil {
		t.Fatal("the cache could not be written, and there is no error")
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Pretrain(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "frozen-*.safetensors"))
	if err != nil || len(files) != 1 || computed != 30 {
		t.Errorf("%d images computed, want 30; kept in %q, %v", computed, files, err)
	}
}

// TestFrozenInPlace changes the task's images in place after they were predicted, as a cell of a
// notebook may: predictions are of the images as they are.
func TestFrozenInPlace(t *testing.T) {
	lab, m, _ := pretrainOf(t, photographs(), freezing(SourceTarget, "conv2"))
	test := lab.Task().Test.Examples
	predict := func(e Examples) [][]float64 {
		p, err := lab.Predict(t.Context(), m, e)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	predict(test)
	for i := range test.Pixels {
		test.Pixels[i] = 255 - test.Pixels[i]
	}
	copied := test
	copied.Pixels = slices.Clone(test.Pixels)
	if got, want := predict(test), predict(copied); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("changed in place: %v, want %v as for a copy", got[0], want[0])
	}
}
