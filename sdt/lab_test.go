package sdt

import (
	"context"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// stages runs all four stages of task under config in dir.
func stages(t *testing.T, ctx context.Context, dir string, task Task, config Config) (source, adapted *Model, soft *SoftLabels, e Evaluation) {
	t.Helper()
	l, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	return stagesOf(t, ctx, l)
}

// stagesOf runs all four stages of a lab.
func stagesOf(t *testing.T, ctx context.Context, l *Lab) (source, adapted *Model, soft *SoftLabels, e Evaluation) {
	t.Helper()
	var err error
	if source, err = l.Pretrain(ctx); err != nil {
		t.Fatal(err)
	}
	if soft, err = l.SoftLabels(ctx, source); err != nil {
		t.Fatal(err)
	}
	if adapted, err = l.Adapt(ctx, source, soft); err != nil {
		t.Fatal(err)
	}
	if e, err = l.Evaluate(ctx, adapted); err != nil {
		t.Fatal(err)
	}
	return source, adapted, soft, e
}

func TestStagesAllMethods(t *testing.T) {
	for _, method := range slices.Concat(Methods(), Baselines()) {
		t.Run(method.String(), func(t *testing.T) {
			task := blobs(1, 4, 20, 3, false)
			source, adapted, soft, e := stages(t, t.Context(), t.TempDir(), task, quick(method))
			if acc := e.Accuracy(); acc < 0.8 || acc > 1 {
				t.Errorf("accuracy %v , want at least 0.8: the classes are far apart", acc)
			}
			for k, row := range soft.L {
				sum := 0.0
				for _, p := range row {
					sum += p
				}
				if math.Abs(sum-1) > 1e-12 {
					t.Errorf("soft label %d sums to %v", k, sum)
				}
			}
			h := adapted.History
			for _, c := range []struct {
				name string
				have []float64
				want bool
			}{
				{"L_C", h.ClassLoss, true},
				{"L_D", h.DomainLoss, method.UsesDomainClassifier()},
				{"L_conf", h.ConfusionLoss, method.UsesConfusion()},
				{"L_soft", h.SoftLoss, method.UsesSoftLabels()},
				{"L_MMD, L_CORAL or L_CSA", h.Discrepancy, method == DDC || method == DeepCORAL || method == CCSA},
				{"entropy", h.Entropy, method == MME || method == EntropyMinimization},
				{"domain accuracy", h.DomainAccuracy, method.UsesDomainClassifier()},
			} {
				if want := 60; c.want && len(c.have) != want || !c.want && c.have != nil {
					t.Errorf("%s has %d values", c.name, len(c.have))
				}
			}
			for _, v := range h.ConfusionLoss {
				if v < math.Ln2-1e-6 {
					t.Errorf("L_conf is %v, below ln 2", v)
				}
			}
			if method == SourceOnly && adapted != source {
				t.Error("source only moved the source network")
			}
		})
	}
}

func TestStagesLoadUnderTheSameKeyAndTrainUnderAnother(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	config := quick(Full)
	source, adapted, soft, e := stages(t, t.Context(), dir, task, config)
	source2, adapted2, soft2, e2 := stages(t, t.Context(), dir, task, config)
	if !equalWeights(source, source2) || !equalWeights(adapted, adapted2) || soft.Key != soft2.Key || !slices.Equal(e.Predictions, e2.Predictions) {
		t.Error("the stages loaded are not the stages written")
	}
	if adapted.History.Seconds != adapted2.History.Seconds {
		t.Error("adaptation was trained again under the same key")
	}

	config.Lambda *= 2
	source3, adapted3, _, _ := stages(t, t.Context(), dir, task, config)
	if source3.Key != source.Key {
		t.Error("another λ trained the source network anew")
	}
	if adapted3.Key == adapted.Key || equalWeights(adapted3, adapted) {
		t.Error("another λ gave the same adaptation")
	}
	task.Sources[0].Values[0] += 0.5
	source4, _, _, _ := stages(t, t.Context(), dir, task, config)
	if source4.Key == source.Key {
		t.Error("other source data loaded the old source network")
	}
	config.Network = network.Head(17)
	source5, _, _, _ := stages(t, t.Context(), dir, task, config)
	if source5.Key == source4.Key {
		t.Error("a wider network loaded the narrower one")
	}
}

func TestEqualSeedsGiveEqualBits(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	_, a, _, _ := stages(t, t.Context(), t.TempDir(), task, quick(Full))
	_, b, _, _ := stages(t, t.Context(), t.TempDir(), task, quick(Full))
	if !equalWeights(a, b) {
		t.Error("two runs from one seed differ")
	}
	config := quick(Full)
	config.Seed++
	if _, c, _, _ := stages(t, t.Context(), t.TempDir(), task, config); equalWeights(a, c) {
		t.Error("another seed gave the same weights")
	}
}

// equalWeights reports whether two networks are the same, bit for bit.
func equalWeights(a, b *Model) bool {
	if len(a.weights) != len(b.weights) || len(a.weights) == 0 {
		return false
	}
	for path, w := range a.weights {
		if b.weights[path] == nil || !w.Equal(b.weights[path]) {
			return false
		}
	}
	return true
}

func TestInterruptedStageGoesOnWithTheSameBits(t *testing.T) {
	for optimizer, start := range map[Optimizer]*network.Weights{SGD: headWeights(1), Adam: nil} {
		task, config := blobs(1, 4, 20, 3, false), quick(Full)
		config.Optimizer, config.LearningRate, config.Pretrained = optimizer, 0.01, start
		_, want, _, _ := stages(t, t.Context(), t.TempDir(), task, config)

		dir := t.TempDir()
		for stop := 7; ; stop += 23 {
			ctx, cancel := context.WithCancel(t.Context())
			l, err := Open(dir, task, config)
			if err != nil {
				t.Fatal(err)
			}
			l.OnProgress = func(p Progress) {
				if !p.Loaded && p.Step >= stop%60 {
					cancel()
				}
			}
			source, err := l.Pretrain(ctx)
			var soft *SoftLabels
			var got *Model
			if err == nil {
				if soft, err = l.SoftLabels(context.WithoutCancel(ctx), source); err != nil {
					t.Fatal(err)
				}
				got, err = l.Adapt(ctx, source, soft)
			}
			cancel()
			if err == nil {
				if !equalWeights(got, want) {
					t.Errorf("optimizer %d: an interrupted run ends with other bits", optimizer)
				}
				if !slices.Equal(got.History.ClassLoss, want.History.ClassLoss) {
					t.Errorf("optimizer %d: an interrupted run has another history", optimizer)
				}
				break
			}
			var stopped *Interrupted
			if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), stopped.Dir) {
				t.Fatalf("error %v does not say where the interrupted stage was saved", err)
			}
		}
	}
}

