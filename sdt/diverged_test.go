package sdt

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
)

// TestDivergedAtTheEnd checks that a training is not kept if its last step spoils the network,
// wherever this shows: in a weight, in a loss of finite weights, or in a score of early stopping.
// The losses of all steps are finite, because they are measured before the step.
func TestDivergedAtTheEnd(t *testing.T) {
	for _, c := range []struct {
		rate     float64
		steps    int
		stop     Validator
		method   Method
		pretrain bool // it already shows in pretraining
	}{
		{1e30, 1, 0, Full, true}, {1e38, 1, 0, SourceOnly, true}, {1e20, 1, 0, SourceTarget, true}, {1e12, 2, 0, Full, true},
		{1e30, 1, Entropy, Full, false}, {1e30, 1, Oracle, SourceTarget, false}, {1e30, 1, SourceRisk, ConfusionOnly, false},
		{1e30, 1, 0, DANN, false}, {1e30, 1, 0, DDC, false}, {1e30, 1, 0, TargetOnly, false},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			task := blobs(1, 4, 20, 3, false)
			task.Validation = task.Sources[0]
			dir := t.TempDir()
			config := quick(c.method)
			config.LearningRate, config.PretrainSteps, config.AdaptSteps, config.EarlyStop, config.Optimizer = c.rate, c.steps, c.steps, c.stop, SGD
			stage, sound := "pretrain", config
			if !c.pretrain {
				stage = "adapt"
				sound.LearningRate = 0.05
			}
			for range 2 { // nor is it there on the next call
				l, err := Open(dir, task, sound)
				if err != nil {
					t.Fatal(err)
				}
				source, err := l.Pretrain(t.Context())
				if stage == "adapt" {
					if err != nil {
						t.Fatal(err)
					}
					soft, err := l.SoftLabels(t.Context(), source)
					if err != nil {
						t.Fatal(err)
					}
					if l, err = Open(dir, task, config); err != nil {
						t.Fatal(err)
					}
					_, err = l.Adapt(t.Context(), source, soft)
					checkDiverged(t, err, stage)
				} else {
					checkDiverged(t, err, stage)
				}
			}
			if done, _ := filepath.Glob(filepath.Join(dir, stage+"-*", "stage.json")); len(done) > 0 {
				t.Errorf("it is kept as done: %v", done)
			}
		})
	}
}

func checkDiverged(t *testing.T, err error, stage string) {
	t.Helper()
	d := new(Diverged)
	if !errors.As(err, &d) || d.Stage != stage || d.Step < 1 || d.Value-d.Value == 0 {
		t.Errorf("%v: want that %s has diverged, its step and the value", err, stage)
	} else if strings.Count(err.Error(), stage) != 1 {
		t.Errorf("%v: it says %s more than once", err, stage)
	}
}

// TestNoNumberIsKept checks that weights that are NaN, as versions without this check may have
// kept them, are not loaded, and that no result comes from a network that returns NaN.
func TestNoNumberIsKept(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	task.Test.Names = make([]string, task.Test.Len())
	task.Test.Names[0] = "a/first.jpg"
	l, err := Open(dir, task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	source, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var path string
	for path = range source.weights {
		if strings.HasPrefix(path, classifierScope) {
			break
		}
	}
	bad := source.weights[path].Shape()
	values := make([]float32, bad.Size())
	values[len(values)-1] = float32(math.Inf(1))
	source.weights[path] = tensors.FromFlatDataAndDimensions(values, bad.Dimensions...)

	if _, err := l.Predict(t.Context(), source, task.Test.Examples); err == nil || !strings.Contains(err.Error(), "a/first.jpg") {
		t.Errorf("predict: %v, want the example's name", err)
	}
	if _, err := l.SoftLabels(t.Context(), source); err == nil || !strings.Contains(err.Error(), "diverged") {
		t.Errorf("soft labels: %v", err)
	}
	if _, err := l.Evaluate(t.Context(), source); err == nil || !strings.Contains(err.Error(), "diverged") {
		t.Errorf("evaluate: %v", err)
	}
	for _, v := range []Validator{Entropy, InformationMaximization, SoftNeighbourhoodDensity, Oracle} {
		if score, err := l.Score(t.Context(), source, v); err == nil {
			t.Errorf("%s is %v", v, score)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.json")); len(left) > 0 {
		t.Errorf("results are kept: %v", left)
	}

	if err := writeTensors(filepath.Join(source.Dir, weightsFile), source.weights, map[string]string{"key": source.Key}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Pretrain(t.Context()); !errors.As(err, new(*Diverged)) || !strings.Contains(err.Error(), filepath.Join(source.Dir, weightsFile)) {
		t.Errorf("weights that are NaN are loaded: %v", err)
	}
	if err := os.Remove(filepath.Join(source.Dir, weightsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Pretrain(t.Context()); err != nil {
		t.Errorf("deleted, they are not trained again: %v", err)
	}
}

// TestDivergedSaysWhatToLower checks that the advice names the cause: λ only if it weights a
// loss, and no rate if no weight has moved.
func TestDivergedSaysWhatToLower(t *testing.T) {
	const both, rate, untried = "lower LearningRate or Lambda, or check", "lower LearningRate, or check", "before any weight has moved: check for extreme values in the data"
	for _, row := range []struct {
		why      string
		pretrain float64 // learning rate of pretraining
		adapt    float64
		extreme  bool // an example of the source has extreme values
		lambda   float64
		of       []Method
		want     string
	}{
		{"pretraining has no λ", 1e30, 0.05, false, 0.1, []Method{SourceOnly, Full, DANN}, rate},
		{"λ weighs a loss", 0.05, 1e30, false, 0.1, append(Baselines(), ConfusionOnly, Full), both},
		{"λ is off", 0.05, 1e30, false, Off, append(Baselines(), ConfusionOnly, Full), rate},
		{"nothing is weighed by λ", 0.05, 1e30, false, 0.1, []Method{TargetOnly, SourceTarget, SoftOnly}, rate},
		{"it is the data", 0.05, 0.05, true, 0.1, []Method{SourceOnly, Full}, untried},
	} {
		for _, m := range row.of {
			task, dir, config := blobs(1, 4, 20, 3, false), t.TempDir(), quick(m)
			if row.extreme {
				task.Sources[0].Values[5*len(task.Classes())+7] = math.MaxFloat32 // not one of the rows that Open tries
			}
			config.SourceBatch, config.LearningRate, config.Lambda, config.PretrainSteps, config.AdaptSteps = 80, row.pretrain, row.lambda, 3, 3
			l, err := Open(dir, task, config)
			if err != nil {
				t.Fatal(err)
			}
			source, err := l.Pretrain(t.Context())
			if row.pretrain == row.adapt || row.pretrain > 1 {
				if err == nil || !strings.Contains(err.Error(), row.want) {
					t.Errorf("%s, %s: %v, want %q", row.why, m, err, row.want)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			soft, err := l.SoftLabels(t.Context(), source)
			if err != nil {
				t.Fatal(err)
			}
			config.LearningRate = row.adapt
			if l, err = Open(dir, task, config); err != nil {
				t.Fatal(err)
			}
			if _, err = l.Adapt(t.Context(), source, soft); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s, %s: %v, want %q", row.why, m, err, row.want)
			}
		}
	}
}
