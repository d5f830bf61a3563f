package plots

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// madeRun is a run whose last training had these settings.
func madeRun(dir string, c sdt.Config) sdt.Run {
	pretrain := sdt.Config{Method: sdt.SourceOnly, LearningRate: 0.01, PretrainSteps: 200, Seed: c.Seed}
	data := sdt.TaskSummary{Name: "shop→camera", Protocol: "semi-supervised", Seed: 5, Classes: []string{"a", "b", "c"}, Sets: []sdt.SetSummary{
		{Role: "source", Domain: "shop", Count: 30, Shape: []int{8, 8, 3}, Counts: []int{10, 12, 8}, SHA256: "0123456789abcdef"},
		{Role: "target, labelled", Domain: "camera", Count: 6, Shape: []int{8, 8, 3}, Counts: []int{3, 3, 0}, SHA256: "1123456789abcdef"},
		{Role: "target, unlabelled", Domain: "camera", Count: 40, Shape: []int{8, 8, 3}, SHA256: "2123456789abcdef"},
	}}
	stage := func(name string, c sdt.Config) sdt.Stage {
		return sdt.Stage{Key: name + "-key", History: &sdt.History{Stage: name, Method: c.Method}, Provenance: sdt.Provenance{
			Inputs: sdt.StageInputs{Stage: name, Backend: "Go Backend", Network: "feedfeedfeedfeed", Data: "da7ada7ada7ada7a", Config: c}, Data: data,
			Made: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), Command: "go run ./kernel run notebooks/x.ipynb",
			Environment: sdt.Environment{Go: "go1.26.8", Platform: "linux/amd64", CPUs: 2, Backend: "simple", GoMLX: "v0.28.2"}}}
	}
	return sdt.Run{Dir: dir, Stages: []sdt.Stage{stage("pretrain", pretrain), stage("adapt", c)}}
}

// evaluatedAlone is a run whose training no longer exists.
func evaluatedAlone(m sdt.Method) sdt.Run {
	return sdt.Run{Dir: "x", Stages: []sdt.Stage{{Key: "evaluate-key", Evaluation: &sdt.Evaluation{Method: m}}}}
}

func TestSettings(t *testing.T) {
	a := madeRun("runs/x", sdt.Config{Method: sdt.Full, Lambda: 0.01, Nu: 1, LearningRate: 0.01, AdaptSteps: 150})
	b := madeRun("runs/x", sdt.Config{Method: sdt.Full, Lambda: 0.1, Nu: 1, LearningRate: 0.01, AdaptSteps: 150, Pretrained: &network.Weights{Network: "CaffeNet", SHA256: "abcdefabcdefabcdef"}})
	differing, common := Settings(a, b)
	want := [][]string{{"λ Lambda", "0.01", "0.1"}, {"Pretrained", "–", "CaffeNet abcdefabcdef"}}
	if !slices.EqualFunc(differing.Rows, want, slices.Equal[[]string]) {
		t.Errorf("they differ in %q, want %q", differing.Rows, want)
	}
	if !slices.Equal(differing.Head, []string{"setting", "confusion + soft labels, λ = 0.01", "confusion + soft labels, λ = 0.1"}) {
		t.Errorf("heads %q", differing.Head)
	}
	for _, row := range [][]string{
		{"Method", "confusion + soft labels"}, {"ν Nu", "1"}, {"PretrainSteps", "200"}, {"AdaptSteps", "150"}, {"Optimizer", "SGD"}, {"Policy", "inv"},
		{"Seed", "0"}, {"back end", "go"}, {"network", "feedfeedfeed"}, {"data", "c0d12d71a5e3"}, {"task", "shop→camera"}, {"protocol", "semi-supervised, seed 5"},
	} {
		if !slices.ContainsFunc(common.Rows, func(have []string) bool { return slices.Equal(have, row) }) {
			t.Errorf("%q is not among what they share: %q", row, common.Rows)
		}
	}
	for _, row := range common.Rows {
		if row[0] == "Crop" || row[0] == "Network" {
			t.Errorf("%q is off, or no setting", row)
		}
	}
	differing, _ = Settings(a, b, evaluatedAlone(sdt.Full))
	for _, row := range differing.Rows {
		if slices.Contains([]string{"Seed", "Policy", "Optimizer", "λ Lambda", "PretrainSteps"}, row[0]) && (row[3] != "–" || row[1] == "–") {
			t.Errorf("%q: what is not known is a dash, what is known is not", row)
		}
	}
	many := []sdt.Run{a, b, b, b}
	if differing, _ = Settings(many...); !slices.Equal(differing.Head, []string{"run", "λ Lambda", "Pretrained"}) || len(differing.Rows) != 4 || !slices.Equal(differing.Rows[1][1:], []string{"0.1", "CaffeNet abcdefabcdef"}) {
		t.Errorf("more runs than settings: %q, %q, want a row for each run", differing.Head, differing.Rows)
	}
	if differing, common = Settings(a); len(differing.Rows) != 0 || !slices.ContainsFunc(common.Rows, func(r []string) bool { return r[0] == "λ Lambda" }) {
		t.Errorf("of a single run they differ in %q and share %q", differing.Rows, common.Rows)
	}
}

