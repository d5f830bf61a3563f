package sdt

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// object is a JSON object.
type object = map[string]any

// TestRecordsOfOthers checks that an undamaged result that this version would not have written is
// not read as its own: the error names it and says what to do. The file's hash does not show
// this.
func TestRecordsOfOthers(t *testing.T) {
	whole := t.TempDir()
	stages(t, t.Context(), whole, blobs(1, 4, 20, 3, true), quick(Full))
	const (
		pretrain, adapt, soft, evaluate = "pretrain-*/stage.json", "adapt-*/stage.json", "soft-*.json", "evaluate-*.json"
		again                           = "delete it to make it again"
	)
	inputs := func(from object) object { return from["inputs"].(object) }
	config := func(from object) object { return inputs(from)["Config"].(object) }
	without := func(names ...string) func(from, record object) {
		return func(from, _ object) {
			for _, name := range names {
				delete(config(from), name)
			}
		}
	}
	set := func(name string, value any) func(from, record object) {
		return func(_, record object) { record[name] = value }
	}
	for _, row := range []struct {
		why   string
		files string
		edit  func(from, record object)
		want  string
	}{
		{"no settings", adapt, func(from, _ object) { inputs(from)["Config"] = object{} }, "these settings are missing: Method, Lambda, "},
		{"no settings", pretrain, func(from, _ object) { delete(inputs(from), "Config") }, "these settings are missing: Method, "},
		{"SGD is zero", adapt, without("Optimizer"), "these settings are missing: Optimizer"},
		{"inv is zero", adapt, without("Policy"), "these settings are missing: Policy"},
		{"0 is a seed", pretrain, without("Seed"), "these settings are missing: Seed"},
		{"null is nothing", adapt, func(from, _ object) { config(from)["Seed"] = nil }, "these settings are missing: Seed"},
		{"full is zero", adapt, without("Method"), "these settings are missing: Method"},
		{"other settings than its key's", adapt, func(from, _ object) { config(from)["Lambda"] = 0.7 }, "is not the hash of its inputs"},
		{"a setting that it does not know", evaluate, func(from, _ object) { config(from)["Crop"] = 3 }, "is not the hash of its inputs"},
		{"a newer version", evaluate, func(from, _ object) { inputs(from)["Format"] = 3 }, "written by a newer version of sdtlab (format 3, this version reads 2): update sdtlab"},
		{"a newer version with a new method", adapt, func(from, _ object) { inputs(from)["Format"], config(from)["Method"] = 3, "FixBi" }, "written by a newer version of sdtlab"},
		{"an earlier version", soft, func(from, _ object) { inputs(from)["Format"] = 1 }, "written by an earlier version of sdtlab (format 1, this version reads 2): " + again},
		{"no format", soft, func(from, _ object) { delete(inputs(from), "Format") }, "the inputs of the result are missing"},
		{"nothing", soft, func(from, _ object) { delete(from, "inputs") }, "the inputs of the result are missing"},
		{"a new method", evaluate, set("method", "FixBi"), `method "FixBi" is unknown`},
		{"a new method", adapt, func(from, _ object) { config(from)["Method"] = "FixBi" }, `method "FixBi" is unknown`},
		{"a method by number", evaluate, set("method", 3), "cannot unmarshal number"},
		{"no method", evaluate, set("method", nil), "does not name a method"},
		{"a new validator", adapt, func(from, _ object) { config(from)["EarlyStop"] = "rank" }, `validator "rank" is unknown`},
		{"another stage", adapt, func(from, _ object) { inputs(from)["Stage"] = "distill" }, `it is the result of "distill", want "adapt"`},
		{"another method than its settings'", adapt, set("method", "MMD"), "its history is for adapt, MMD, but its settings are for adapt, confusion + soft labels"},
		{"a label of no class", evaluate, func(_, r object) { r["labels"].([]any)[2] = 99 }, "the label of test example 2 is class 99, outside 0…3"},
		{"a label below", evaluate, func(_, r object) { r["labels"].([]any)[0] = -1 }, "the label of test example 0 is class -1"},
		{"a prediction of no class", evaluate, func(_, r object) { r["predictions"].([]any)[79] = 4 }, "the prediction of test example 79 is class 4"},
		{"fewer predictions", evaluate, func(_, r object) { r["predictions"] = r["predictions"].([]any)[:3] }, "80 labels, 3 predictions and 80 confidences for its test examples"},
		{"fewer confidences", evaluate, func(_, r object) { r["confidence"] = r["confidence"].([]any)[1:] }, "80 labels, 80 predictions and 79 confidences for its test examples"},
		{"nothing was tested", evaluate, func(_, r object) { r["labels"], r["predictions"], r["confidence"] = nil, nil, nil }, "it has 0 labels"},
		{"fewer classes", evaluate, func(_, r object) { r["classes"] = r["classes"].([]any)[:1] }, "outside 0…0"},
		{"a held-out class that is none", evaluate, set("held_out", []int{7}), "held-out class 7 is outside 0…3"},
		{"a held-out class below", evaluate, set("held_out", []int{-1}), "held-out class -1 is outside 0…3"},
		{"fewer losses", adapt, func(_, r object) { r["class_loss"] = r["class_loss"].([]any)[:2] }, "it has L_C for 2 steps, want all 60"},
		{"no loss", pretrain, func(_, r object) { delete(r, "class_loss") }, "it has L_C for 0 steps, want all 60"},
		{"fewer losses of another kind", adapt, func(_, r object) { r["soft_loss"] = r["soft_loss"].([]any)[1:] }, "it has L_soft for 59 steps, want all 60"},
		{"more λ", adapt, func(_, r object) { r["lambda"] = append(r["lambda"].([]any), 1) }, "it has λ for 61 steps, want all 60"},
		{"steps out of order", adapt, func(_, r object) { r["step"].([]any)[4] = 2 }, "step 2 is out of order"},
		{"no domains", adapt, func(_, r object) { delete(r, "domains") }, "its count of domains is 0"},
		{"a row is missing", soft, func(_, r object) { r["l"] = r["l"].([]any)[1:] }, "not a row and a column for each of 4 classes"},
		{"a column is missing", soft, func(_, r object) { r["l"].([]any)[1] = []float64{1} }, "not a row and a column for each of 4 classes"},
		{"no temperature", soft, func(_, r object) { delete(r, "temperature") }, "its temperature is 0"},
		{"an empty record", adapt, func(_, r object) { clear(r) }, "does not name a method"},
		{"an empty record", soft, func(_, r object) { clear(r) }, "not a row and a column for each of 0 classes"},
	} {
		t.Run(row.why, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			path := editSealed(t, filepath.Join(dir, row.files), row.edit)
			_, err := ReadRuns(dir)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), path) || strings.Count(err.Error(), again) != 1 {
				t.Errorf("%v\nwant %q, the file's name, and once what to do", err, row.want)
			}
		})
	}
}

