package sdt

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// cloned returns soft labels that share nothing with s.
func cloned(s SoftLabels) SoftLabels {
	s.Classes, s.L, s.Counts = slices.Clone(s.Classes), slices.Clone(s.L), slices.Clone(s.Counts)
	for k := range s.L {
		s.L[k] = slices.Clone(s.L[k])
	}
	return s
}

// TestUnusableSoftLabels passes to Adapt soft labels that are not the task's, or that are not
// distributions. It must train on none and never panic. Those that it accepts can be read from
// the run directory. Classes a and b have labelled target examples.
func TestUnusableSoftLabels(t *testing.T) {
	task := blobs(1, 4, 12, 3, true)
	lab, err := Open(t.TempDir(), task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	good, err := lab.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why   string
		spoil func(*SoftLabels)
		want  string // "": they are accepted
	}{
		{"as they are", func(*SoftLabels) {}, ""},
		{"names in another order", func(s *SoftLabels) { s.Classes[0], s.Classes[1] = "b", "a" }, `the soft labels cover the task's classes in another order: class 0 is "b", in the task "a"`},
		{"other names", func(s *SoftLabels) { s.Classes = []string{"x", "b", "c", "d"} }, `other classes than the task's: the task does not have "x", it lacks "a"`},
		{"no names", func(s *SoftLabels) { s.Classes = nil }, `it lacks "a", "b", "c", "d"`},
		{"a name twice", func(s *SoftLabels) { s.Classes = append(s.Classes, "a") }, "the soft labels cover 5 classes, the task has 4"},
		{"another temperature", func(s *SoftLabels) { s.Temperature = 3 }, "soft labels have temperature 3, want 2"},
		{"nothing", func(s *SoftLabels) { s.L = nil }, "soft labels: they have 0 rows, want 4, one for each class"},
		{"a row too few", func(s *SoftLabels) { s.L = s.L[:3] }, "they have 3 rows, want 4"},
		{"a row too short", func(s *SoftLabels) { s.L[1] = s.L[1][:2] }, `the row of class "b" has 2 numbers, want 4, one for each class`},
		{"a row too long", func(s *SoftLabels) { s.L[3] = append(s.L[3], 0) }, `the row of class "d" has 5 numbers`},
		{"a row that is nil", func(s *SoftLabels) { s.L[2] = nil }, `the row of class "c" has 0 numbers`},
		{"NaN", func(s *SoftLabels) { s.L[0][3] = math.NaN() }, `the row of class "a" has NaN for class "d", want a probability, 0…1`},
		{"infinity, in a row that nothing learns from: 0 times it is NaN", func(s *SoftLabels) { s.L[3][0] = math.Inf(1) }, `the row of class "d" has +Inf`},
		{"beyond float32, in such a row", func(s *SoftLabels) { s.L[3][0] = 1e300 }, `the row of class "d" has 1e+300`},
		{"negative", func(s *SoftLabels) { s.L[0] = []float64{1.1, -.1, 0, 0} }, `the row of class "a" has 1.1 for class "a"`},
		{"negative by a little", func(s *SoftLabels) { s.L[0] = []float64{1, -1e-9, 0, 0} }, `the row of class "a" has -1e-09 for class "b"`},
		{"a sum above 1", func(s *SoftLabels) { s.L[1] = []float64{.5, .5, .5, 0} }, `the row of class "b" sums to 1.5, want 1: its labelled target examples learn from it`},
		{"none, of a class with labelled target examples", func(s *SoftLabels) { s.L[0] = make([]float64, 4) }, `the row of class "a" sums to 0, want 1`},
		{"none, of a class that nothing learns from", func(s *SoftLabels) { s.L[2] = make([]float64, 4) }, ""},
		{"no counts: they may come from elsewhere", func(s *SoftLabels) { s.Counts = nil }, ""},
		{"no counts, as JSON may have them", func(s *SoftLabels) { s.Counts = []int{} }, ""},
		{"no examples behind any row", func(s *SoftLabels) { s.Counts = make([]int, 4) }, ""},
		{"a count too few: they could not be read again", func(s *SoftLabels) { s.Counts = s.Counts[:3] }, "soft labels: they have 3 counts of source examples, want 4, one for each class, or none"},
		{"a count too many", func(s *SoftLabels) { s.Counts = append(s.Counts, 1) }, "they have 5 counts of source examples, want 4"},
		{"fewer than none", func(s *SoftLabels) { s.Counts[2] = -1 }, `the count of source examples of class "c" is -1, want 0 or above`},
		{"certain, with a negative zero", func(s *SoftLabels) { s.L[0] = []float64{1, math.Copysign(0, -1), 0, 0} }, ""},
		{"the smallest number", func(s *SoftLabels) { s.L[1] = []float64{0, 1, math.SmallestNonzeroFloat64, 0} }, ""},
		{"a row that sums to 3, of a class that nothing learns from", func(s *SoftLabels) { s.L[3] = []float64{1, 1, 0, 1} }, ""},
		{"under a key that is no key", func(s *SoftLabels) { s.Key, s.L[3][0] = "mine", 0 }, ""},
		{"thirds in float32", func(s *SoftLabels) {
			s.L[0] = []float64{float64(float32(1) / 3), float64(float32(1) / 3), float64(float32(1) / 3), 0}
		}, ""},
	} {
		soft := cloned(*good)
		row.spoil(&soft)
		m, err := lab.Adapt(t.Context(), source, &soft)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "adapt: ") || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v\nwant %s", row.why, err, row.want)
			continue
		}
		runs, err := ReadRuns(lab.dir)
		if err != nil {
			t.Fatalf("%s: what was written cannot be read: %v", row.why, err)
		}
		if row.want == "" && !slices.ContainsFunc(runs, func(r Run) bool { return r.Key() == m.Key && reflect.DeepEqual(r.SoftLabels().L, soft.L) }) {
			t.Errorf("%s: no run has them", row.why)
		}
	}
	if _, err := lab.Adapt(t.Context(), source, nil); err == nil || !strings.Contains(err.Error(), "call SoftLabels first") {
		t.Errorf("none at all: %v", err)
	}
}

