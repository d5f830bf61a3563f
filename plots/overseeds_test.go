package plots

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// seededRun is a run with a seed, of training and of the choice of examples, that got n of ten
// test images right: six of class a, four of class b.
func seededRun(dir string, c sdt.Config, seed uint64, n int) sdt.Run {
	c.Seed = seed
	r := madeRun(dir, c)
	e := sdt.Evaluation{Method: c.Method, Classes: []string{"a", "b", "c"}, Labels: []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}}
	for i, y := range e.Labels {
		if i >= n {
			y = 2
		}
		e.Predictions = append(e.Predictions, y)
	}
	for i := range r.Stages {
		r.Stages[i].Provenance.Data.Seed = seed
		r.Stages[i].Provenance.Data.Sets = slices.Clone(r.Stages[i].Provenance.Data.Sets)
		r.Stages[i].Provenance.Data.Sets[1].SHA256 = fmt.Sprintf("%064d", seed)
	}
	last := r.Stages[1].Provenance
	last.Inputs.Stage = "evaluate"
	r.Stages = append(r.Stages, sdt.Stage{Key: "evaluate-key", Evaluation: &e, Provenance: last})
	return r
}

// Runs that differ only in their seeds share a row; what else differs is a column. The figures
// are by hand: of 60 % and 80 %, the mean is 70 % and s/√2 = 14.14/1.414 = 10 %.
func TestOverSeeds(t *testing.T) {
	full := func(λ, ν float64) sdt.Config { return sdt.Config{Method: sdt.Full, Lambda: λ, Nu: ν} }
	unknown := evaluatedAlone(sdt.Full)
	other := seededRun("d", full(1, 1), 1, 5)
	other.Stages[2].Provenance.Data.Sets[0] = sdt.SetSummary{Role: "source", Domain: "shop", Count: 31}
	for _, row := range []struct {
		why  string
		runs []sdt.Run
		head string // after the method, before the seeds
		want []string
	}{
		{"seeds", []sdt.Run{seededRun("a", full(1, 1), 1, 6), seededRun("b", full(1, 1), 2, 8)}, "", []string{"confusion + soft labels|2|70.0 ± 10.0"}},
		{"numbers in their order, and the same run in another directory once", []sdt.Run{seededRun("a", full(10, 1), 1, 6), seededRun("b", full(2, 1), 1, 8), seededRun("c", full(2, 1), 1, 8)}, "λ",
			[]string{"confusion + soft labels|2|1|80.0", "confusion + soft labels|10|1|60.0"}},
		{"settings that vary together", []sdt.Run{seededRun("a", full(1, 1), 1, 6), seededRun("b", full(2, 2), 1, 8)}, "λ",
			[]string{"confusion + soft labels|1|1|60.0", "confusion + soft labels|2|1|80.0"}},
		{"methods differ in more than a setting of one", []sdt.Run{seededRun("a", full(1, 1), 1, 6), seededRun("a", sdt.Config{Method: sdt.SourceTarget}, 1, 5)}, "",
			[]string{"confusion + soft labels|1|60.0", "source + target|1|50.0"}},
		{"other data is no other seed", []sdt.Run{seededRun("a", full(1, 1), 1, 6), other}, "data", nil},
		{"without settings or evaluation there is no row", []sdt.Run{unknown, madeRun("a", full(1, 1))}, "", []string{}},
	} {
		got := OverSeeds(row.runs...)
		head := strings.Join(got.Head[1:len(got.Head)-3], "|")
		if head != row.head {
			t.Errorf("%s: the settings are %q, want %q", row.why, head, row.head)
		}
		if row.want == nil {
			continue
		}
		var rows []string
		for _, r := range got.Rows {
			rows = append(rows, strings.Join(r[:len(r)-1], "|"))
		}
		if !slices.Equal(rows, row.want) {
			t.Errorf("%s: %q, want %q", row.why, rows, row.want)
		}
	}
}

// The lines end at the accuracies: first each seed's, then their mean; a value's place on its axis
// is by its number, not by its digits.
func TestSettingsAndAccuracy(t *testing.T) {
	at := func(λ float64, seed uint64, n int) sdt.Run {
		return seededRun("a", sdt.Config{Method: sdt.Full, Lambda: λ}, seed, n)
	}
	c := SettingsAndAccuracy(at(10, 1, 6), at(10, 2, 8), at(2, 1, 5))
	var got []string
	for _, s := range c.option["series"].([]any) {
		s := s.(map[string]any)
		for _, d := range s["data"].([]any) {
			got = append(got, fmt.Sprint(s["name"], " ", d.(map[string]any)["value"]))
		}
	}
	if want := []string{"λ = 2 [0 50]", "λ = 10 [1 60]", "λ = 10 [1 80]", "λ = 10 [1 70]"}; !slices.Equal(got, want) {
		t.Errorf("the lines are %q, want %q", got, want)
	}
	if one := SettingsAndAccuracy(at(1, 1, 6), at(1, 2, 7)); one.option != nil || len(one.tables[0].Rows) != 1 {
		t.Errorf("without settings that differ it draws %v", one.option)
	}
	none := at(3, 1, 6)
	none.Stages[2].Evaluation.HeldOut = []int{2} // no image of it
	if last := SettingsAndAccuracy(none, at(2, 1, 5)).tables[0].Rows[1]; last[3] != "–" {
		t.Errorf("the accuracy without an image is %q", last)
	}
}
