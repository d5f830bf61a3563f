package sdt

import (
	"math"
	"testing"
)

func TestPseudoLabelsRamp(t *testing.T) {
	for _, row := range []struct {
		ramp float64
		step int
		want float64
		why  string
	}{
		{0, 0, 2, "no ramp"},
		{0.5, 0, 0, "it begins at 0"},
		{0.5, 25, 1, "half of the way in 50 of 100 steps"},
		{0.5, 50, 2, "it has arrived"},
		{1, 75, 1.5, "over all steps"},
	} {
		if got := (Config{Method: SourceTarget, PseudoLabels: 2, PseudoRamp: row.ramp}).pseudo(row.step, 100); math.Abs(got-row.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
	if got := (Config{Method: SourceOnly, PseudoLabels: 2}).pseudo(9, 10); got != 0 {
		t.Errorf("source only weighs pseudo-labels by %v", got)
	}
}

// TestPseudoLabelsAreReported checks what is measured with pseudo-labels, for methods that see
// unlabelled rows without them and for those that do not.
func TestPseudoLabelsAreReported(t *testing.T) {
	for _, m := range []Method{SourceTarget, TargetOnly, SoftOnly, Full, MME, CCSA} {
		config := quick(m)
		config.PseudoLabels, config.PseudoBalanced = 1, m == Full
		_, adapted, _, e := stages(t, t.Context(), t.TempDir(), blobs(1, 4, 20, 3, false), config)
		h := adapted.History
		if len(h.PseudoLoss) != len(h.Step) || len(h.Confident) != len(h.Step) {
			t.Fatalf("%s: %d steps, L_pseudo has %d values, the share of confident rows %d", m, len(h.Step), len(h.PseudoLoss), len(h.Confident))
		}
		last := len(h.Step) - 1
		for i := range h.Step {
			if share := h.Confident[i]; share < 0 || share > 1 || h.PseudoLoss[i] < 0 || h.PseudoLoss[i] > -math.Log(0.9)*share+1e-6 {
				t.Errorf("%s, step %d: %v of the rows are confident, L_pseudo is %v", m, i+1, share, h.PseudoLoss[i])
			}
		}
		if h.Confident[last] < 0.5 || e.Accuracy() < 0.8 {
			t.Errorf("%s: in the end %v of the rows are confident, the accuracy is %v: the classes are far apart", m, h.Confident[last], e.Accuracy())
		}
	}
}
