package sdt

import (
	"math"
	"strings"
	"testing"
)

// The probabilities are those of which Evaluate takes the largest.
func TestPredictIsWhatEvaluateSees(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	dir := t.TempDir()
	_, adapted, _, e := stages(t, t.Context(), dir, task, quick(SourceTarget))
	lab, err := Open(dir, task, quick(SourceTarget))
	if err != nil {
		t.Fatal(err)
	}
	all, err := lab.Predict(t.Context(), adapted, task.Test.Examples)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(e.Predictions) {
		t.Fatalf("%d rows of %d examples", len(all), len(e.Predictions))
	}
	for i, p := range all {
		sum := 0.0
		for _, v := range p {
			if sum += v; float32(v) > e.Confidence[i] {
				t.Errorf("row %d has %v, above the confidence of %v", i, v, e.Confidence[i])
			}
		}
		if len(p) != 4 || math.Abs(sum-1) > 1e-9 || float32(p[e.Predictions[i]]) != e.Confidence[i] {
			t.Errorf("row %d is %v, Evaluate says %v of class %d", i, p, e.Confidence[i], e.Predictions[i])
		}
	}
	wide := task.Test.Examples
	wide.Shape = []int{2 * wide.Size()}
	for name, bad := range map[string]Examples{"none": task.Test.Rows(nil).Examples, "of another shape": wide} {
		if _, err := lab.Predict(t.Context(), adapted, bad); err == nil || !strings.Contains(err.Error(), "want at least one of") {
			t.Errorf("examples %s: error %v", name, err)
		}
	}
}
