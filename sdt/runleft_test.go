package sdt

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReadRunsOfWhatIsLeft removes files from a run directory, as people do for their size, or
// replaces them with links: this must not put a result under another method's name, or invent a
// setting.
func TestReadRunsOfWhatIsLeft(t *testing.T) {
	whole, elsewhere := t.TempDir(), t.TempDir()
	task := blobs(1, 4, 20, 3, true)
	methods := []Method{SourceOnly, SourceTarget, Full, DDC}
	for _, m := range methods {
		stages(t, t.Context(), whole, task, quick(m))
	}
	move := func(pattern string, then func(dir, name string) error) func(string) error {
		return func(dir string) error {
			names, err := filepath.Glob(filepath.Join(dir, pattern))
			for _, name := range names {
				if err == nil {
					err = then(dir, name)
				}
			}
			return err
		}
	}
	remove := func(_, name string) error { return os.RemoveAll(name) }
	link := func(dir, name string) error {
		to := filepath.Join(elsewhere, filepath.Base(dir)+filepath.Base(name))
		if err := os.Rename(name, to); err != nil {
			return err
		}
		return os.Symlink(to, name)
	}
	for _, test := range []struct {
		name    string
		take    func(dir string) error
		unknown []Method // methods of runs with settings that are no longer known
		steps   int      // of pretraining, if known
	}{
		{"nothing", func(string) error { return nil }, nil, 60},
		{"adaptations", move("adapt-*", remove), []Method{SourceTarget, Full, DDC}, 60},
		{"the pretraining", move("pretrain-*", remove), []Method{SourceOnly}, 0},
		{"all trainings", move("[pa]*-*", remove), methods, 0},
		{"soft labels", move("soft-*", remove), nil, 60},
		{"weights", move("*/weights.safetensors", remove), nil, 60},
		{"folders, linked", move("[pa]*-*", link), nil, 60},
		{"files, linked", move("*.json", link), nil, 60},
		{"folders, by links to nowhere", move("adapt-*", func(_, name string) error {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
			return os.Symlink("nowhere", name)
		}), []Method{SourceTarget, Full, DDC}, 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run-"+strings.ReplaceAll(test.name, " ", "-"))
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := test.take(dir); err != nil {
				t.Fatal(err)
			}
			runs, err := ReadRuns(dir)
			if err != nil {
				t.Fatal(err)
			}
			var have []Method
			for _, r := range runs {
				have = append(have, r.Method())
				if r.Evaluation() == nil || r.Evaluation().Method != r.Method() {
					t.Errorf("%v has the evaluation %v", r.Method(), r.Evaluation())
				}
				c := r.Config()
				switch {
				case slices.Contains(test.unknown, r.Method()):
					if c != nil {
						t.Errorf("%v has the settings %v, which are not known", r.Method(), c)
					}
				case c == nil:
					t.Errorf("%v has no settings", r.Method())
				case c.Method != r.Method() || c.LearningRate != 0.05 || c.PretrainSteps != test.steps:
					t.Errorf("%v has the settings %v, want %d steps of pretraining", r.Method(), c, test.steps)
				}
			}
			slices.Sort(have)
			want := slices.Sorted(slices.Values(methods))
			if !slices.Equal(have, want) {
				t.Fatalf("runs of %v, want %v", have, want)
			}
			metricsSay(t, runs)
		})
	}
}

// metricsSay checks the method on each line of the CSV, and in the JSON the method and the
// settings, including those of its stages.
func metricsSay(t *testing.T, runs []Run) {
	t.Helper()
	var text bytes.Buffer
	if err := WriteCSV(&text, runs...); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	accuracies := map[string]string{}
	for _, l := range lines[1:] {
		if l[7] == "accuracy" && l[6] == "" {
			accuracies[l[2]] = l[9]
		}
	}
	if len(accuracies) != len(runs) {
		t.Errorf("metrics.csv has accuracies of %v", accuracies)
	}
	if err := WriteJSON(&text, runs...); err != nil {
		t.Fatal(err)
	}
	var objects []struct {
		Method string
		Config map[string]any
		Stages []struct {
			Provenance struct {
				Inputs struct {
					Stage  string
					Config map[string]any
				}
			}
		}
	}
	if err := json.Unmarshal(text.Bytes(), &objects); err != nil {
		t.Fatal(err)
	}
	for i, o := range objects {
		if o.Method != runs[i].Method().String() || (o.Config == nil) != (runs[i].Config() == nil) {
			t.Errorf("metrics.json has %s with %v, want %v", o.Method, o.Config, runs[i].Method())
		}
		if m, ok := o.Config["Method"]; ok && m != o.Method {
			t.Errorf("%s has the settings of %v", o.Method, m)
		}
		for _, s := range o.Stages {
			in := s.Provenance.Inputs
			if m := in.Config["Method"]; in.Stage == "adapt" && m != o.Method || (in.Stage == "soft" || in.Stage == "evaluate") && m != nil {
				t.Errorf("%s: stage %s says method %v", o.Method, in.Stage, m)
			}
		}
	}
}

// TestSoftLabelsAreNoRun checks which run soft labels belong to.
func TestSoftLabelsAreNoRun(t *testing.T) {
	task := blobs(1, 4, 20, 3, true)
	for _, m := range []Method{SourceTarget, ConfusionOnly, DeepCORAL} { // soft labels are made, but not used
		dir := t.TempDir()
		stages(t, t.Context(), dir, task, quick(m))
		runs, err := ReadRuns(dir)
		if err != nil || len(runs) != 1 || runs[0].Method() != m || runs[0].SoftLabels() != nil {
			t.Errorf("%v: %d runs, %v, want that one, without soft labels", m, len(runs), err)
		}
	}
	dir := t.TempDir()
	for _, temperature := range []float64{1, 2, 5} {
		c := quick(Full)
		c.Temperature = temperature
		l, err := Open(dir, task, c)
		if err != nil {
			t.Fatal(err)
		}
		source, err := l.Pretrain(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.SoftLabels(context.Background(), source); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 1 {
		t.Fatalf("soft labels at three temperatures: %d runs, %v, want the pretraining's", len(runs), err)
	}
	if r := runs[0]; r.Method() != SourceOnly || r.Evaluation() != nil || r.SoftLabels() == nil || len(r.Stages) != 4 || r.Key() != r.Stages[0].Key || r.Config().PretrainSteps != 60 {
		t.Errorf("%v with the stages %v", r.Method(), r.Stages)
	}
}

// TestRecordWithoutMethod checks that a record without a method does not become the paper's.
func TestRecordWithoutMethod(t *testing.T) {
	dir := t.TempDir()
	stages(t, t.Context(), dir, blobs(1, 4, 20, 3, true), quick(SourceTarget))
	for _, pattern := range []string{"evaluate-*.json", "*/stage.json"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %v", pattern, names, err)
		}
		sealed, err := readSealed(names[0])
		if err != nil {
			t.Fatal(err)
		}
		var record map[string]any
		if err := json.Unmarshal(sealed.Record, &record); err != nil {
			t.Fatal(err)
		}
		delete(record, "method")
		var from Provenance
		if err := json.Unmarshal(sealed.Provenance, &from); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := writeRecord(names[0], sealed.Key, from, record); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRuns(dir); err == nil || !strings.Contains(err.Error(), names[0]) || !strings.Contains(err.Error(), "does not name a method") {
			t.Errorf("%s without a method: %v", filepath.Base(names[0]), err)
		}
		if err := os.WriteFile(names[0], before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