// TestSettingsInWords checks what is shown for settings that are not the number in the record.
func TestSettingsInWords(t *testing.T) {
	early := func(patience, every int) sdt.Run {
		return madeRun("x", sdt.Config{Method: sdt.Full, EarlyStop: sdt.Entropy, Patience: patience, ValidateEvery: every, AdaptSteps: 250})
	}
	adapted := func(data, source string) sdt.Run {
		r := madeRun("x", sdt.Config{Method: sdt.Full})
		r.Stages[1].Provenance.Inputs.Before = "pretrain-key soft-key"
		soft := sdt.Stage{Key: "soft-key", SoftLabels: &sdt.SoftLabels{}, Provenance: sdt.Provenance{Inputs: sdt.StageInputs{Stage: "soft", Data: data, Before: source}}}
		r.Stages = slices.Insert(r.Stages, 1, soft)
		return r
	}
	made, given, other := adapted("da7a", "pretrain-key"), adapted("given: 4201420142014201", ""), adapted("given: 4202420242024202", "")
	for _, row := range []struct {
		why, setting, want string // "": it is not shown
		run                sdt.Run
	}{
		{"its default", "Patience", "3", early(0, 0)},
		{"switched off, which is not a number of scores", "Patience", "off", early(sdt.Off, 0)},
		{"as it was set", "Patience", "7", early(7, 0)},
		{"without early stopping it has no effect", "Patience", "", madeRun("x", sdt.Config{Patience: sdt.Off})},
		{"a tenth of the steps", "ValidateEvery", "25", early(0, 0)},
		{"as it was set", "ValidateEvery", "7", early(0, 7)},
		{"it is in the network's fingerprint", "NetworkTag", "", madeRun("x", sdt.Config{NetworkTag: "v2"})},
		{"no soft labels, or none that still exist", "soft labels", "", madeRun("x", sdt.Config{})},
		{"as the lab makes them", "soft labels", "source network", made},
		{"of another network than the training began with", "soft labels", "network 0123456789abcdef", adapted("da7a", "0123456789abcdef")},
		{"of the user's own", "soft labels", "given 420142014201", given},
	} {
		_, common := Settings(row.run)
		got := ""
		for _, r := range common.Rows {
			if r[0] == row.setting {
				got = r[1]
			}
		}
		if got != row.want {
			t.Errorf("%s, %s: %q, want %q", row.setting, row.why, got, row.want)
		}
	}
	const full = "confusion + soft labels, soft labels = "
	if got, want := RunNames(made, given, other), []string{full + "source network", full + "given 420142014201", full + "given 420242024202"}; !slices.Equal(got, want) {
		t.Errorf("runs that differ in their soft labels: %q, want %q", got, want)
	}
	if differing, _ := Settings(given, madeRun("x", sdt.Config{NetworkTag: "v2"})); slices.ContainsFunc(differing.Rows, func(row []string) bool { return row[0] == "NetworkTag" }) {
		t.Errorf("the settings that differ have NetworkTag: %q", differing.Rows)
	}
}