func TestDamagedFilesAreNamed(t *testing.T) {
	task, config := blobs(1, 4, 20, 3, false), quick(Full)
	dir := t.TempDir()
	stages(t, t.Context(), dir, task, config)
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != lockFile {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) != 6 { // two stages of two files, soft labels, evaluation
		t.Fatalf("files %v, %v", files, err)
	}
	for _, path := range files {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for name, damage := range map[string]func([]byte) []byte{
			"one bit":   func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"truncated": func(b []byte) []byte { return b[:len(b)*2/3] },
			"empty":     func([]byte) []byte { return nil },
		} {
			if err := os.WriteFile(path, damage(slices.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			err := func() error {
				l, err := Open(dir, task, config)
				if err != nil {
					return err
				}
				source, err := l.Pretrain(t.Context())
				if err != nil {
					return err
				}
				soft, err := l.SoftLabels(t.Context(), source)
				if err != nil {
					return err
				}
				m, err := l.Adapt(t.Context(), source, soft)
				if err != nil {
					return err
				}
				_, err = l.Evaluate(t.Context(), m)
				return err
			}()
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%s %s: error %v does not name it", filepath.Base(path), name, err)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDivergenceNamesLossAndStep(t *testing.T) {
	config := quick(SourceTarget)
	config.LearningRate = 1e30
	l, err := Open(t.TempDir(), blobs(1, 4, 20, 3, false), config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Pretrain(t.Context())
	var d *Diverged
	if !errors.As(err, &d) || d.Loss != "L_C" || d.Step < 2 || d.Step > 10 {
		t.Errorf("error %v, want L_C diverged within a few steps", err)
	}
}

func TestTwoProcessesOnOneStage(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	l, err := Open(dir, task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	var second error
	l.OnProgress = func(p Progress) {
		if p.Step == 5 {
			other, err := Open(dir, task, quick(Full))
			if err != nil {
				t.Fatal(err)
			}
			_, second = other.Pretrain(t.Context())
		}
	}
	if _, err := l.Pretrain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if second == nil || !strings.Contains(second.Error(), "another process") {
		t.Errorf("the second got %v, want an error that names the first", second)
	}
}

func TestWeightsHoldTheNetworkAndNoOptimizerState(t *testing.T) {
	want := []string{"/domain/biases", "/domain/weights", "/model/classifier/biases", "/model/classifier/weights",
		"/model/features/fc7/biases", "/model/features/fc7/weights"}
	for _, optimizer := range []Optimizer{SGD, Adam} {
		config := quick(Full)
		config.Optimizer, config.LearningRate = optimizer, 0.01
		source, adapted, _, _ := stages(t, t.Context(), t.TempDir(), blobs(1, 4, 20, 3, false), config)
		if got := slices.Sorted(maps.Keys(adapted.weights)); !slices.Equal(got, want) {
			t.Errorf("optimizer %d: the adapted network holds %q, want %q", optimizer, got, want)
		}
		if got := slices.Sorted(maps.Keys(source.weights)); !slices.Equal(got, want[2:]) {
			t.Errorf("optimizer %d: the source network holds %q, want %q", optimizer, got, want[2:])
		}
	}
}
