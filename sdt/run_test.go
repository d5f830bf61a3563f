package sdt

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const scriptClass = `<script>alert(1)</script>,"`

// inDirectory leaves two finished runs and one in progress in a run directory.
func inDirectory(t *testing.T) (dir string, task Task, config Config) {
	t.Helper()
	dir, task, config = t.TempDir(), blobs(1, 4, 20, 3, true), quick(Full)
	for _, l := range []*Labelled{&task.Sources[0], &task.Target, &task.Test} {
		l.Classes = slices.Clone(l.Classes)
		l.Classes[1] = scriptClass
	}
	stages(t, t.Context(), dir, task, quick(SourceOnly))
	stages(t, t.Context(), dir, task, config)
	config.Lambda = 0.7
	l, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l.OnProgress = func(p Progress) {
		if p.Stage == "adapt" && p.Step == 11 {
			cancel()
		}
	}
	source, err := l.Pretrain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	soft, err := l.SoftLabels(ctx, source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Adapt(ctx, source, soft); !errors.As(err, new(*Interrupted)) {
		t.Fatal(err)
	}
	return dir, task, config
}

func TestReadRuns(t *testing.T) {
	t.Setenv("SDT_COMMAND", "go run ./kernel run notebooks/x.ipynb")
	dir, task, config := inDirectory(t)
	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 3 {
		t.Fatalf("%d runs, %v, want 3", len(runs), err)
	}
	slices.SortFunc(runs, func(a, b Run) int { return len(a.Stages) - len(b.Stages) })
	under, sourceOnly, full := runs[1], runs[0], runs[2]
	for _, c := range []struct {
		run    Run
		names  string
		method Method
		lambda float64
	}{
		{sourceOnly, "pretrain evaluate", SourceOnly, 0},
		{under, "pretrain soft adapt", Full, 0.7},
		{full, "pretrain soft adapt evaluate", Full, 0.1},
	} {
		var names []string
		for i, s := range c.run.Stages {
			names = append(names, s.Name())
			if key, err := s.Provenance.Inputs.key(); err != nil || key != s.Key {
				t.Errorf("%s of %v: the hash of its inputs is %s, its key %s, %v", s.Name(), c.method, key, s.Key, err)
			}
			if before := s.Provenance.Inputs.Before; i > 0 && !strings.Contains(before, c.run.Stages[max(0, i-2)].Key) && !strings.Contains(before, c.run.Stages[i-1].Key) {
				t.Errorf("%s of %v went on from %s", s.Name(), c.method, before)
			}
		}
		if got := strings.Join(names, " "); got != c.names {
			t.Errorf("%v has the stages %s, want %s", c.method, got, c.names)
		}
		if got := c.run.Config(); c.run.Method() != c.method || got.Lambda != c.lambda || got.PretrainSteps != 60 || got.LearningRate != config.LearningRate {
			t.Errorf("settings %v, want λ %g and 60 steps of pretraining", got, c.lambda)
		}
	}
	if u := under.last(); u.UnderWay == nil || *u.UnderWay != 11 || len(u.History.ClassLoss) != 11 || under.Evaluation() != nil {
		t.Errorf("under way: %v steps saved, %d losses, want 11", u.UnderWay, len(u.History.ClassLoss))
	}
	if h := full.Histories(); len(h) != 2 || h[0].Stage != "pretrain" || h[1].Stage != "adapt" || full.SoftLabels() == nil || full.Evaluation().Method != Full {
		t.Errorf("histories %v, soft labels %v, evaluation %v", h, full.SoftLabels(), full.Evaluation())
	}

	p := full.Provenance()
	if p.Command != "go run ./kernel run notebooks/x.ipynb" || p.Made.IsZero() || p.Environment.Go == "" || p.Environment.Backend == "" {
		t.Errorf("made %v by %q in %+v", p.Made, p.Command, p.Environment)
	}
	want := []SetSummary{
		{"source", "source", 80, []int{5}, []int{20, 20, 20, 20}, task.Sources[0].Fingerprint()},
		{"target, labelled", "target", 6, []int{5}, []int{3, 3, 0, 0}, task.Target.Fingerprint()},
		{"target, unlabelled", "target", 80, []int{5}, nil, task.Unlabelled.Fingerprint()},
		{"test", "target", 80, []int{5}, []int{20, 20, 20, 20}, task.Test.Fingerprint()},
	}
	same := func(a, b SetSummary) bool {
		return a.Role == b.Role && a.Domain == b.Domain && a.Count == b.Count && slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Counts, b.Counts) && a.SHA256 == b.SHA256
	}
	if !slices.EqualFunc(p.Data.Sets, want, same) || !slices.Equal(p.Data.HeldOut, []int{2, 3}) || p.Data.Classes[1] != scriptClass {
		t.Errorf("the data is %+v", p.Data)
	}
}

