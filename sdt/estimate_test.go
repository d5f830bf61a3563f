package sdt

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestEstimate checks that an estimate counts what remains to be done, that it is longer for
// more steps, and that it leaves the run unchanged.
func TestEstimate(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	estimate := func(c Config) (pretrain, adapt time.Duration) {
		t.Helper()
		l, err := Open(dir, task, c)
		if err != nil {
			t.Fatal(err)
		}
		l.OnProgress = func(p Progress) { t.Errorf("it reports %v", p) }
		if pretrain, adapt, err = l.Estimate(t.Context()); err != nil {
			t.Fatal(err)
		}
		return pretrain, adapt
	}
	for _, m := range append(Methods(), Baselines()...) {
		c := quick(m)
		c.LearningRate, c.PretrainSteps, c.AdaptSteps, c.EarlyStop = 1e9, 1_000_000, 1_000_000, Entropy // it diverges, which does not matter yet
		pretrain, adapt := estimate(c)
		if pretrain <= time.Second || (adapt <= time.Second) != (m == SourceOnly) {
			t.Errorf("%s: %v and %v for a million steps each", m, pretrain, adapt)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("it leaves %v", left)
	}
	stages(t, t.Context(), dir, task, quick(Full))
	before, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
	if pretrain, adapt := estimate(quick(Full)); pretrain != 0 || adapt != 0 {
		t.Errorf("what is done takes %v and %v", pretrain, adapt)
	}
	more := quick(Full)
	more.AdaptSteps = 1_000_000
	if pretrain, adapt := estimate(more); pretrain != 0 || adapt < time.Second {
		t.Errorf("a long adaptation after a pretraining that is done takes %v and %v", pretrain, adapt)
	}
	if after, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(after) != len(before) {
		t.Errorf("it leaves %v, before there were %v", after, before)
	}
}