// TestSettingsThatCountForNothing checks that a setting that a method does not use is a dash, even
// if a run's record has it.
func TestSettingsThatCountForNothing(t *testing.T) {
	all := sdt.Config{Lambda: 0.1, Nu: 0.1, Temperature: 2, LambdaRamp: true, NormalizeFeatures: true, DomainRate: 0.05, ValidateEvery: 7, Patience: 5,
		SourceBatch: 64, TargetBatch: 64, LabelledBatch: 16, LearningRate: 0.001}
	for m, want := range map[sdt.Method][]string{
		sdt.Full:         {"ValidateEvery", "Patience"},
		sdt.SourceTarget: {"λ Lambda", "ν Nu", "τ Temperature", "LambdaRamp", "NormalizeFeatures", "DomainRate", "ValidateEvery", "Patience", "TargetBatch"},
		sdt.TargetOnly:   {"λ Lambda", "ν Nu", "τ Temperature", "LambdaRamp", "NormalizeFeatures", "DomainRate", "ValidateEvery", "Patience", "SourceBatch", "TargetBatch"},
		sdt.DDC:          {"ν Nu", "τ Temperature", "NormalizeFeatures", "DomainRate", "ValidateEvery", "Patience"},
	} {
		c := all
		c.Method = m
		_, common := Settings(madeRun("x", c))
		for _, name := range []string{"λ Lambda", "ν Nu", "τ Temperature", "LambdaRamp", "NormalizeFeatures", "DomainRate", "ValidateEvery", "Patience", "SourceBatch", "TargetBatch", "LabelledBatch", "LearningRate"} {
			shown := slices.ContainsFunc(common.Rows, func(row []string) bool { return row[0] == name })
			if shown == slices.Contains(want, name) {
				t.Errorf("%s of %s: shown %t", name, m, shown)
			}
		}
	}
}