func TestReadRunsRefuses(t *testing.T) {
	if _, err := ReadRuns(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	if _, err := ReadRuns(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no results") {
		t.Errorf("an empty directory: %v", err)
	}
	dir, _, _ := inDirectory(t)
	var files []string
	for _, pattern := range []string{"*.json", "*/stage.json", "*/checkpoint.safetensors"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		files = append(files, names...)
	}
	if len(files) != 6 { // pretrain, adapt, one in progress; soft labels; two evaluations
		t.Fatalf("files %v", files)
	}
	for _, name := range files {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bad := bytes.Clone(whole)
		bad[len(bad)/2] ^= 1
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRuns(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s has a flipped bit: %v", filepath.Base(name), err)
		}
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMetrics(t *testing.T) {
	dir, _, _ := inDirectory(t)
	runs, err := ReadRuns(dir)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := WriteCSV(&text, runs...); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]float64{} // by run, stage, step, class and metric
	for _, l := range lines[1:] {
		v, err := strconv.ParseFloat(l[9], 64)
		if err != nil {
			t.Fatal(err)
		}
		read[strings.Join([]string{l[0], l[3], l[5], l[6], l[7]}, "|")] = v
	}
	if len(read) != len(lines)-1 {
		t.Errorf("%d lines say %d things", len(lines)-1, len(read))
	}
	want := 0
	for i, r := range runs {
		n := strconv.Itoa(i + 1)
		check := func(key string, v float64) {
			want++
			if got, ok := read[n+"|"+key]; !ok || got != v {
				t.Errorf("run %s, %s is %v, want %v", n, key, got, v)
			}
		}
		for _, h := range r.Histories() {
			for s, step := range h.Step {
				at := h.Stage + "|" + strconv.Itoa(step) + "||"
				check(at+"L_C", h.ClassLoss[s])
				if h.Stage == "adapt" {
					check(at+"L_D", h.DomainLoss[s])
					check(at+"L_conf", h.ConfusionLoss[s])
					check(at+"L_soft", h.SoftLoss[s])
					check(at+"domain accuracy", h.DomainAccuracy[s])
				}
			}
			check(h.Stage+"|||seconds", h.Seconds)
		}
		if e := r.Evaluation(); e != nil {
			check("evaluate|||accuracy", e.Accuracy())
			check("evaluate|||mean per class", e.MeanPerClass())
			for k, class := range e.Classes {
				check("evaluate||"+class+"|images", 20)
				check("evaluate||"+class+"|accuracy", e.PerClass()[k])
			}
		}
	}
	if want != len(read) {
		t.Errorf("%d numbers, want %d", len(read), want)
	}

	text.Reset()
	if err := WriteJSON(&text, runs...); err != nil {
		t.Fatal(err)
	}
	var objects []struct {
		Method   string
		Config   struct{ Lambda float64 }
		Accuracy *float64
		Stages   []Stage
	}
	if err := json.Unmarshal(text.Bytes(), &objects); err != nil || len(objects) != len(runs) {
		t.Fatalf("%d objects, %v", len(objects), err)
	}
	for i, o := range objects {
		e := runs[i].Evaluation()
		if o.Method != runs[i].Method().String() || o.Config.Lambda != runs[i].Config().Lambda || (o.Accuracy == nil) != (e == nil) ||
			e != nil && *o.Accuracy != e.Accuracy() || len(o.Stages) != len(runs[i].Stages) {
			t.Errorf("run %d is %+v", i+1, o)
		}
	}
}