// editSealed changes the only file that matches a pattern, updates its hash, and returns its
// path.
func editSealed(t *testing.T, pattern string, edit func(from, record object)) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) != 1 {
		t.Fatalf("%s: %v, %v", pattern, paths, err)
	}
	s, err := readSealed(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	var from, record object
	for raw, into := range map[*json.RawMessage]*object{&s.Provenance: &from, &s.Record: &record} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatal(err)
		}
	}
	edit(from, record)
	for raw, out := range map[*json.RawMessage]object{&s.Provenance: from, &s.Record: record} {
		if *raw, err = json.Marshal(out); err != nil {
			t.Fatal(err)
		}
	}
	if s.SHA256, err = s.hash(); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	return paths[0]
}

// TestLabReadsNoRecordsOfOthers checks that the lab checks what it loads as ReadRuns does.
func TestLabReadsNoRecordsOfOthers(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, true)
	stages(t, t.Context(), dir, task, quick(Full))
	l, err := Open(dir, task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	source, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	soft, err := l.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Adapt(t.Context(), source, soft)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		files string
		edit  func(from, record object)
		load  func() error
	}{
		{"evaluate-*.json", func(_, r object) { r["labels"].([]any)[0] = 99 }, func() error { _, err := l.Evaluate(t.Context(), m); return err }},
		{"soft-*.json", func(_, r object) { r["l"] = []any{} }, func() error { _, err := l.SoftLabels(t.Context(), source); return err }},
		{"adapt-*/stage.json", func(_, r object) { r["step"] = []any{} }, func() error { _, err := l.Adapt(t.Context(), source, soft); return err }},
	} {
		path := editSealed(t, filepath.Join(dir, row.files), row.edit)
		if err := row.load(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s is loaded: %v", row.files, err)
		}
	}
}

// TestOursThatAreDamaged checks that a file with one of our names is named if it is not the
// result that its name says.
func TestOursThatAreDamaged(t *testing.T) {
	whole := t.TempDir()
	for _, m := range []Method{SourceTarget, DDC} {
		stages(t, t.Context(), whole, blobs(1, 4, 20, 3, true), quick(m))
	}
	for why, row := range map[string]struct {
		files string
		do    func(path, other string) error
		want  string
	}{
		"another one, copied over it": {"evaluate-*.json", func(path, other string) error {
			data, err := os.ReadFile(other)
			if err != nil {
				return err
			}
			return os.WriteFile(path, data, 0o600)
		}, "so it may be a copy: delete it"},
		"another training, copied over it": {"adapt-*/stage.json", func(path, other string) error {
			data, err := os.ReadFile(other)
			if err != nil {
				return err
			}
			return os.WriteFile(path, data, 0o600)
		}, "so it may be a copy: delete it"},
		"empty":  {"evaluate-*.json", func(path, _ string) error { return os.WriteFile(path, nil, 0o600) }, "delete it to make it again"},
		"cut":    {"adapt-*/stage.json", func(path, _ string) error { return os.Truncate(path, 100) }, "delete it to make it again"},
		"a link": {"evaluate-*.json", func(path, _ string) error { os.Remove(path); return os.Symlink("/nowhere", path) }, "it is a link to a missing file: restore that file, or delete the link"},
		"a folder": {"evaluate-*.json", func(path, _ string) error {
			os.Remove(path)
			return os.Mkdir(path, 0o700)
		}, "it is a folder, want a file: delete it"},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		paths, err := filepath.Glob(filepath.Join(dir, row.files))
		if err != nil || len(paths) != 2 {
			t.Fatal(paths, err)
		}
		if err := row.do(paths[0], paths[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRuns(dir); err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), paths[0]) {
			t.Errorf("%s: %v, want %q and its name", why, err, row.want)
		}
	}
}
