package sdt

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// stepBatch returns the examples [n, d] and the labels [n] of the batch that oneStep takes.
func stepBatch(plan batchPlan, d, k int) (x []float32, y []int32) {
	x, y = make([]float32, plan.rows()*d), make([]int32, plan.rows())
	for i := range x {
		x[i] = float32(math.Cos(float64(i * i)))
	}
	for i := range y {
		if y[i] = int32(i % k); i >= plan.labelled() {
			y[i] = -1
		}
	}
	return x, y
}

// TestStepsAsInTorch takes one step of each method that has a row in testdata/torch_method.py, and
// compares all weights with those that PyTorch has after it.
func TestStepsAsInTorch(t *testing.T) {
	python := torchtest.Python(t)
	if python == "" {
		t.Skipf("%s: no python3 with PyTorch: %s", t.Name(), torchtest.Install)
	}
	cases := []struct {
		why    string
		config Config
	}{
		{"MME", Config{Method: MME, Lambda: 0.3}},
		{"entropy minimization", Config{Method: EntropyMinimization, Lambda: 0.5}},
		{"CCSA", Config{Method: CCSA, Lambda: 0.4}},
		{"CDAN", Config{Method: CDAN, Lambda: 0.7}},
		{"a quarter of the weight", Config{Method: SourceTarget, TargetWeight: 0.25}},
		{"pseudo-labels", Config{Method: SourceTarget, PseudoLabels: 0.6, PseudoThreshold: 0.4}},
		{"pseudo-labels of some", Config{Method: SourceTarget, PseudoLabels: 3, PseudoThreshold: 0.45}},
		{"pseudo-labels, cosine classifier", Config{Method: SourceTarget, PseudoLabels: 1, PseudoThreshold: 0.6, CosineClassifier: true}},
		{"all of it beside entropy", Config{Method: EntropyMinimization, Lambda: 0.2, PseudoLabels: 0.5, PseudoThreshold: 0.4, TargetWeight: 2}},
		{"MME with pseudo-labels and weight", Config{Method: MME, Lambda: 0.1, PseudoLabels: 0.5, PseudoThreshold: 0.5, TargetWeight: 0.5}},
	}
	for name, b := range backendtest.All(t) {
		var given []any
		var befores, afters []map[string][]float32
		for _, c := range cases {
			c.config.Network, c.config.NewLayerRate, c.config.BiasRate, c.config.WeightDecay = network.Head(5), 1, 1, Off
			before, after := oneStep(t, b, c.config, stepPlan, nil)
			given, befores, afters = append(given, torchCase(c.config, stepPlan, before)), append(befores, before), append(afters, after)
		}
		for n, want := range torchMethods(t, python, given) {
			for path := range befores[n] { // after has the optimizer's too
				for i, got := range afters[n][path] {
					if math.Abs(float64(got)-want[path][i]) > 2e-6*max(1, math.Abs(want[path][i])) {
						t.Errorf("%s/%s: %s[%d] is %v, PyTorch has %v", name, cases[n].why, path, i, got, want[path][i])
					}
				}
			}
			if moved(befores[n], afters[n], reprScope) == 0 || moved(befores[n], afters[n], classifierScope) == 0 {
				t.Errorf("%s/%s: the step did not move θ_repr and θ_C", name, cases[n].why)
			}
		}
	}
}

// torchCase returns a step as testdata/torch_method.py reads it.
func torchCase(c Config, plan batchPlan, before map[string][]float32) any {
	const k, d = 3, 4
	x, y := stepBatch(plan, d, k)
	for i := range y {
		y[i] = max(y[i], 0) // which nothing reads
	}
	weights := map[string]any{}
	for path, flat := range before {
		weights[path] = flat
		if filepath.Base(path) == "weights" {
			columns := len(before[filepath.Dir(path)+"/biases"])
			weights[path] = slices.Collect(slices.Chunk(flat, columns))
		}
	}
	return map[string]any{
		"config": map[string]any{"method": c.Method.String(), "lambda": c.withDefaults().Lambda, "cosine": c.CosineClassifier,
			"targetWeight": c.targetWeight(), "pseudo": c.PseudoLabels, "threshold": c.PseudoThreshold},
		"sources": plan.labelled() - plan.target, "target": plan.target, "unlabelled": plan.unlabelled, "domains": plan.domainOfRow(),
		"x": slices.Collect(slices.Chunk(x, d)), "y": y, "rate": 0.1, "weights": weights,
	}
}

// torchMethods returns the weights after each step in PyTorch.
func torchMethods(t *testing.T, python string, given []any) (after []map[string][]float64) {
	t.Helper()
	in, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "torch_method.py"))
	run.Stdin = bytes.NewReader(in)
	out, err := run.Output()
	if e := (*exec.ExitError)(nil); errors.As(err, &e) {
		t.Fatalf("%v: %s", err, e.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &after); err != nil {
		t.Fatal(err)
	}
	return after
}
