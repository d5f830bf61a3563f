package sdt

import (
	"context"
	"math"
	"strings"
	"testing"
)

// What Predict says of the test examples is what Evaluate says: its largest class, and how
// sure it is.
func TestPredictAgreesWithEvaluate(t *testing.T) {
	task := blobs(1, 4, 5, 3, false)
	lab, err := Open(t.TempDir(), task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e, err := lab.Evaluate(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	p, err := lab.Predict(t.Context(), m, task.Test.Examples)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) != task.Test.Len() {
		t.Fatalf("%d predictions of %d examples", len(p), task.Test.Len())
	}
	for i, row := range p {
		sum, most := 0.0, 0
		for k, v := range row {
			if sum += v; v > row[most] {
				most = k
			}
		}
		if math.Abs(sum-1) > 1e-9 || int32(most) != e.Predictions[i] || math.Abs(row[most]-float64(e.Confidence[i])) > 1e-6 {
			t.Errorf("row %d: %v, sum %v; the evaluation says class %d, %v", i, row, sum, e.Predictions[i], e.Confidence[i])
		}
	}
	if _, err := lab.Predict(t.Context(), m, Examples{Domain: "webcam", Shape: task.Test.Shape}); err == nil || !strings.Contains(err.Error(), `"webcam": no examples`) {
		t.Errorf("of no examples: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lab.Predict(ended, m, task.Test.Examples); err == nil {
		t.Error("the context's end is no error")
	}
}