// TestGivenSoftLabels trains on soft labels that no stage wrote. Each content has its own
// adaptation, a report shows the soft labels that it learnt from, and those of the stage have
// the same key as always.
func TestGivenSoftLabels(t *testing.T) {
	task, dir, config := blobs(1, 4, 12, 3, true), t.TempDir(), quick(Full)
	config.Nu = 5
	lab, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	of := func() *SoftLabels {
		t.Helper()
		soft, err := lab.SoftLabels(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		return soft
	}
	made, loaded := of(), of()
	logits, err := lab.SourceLogits(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	fromLogits := logits.SoftLabels(lab.Config().Temperature)
	even, edited := cloned(fromLogits), cloned(*made)
	smooth := func(s SoftLabels, by float64) {
		for _, row := range s.L {
			for i := range row {
				row[i] = (1-by)*row[i] + by/4
			}
		}
	}
	smooth(even, 1)
	smooth(edited, 0.5)
	keys := map[string]string{}
	adapt := func(name string, soft *SoftLabels) *Model {
		t.Helper()
		before := cloned(*soft)
		m, err := lab.Adapt(t.Context(), source, soft)
		if err != nil {
			t.Fatal(name, err)
		}
		if !reflect.DeepEqual(*soft, before) {
			t.Errorf("%s: Adapt changed them", name)
		}
		if _, err := lab.Evaluate(t.Context(), m); err != nil {
			t.Fatal(name, err)
		}
		keys[name] = m.Key
		return m
	}
	first := adapt("of the stage", made)
	adapt("loaded", loaded)
	uniform := adapt("even", &even)
	adapt("edited", &edited)
	adapt("from logits", &fromLogits)
	smooth(*made, 0.5)
	adapt("edited in place", made)
	if keys["loaded"] != keys["of the stage"] {
		t.Error("soft labels that are as the stage wrote them have another key when they are loaded")
	}
	if keys["edited in place"] != keys["edited"] {
		t.Error("equal contents have two keys")
	}
	distinct := map[string]bool{}
	for _, key := range keys {
		distinct[key] = true
	}
	if len(distinct) != 4 || equalWeights(first, uniform) {
		t.Errorf("%d trainings of 4 contents: %v", len(distinct), keys)
	}
	if first.inputs.Before != source.Key+" "+loaded.Key {
		t.Errorf("the adaptation continues from %q, want the soft labels of the stage", first.inputs.Before)
	}

	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 4 {
		t.Fatalf("%d runs, want 4: %v", len(runs), err)
	}
	for _, r := range runs {
		want := map[string][][]float64{keys["of the stage"]: loaded.L, keys["even"]: even.L, keys["edited"]: edited.L, keys["from logits"]: fromLogits.L}
		adapted := r.Stages[len(r.Stages)-2]
		if len(r.Stages) != 4 || r.Stages[0].Key != source.Key || r.SoftLabels() == nil || !reflect.DeepEqual(r.SoftLabels().L, want[adapted.Key]) {
			t.Fatalf("the run of %s has %d stages and the soft labels %+v", adapted.Key, len(r.Stages), r.SoftLabels())
		}
		// A report reads what the training used.
		m, err := lab.Adapt(t.Context(), source, r.SoftLabels())
		if err != nil || m.Key != adapted.Key {
			t.Errorf("from the soft labels that were read: %v, %v, want %s", m, err, adapted.Key)
		}
	}
}
