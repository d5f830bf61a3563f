package sdt

import (
	"testing"
	"time"
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
