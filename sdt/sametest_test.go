package sdt

import (
	"slices"
	"testing"
)

func TestSameTest(t *testing.T) {
	of := func(set string, labels ...int32) Evaluation {
		n := len(labels)
		return Evaluation{Labels: labels, Predictions: make([]int32, n), Confidence: make([]float32, n), TestSet: set}
	}
	for _, row := range []struct {
		why  string
		a, b Evaluation
		want bool
	}{
		{"the same test set", of("x", 0, 1, 1), of("x", 0, 1, 1), true},
		{"other examples of the same classes in the same order", of("x", 0, 1, 1), of("y", 0, 1, 1), false},
		{"one is unknown: nothing says that they differ", of("", 0, 1, 1), of("y", 0, 1, 1), true},
		{"both are unknown", of("", 0, 1, 1), of("", 0, 1, 1), true},
		{"both are unknown, but the labels differ", of("", 0, 1, 1), of("", 0, 1, 0), false},
		{"labels changed by hand", of("x", 0, 1, 1), of("x", 0, 1, 0), false},
		{"the same rows of it", of("x", 0, 1, 1).At([]int{2, 0}), of("x", 0, 1, 1).At([]int{2, 0}), true},
		{"other rows of it", of("x", 0, 1, 1).At([]int{0, 1}), of("x", 0, 1, 1).At([]int{0, 2}), false},
		{"part and all of it", of("x", 0, 1, 1).At([]int{0, 1, 2}), of("x", 0, 1, 1), false},
		{"rows of an unknown one", of("", 0, 1, 1).At([]int{0, 1}), of("", 0, 1, 1).At([]int{0, 2}), true},
	} {
		if got, back := row.a.SameTest(row.b), row.b.SameTest(row.a); got != row.want || back != row.want {
			t.Errorf("%s: %v, and the other way %v, want %v", row.why, got, back, row.want)
		}
	}
}

// Two seeds choose test sets with equal labels but different examples. An evaluation says which
// it is of when it is made, when it is loaded, and when it is read without the data.
func TestEvaluationSaysItsTestSet(t *testing.T) {
	dir := t.TempDir()
	var made []Evaluation
	for seed, shift := range []uint8{0, 0, 1} { // the first two are the same task
		task := twoColours(shift)
		l, err := Open(dir, task, Config{Method: SourceOnly, Network: flatten, LearningRate: 0.1, Policy: Constant, PretrainSteps: 1 + seed, SourceBatch: 20})
		if err != nil {
			t.Fatal(err)
		}
		m, err := l.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // made, then loaded
			e, err := l.Evaluate(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if e.TestSet != task.Test.Fingerprint() {
				t.Errorf("run %d: test set %q, want %q", seed, e.TestSet, task.Test.Fingerprint())
			}
			made = append(made, e)
		}
	}
	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 3 {
		t.Fatal(len(runs), err)
	}
	for _, r := range runs {
		e := *r.Evaluation()
		alike := 0
		for _, other := range made {
			if !slices.Equal(other.Labels, e.Labels) {
				t.Fatalf("labels %v and %v: the test needs equal ones", other.Labels, e.Labels)
			}
			if e.SameTest(other) {
				alike++
			}
		}
		if want := map[string]int{made[0].TestSet: 4, made[4].TestSet: 2}[e.TestSet]; alike != want {
			t.Errorf("the run of test set %.8s has the test set of %d evaluations, want %d", e.TestSet, alike, want)
		}
	}
}

// twoColours is a task of 2 × 2 images, whose test images a shift makes a little lighter.
func twoColours(shift uint8) Task {
	draw := func(domain string, n int, shift uint8) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: []int{2, 2, 1}}, Classes: []string{"dark", "light"}}
		for i := range n {
			k := i % 2
			for range 4 {
				l.Pixels = append(l.Pixels, uint8(200*k+i)+shift)
			}
			l.Labels = append(l.Labels, int32(k))
		}
		return l
	}
	return Task{Name: "squares", Sources: []Labelled{draw("shop", 40, 0)}, Test: draw("camera", 20, shift)}
}
