package sdt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestOneRunOfOneMethod checks that all stages of one method are one run, whatever it continued
// from, and that a pretraining by itself is one unless another result makes it redundant.
func TestOneRunOfOneMethod(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	methodsOf := func(dir string) (found []Method) {
		t.Helper()
		runs, err := ReadRuns(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			found = append(found, r.Method())
		}
		slices.Sort(found)
		return found
	}
	pretrain := func(dir string, task Task, config Config) {
		t.Helper()
		l, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Pretrain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	others := blobs(2, 4, 20, 3, false)
	anotherSeed, anotherNetwork := quick(SourceOnly), quick(SourceOnly)
	anotherSeed.Seed++
	anotherNetwork.Network = quickNetwork
	for _, m := range slices.Concat(Methods(), Baselines()) {
		dir := t.TempDir()
		stages(t, t.Context(), dir, task, quick(m))
		if got := methodsOf(dir); !slices.Equal(got, []Method{m}) {
			t.Errorf("only %s: runs of %v", m, got)
		}
		for why, more := range map[string]func(dir string){
			"another seed":    func(dir string) { pretrain(dir, task, anotherSeed) },
			"another network": func(dir string) { pretrain(dir, task, anotherNetwork) },
			"other data":      func(dir string) { pretrain(dir, others, quick(m)) },
		} {
			both := t.TempDir()
			if err := os.CopyFS(both, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			more(both)
			want := []Method{m, SourceOnly}
			slices.Sort(want)
			if got := methodsOf(both); !slices.Equal(got, want) {
				t.Errorf("%s and a pretraining of %s: runs of %v", m, why, got)
			}
		}
		adapted, err := filepath.Glob(filepath.Join(dir, "adapt-*"))
		if err != nil || len(adapted) > 1 {
			t.Fatal(adapted, err)
		}
		for _, path := range adapted {
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
		if got := methodsOf(dir); !slices.Equal(got, []Method{m}) {
			t.Errorf("%s, of which the evaluation is left: runs of %v", m, got)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	again := t.TempDir()
	stages(t, t.Context(), again, task, quick(TargetOnly))
	deleted, err := filepath.Glob(filepath.Join(again, "pretrain-*"))
	if err != nil || len(deleted) != 1 || os.RemoveAll(deleted[0]) != nil {
		t.Fatal(deleted, err)
	}
	l, err := Open(again, task, quick(TargetOnly))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Pretrain(ended); !errors.As(err, new(*Interrupted)) {
		t.Fatal(err)
	}
	if got := methodsOf(again); !slices.Equal(got, []Method{SourceOnly, TargetOnly}) {
		t.Errorf("a pretraining in progress, which nothing can make redundant: runs of %v", got)
	}
	alone := t.TempDir()
	pretrain(alone, task, quick(TargetOnly))
	if got := methodsOf(alone); !slices.Equal(got, []Method{SourceOnly}) {
		t.Errorf("only a pretraining: runs of %v", got)
	}
}