func TestRunNames(t *testing.T) {
	full := func(dir string, lambda float64, seed uint64) sdt.Run {
		return madeRun(dir, sdt.Config{Method: sdt.Full, Lambda: lambda, Seed: seed})
	}
	for _, c := range []struct {
		why  string
		runs []sdt.Run
		want []string
	}{
		{"by method", []sdt.Run{full("x", 0.1, 1), madeRun("x", sdt.Config{Method: sdt.SourceTarget})}, []string{"confusion + soft labels", "source + target"}},
		{"by what differs", []sdt.Run{full("x", 0.1, 1), full("x", 0.2, 1)}, []string{"confusion + soft labels, λ = 0.1", "confusion + soft labels, λ = 0.2"}},
		{"by directory", []sdt.Run{full("runs/x", 0.1, 1), full("runs/y", 0.1, 1)}, []string{"confusion + soft labels, in x", "confusion + soft labels, in y"}},
		{"by as much of the path as it takes", []sdt.Run{full("a/runs/x", 0.1, 1), full("b/runs/x", 0.1, 1), full("b/runs/y", 0.1, 1)}, []string{"confusion + soft labels, in a/runs/x", "confusion + soft labels, in b/runs/x", "confusion + soft labels, in y"}},
		{"a directory that ends as another is whole", []sdt.Run{full("/x", 0.1, 1), full("/runs/x", 0.1, 1)}, []string{"confusion + soft labels, in /x", "confusion + soft labels, in runs/x"}},
		{"one directory, written in two ways", []sdt.Run{full("x", 0.1, 1), full("./y/../x", 0.2, 1)}, []string{"confusion + soft labels, λ = 0.1", "confusion + soft labels, λ = 0.2"}},
		{"the directory stays, and what varies together is said once", []sdt.Run{full("x", 0.1, 1), madeRun("y", sdt.Config{Method: sdt.Full, Nu: 1, Momentum: 0.5, WeightDecay: 1})}, []string{"confusion + soft labels, λ = 0.1, in x", "confusion + soft labels, λ = –, in y"}},
		{"settings that are not known", []sdt.Run{full("x", 0.1, 1), full("x", 0.2, 1), evaluatedAlone(sdt.Full), evaluatedAlone(sdt.SoftOnly)}, []string{"confusion + soft labels, λ = 0.1", "confusion + soft labels, λ = 0.2", "confusion + soft labels, settings unknown", "soft labels only"}},
		{"by number", []sdt.Run{full("x", 0.1, 1), full("x", 0.1, 1)}, []string{"confusion + soft labels", "confusion + soft labels (2)"}},
	} {
		if got := RunNames(c.runs...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

// If four or more settings differ, those that distinguish the runs are named, and no others.
func TestRunNamesByTheFewestSettings(t *testing.T) {
	full := func(c sdt.Config) sdt.Run { c.Method = sdt.Full; return madeRun("x", c) }
	var sweep, ablation []sdt.Run
	var names []string
	for _, lambda := range []float64{0.01, 0.1} {
		for seed := range uint64(3) {
			sweep = append(sweep, full(sdt.Config{Lambda: lambda, Nu: 2 * lambda, LearningRate: lambda / 10, Seed: seed}))
			names = append(names, fmt.Sprintf("confusion + soft labels, λ = %v, Seed = %d", lambda, seed))
		}
	}
	for _, c := range []sdt.Config{{Lambda: 1}, {Lambda: 2}, {Lambda: 1, Nu: 1}, {Lambda: 1, Momentum: 0.5}, {Lambda: 1, ClipNorm: 1}} {
		ablation = append(ablation, full(c))
	}
	other := full(sdt.Config{Lambda: 1, Nu: 1})
	for i := range other.Stages {
		other.Stages[i].Provenance.Inputs.Backend = "xla"
	}
	for _, c := range []struct {
		why  string
		runs []sdt.Run
		want []string
	}{
		{"λ, ν and the rate vary together: λ says it", sweep, names},
		{"one that tells all apart is enough", []sdt.Run{full(sdt.Config{Lambda: 1, Nu: 1, Seed: 1}), full(sdt.Config{Lambda: 1, Nu: 2, Seed: 2}), full(sdt.Config{Lambda: 2, Nu: 2, Seed: 3})},
			[]string{"confusion + soft labels, Seed = 1", "confusion + soft labels, Seed = 2", "confusion + soft labels, Seed = 3"}},
		{"each is needed: more than three are named", ablation, []string{"confusion + soft labels, λ = 1, ν = –, Momentum = –, ClipNorm = –", "confusion + soft labels, λ = 2, ν = –, Momentum = –, ClipNorm = –",
			"confusion + soft labels, λ = 1, ν = 1, Momentum = –, ClipNorm = –", "confusion + soft labels, λ = 1, ν = –, Momentum = 0.5, ClipNorm = –", "confusion + soft labels, λ = 1, ν = –, Momentum = –, ClipNorm = 1"}},
		{"a number only where no setting differs", []sdt.Run{sweep[0], sweep[1], sweep[1]}, []string{"confusion + soft labels, Seed = 0", "confusion + soft labels, Seed = 1", "confusion + soft labels, Seed = 1 (2)"}},
		{"a setting of two words is named by both", []sdt.Run{full(sdt.Config{Lambda: 1, Nu: 1}), other}, []string{"confusion + soft labels, back end = go", "confusion + soft labels, back end = xla"}},
	} {
		if got := RunNames(c.runs...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

// The back end has its name from $GOMLX_BACKEND.
func TestBackendIsNamedAsItIsSet(t *testing.T) {
	t.Setenv("GOMLX_BACKEND", "go")
	running, err := sdt.NewBackend()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ why, name, description, want string }{
		{"pure Go, as GoMLX calls it today", running.Name(), running.Description(), "go"},
		{"ONNX Runtime", "onnxruntime", "ONNX Runtime (CPU) compute backend for GoMLX", "onnx:cpu"},
		{"ONNX Runtime on a GPU", "onnxruntime", "ONNX Runtime (CUDA GPU) compute backend for GoMLX", "onnx:cuda"},
		{"XLA on the CPU", "xla-cpu", "xla:cpu - PJRT plugin (x) [4 device(s)]", "xla:cpu"},
		{"a PJRT plugin", "xla", "xla:cuda - PJRT plugin (x) [1 device(s)]", "xla:cuda"},
		{"a plugin that says nothing of itself", "xla", "", "xla"},
		{"one that is not known here", "other", "words", "other"},
	} {
		p := sdt.Provenance{Inputs: sdt.StageInputs{Backend: row.name}, Environment: sdt.Environment{Backend: row.description}}
		if got := backend(p); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

func TestDataTable(t *testing.T) {
	r := madeRun("x", sdt.Config{Method: sdt.Full})
	got := DataTable(r, r).Rows
	want := [][]string{
		{"shop", "source", "30", "8 × 8 × 3", "8…12", "0123456789ab"},
		{"camera", "target, labelled", "6", "8 × 8 × 3", "3 in 2 of 3 classes", "1123456789ab"},
		{"camera", "target, unlabelled", "40", "8 × 8 × 3", "–", "2123456789ab"},
	}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOrigins(t *testing.T) {
	run := madeRun("x", sdt.Config{Method: sdt.Full})
	text := Origins(run).String()
	for _, want := range []string{"go run ./kernel run notebooks/x.ipynb", "26 November 2026, 12:00 UTC", "go, 2 CPUs", "go1.26.8 linux/amd64, GoMLX v0.28.2", "adapt-key"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if t3, t4 := Origins(run, run, run), Origins(run, run, run, run); len(t3.Head) != 4 || t3.Head[0] != "run" || len(t4.Rows) != 4 {
		t.Errorf("three runs have the heads %q, four %d rows: want a column for each of three, a row for each of four", t3.Head, len(t4.Rows))
	}
}
