package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// A rounded zero is zero, without a sign.
func TestZeroHasNoSign(t *testing.T) {
	for _, row := range []struct{ why, got, want string }{
		{"a share", Percent(-0.0001), "0.0"},
		{"zero with a sign", Percent(math.Copysign(0, -1)), "0.0"},
		{"without decimals", figure(-0.4, 0), "0"},
		{"a difference", signed(-0.04, 1), "+0.0"},
		{"as many digits as it needs", digits(math.Copysign(0, -1)), "0"},
		{"small, but there", figure(-0.06, 1), "-0.1"},
		{"large", figure(-10, 0), "-10"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %q, want %q", row.why, row.got, row.want)
		}
	}
}

// A comparison says how many trials there are.
func TestComparisonSaysHowManyTrials(t *testing.T) {
	trials := func(counts ...int) (all []Trials) {
		for i, n := range counts {
			all = append(all, Trials{Method: sdt.Methods()[i], Accuracies: make([]float64, n)})
		}
		return all
	}
	for _, row := range []struct {
		trials []Trials
		want   string
	}{
		{trials(0, 0), "No trials."},
		{trials(0, 1), "At most one trial each."},
		{trials(1, 1), "One trial each."},
		{trials(0, 1, 2), "Mean ± standard error; pale dots: single trials."},
	} {
		if got := Comparison(row.trials...).subtitle; !strings.HasPrefix(got, row.want) {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
}

// One run is "one run", scores have their own unit, and two runs with one name stay two.
func TestSelectionWords(t *testing.T) {
	run := Candidate{Name: "λ = 1", Accuracy: 0.5, Scores: map[sdt.Validator]float64{sdt.Entropy: -1, sdt.Oracle: 0.5}}
	one, two := Selection(run), Selection(run, run)
	for _, row := range []struct{ got, want string }{
		{one.subtitle, "1 run; rank 1"}, {one.tables[0].Caption, "How 1 run is ranked"},
		{two.subtitle, "2 runs; rank 1"}, {two.tables[0].Caption, "How 2 runs are ranked"},
	} {
		if !strings.HasPrefix(row.got, row.want) {
			t.Errorf("%q, want %q", row.got, row.want)
		}
	}
	scores := two.tables[1]
	if want := []string{"run", "accuracy, %", "entropy, nats", "oracle, 0…1"}; !slices.Equal(scores.Head, want) {
		t.Errorf("the scores' heads are %q, want %q", scores.Head, want)
	}
	if a, b := scores.Rows[0][0], scores.Rows[1][0]; a != "λ = 1" || b != "λ = 1 (2)" {
		t.Errorf("two runs of one name are called %q and %q", a, b)
	}
}
