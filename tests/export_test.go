package tests

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// A network that was adapted on photographs classifies the same photographs in Python's
// onnxruntime, in batches of 1, 7 and 100, with the same predictions.
func TestExportedPhotographs(t *testing.T) {
	python := pythonWith(t, "onnxruntime")
	lab, adapted := adaptedOnPhotographs(t)
	model := filepath.Join(t.TempDir(), "adapted.onnx")
	if err := lab.Export(adapted, model); err != nil {
		t.Fatal(err)
	}
	test := lab.Task().Test
	pixels := filepath.Join(t.TempDir(), "pixels.raw")
	if err := os.WriteFile(pixels, test.Pixels, 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(root, "sdt", "internal", "onnxruntimetest", "onnx_run.py")
	out, err := exec.CommandContext(t.Context(), python, script, pixels, "uint8", "32x32x3", "1,7,100", model).Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	var results []struct {
		Metadata map[string]string
		Runs     []struct{ Probabilities []float64 }
	}
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	want, err := lab.Predict(t.Context(), adapted, test.Examples)
	if err != nil {
		t.Fatal(err)
	}
	e, err := lab.Evaluate(t.Context(), adapted)
	if err != nil {
		t.Fatal(err)
	}
	var classes []string
	if err := json.Unmarshal([]byte(results[0].Metadata["classes"]), &classes); err != nil || fmt.Sprint(classes) != fmt.Sprint(test.Classes) {
		t.Errorf("the file's classes are %q, %v, want %q", classes, err, test.Classes)
	}
	k, seen := len(test.Classes), map[int32]bool{}
	for i, run := range results[0].Runs {
		if len(run.Probabilities) != k*test.Len() {
			t.Fatalf("run %d: %d probabilities of %d photographs, want %d of each", i, len(run.Probabilities), test.Len(), k)
		}
		worst := 0.0
		for row, p := range want {
			best := 0
			for j, theirs := range run.Probabilities[row*k : (row+1)*k] {
				worst = max(worst, math.Abs(theirs-p[j]))
				if theirs > run.Probabilities[row*k+best] {
					best = j
				}
			}
			if int32(best) != e.Predictions[row] {
				t.Errorf("run %d: %s is class %d, in the lab %d", i, test.Names[row], best, e.Predictions[row])
			}
			seen[e.Predictions[row]] = true
		}
		if worst > 1e-4 {
			t.Errorf("run %d: probabilities differ by %v", i, worst)
		}
		t.Logf("run %d: probabilities of %d photographs differ by %.2g", i, test.Len(), worst)
	}
	if len(seen) < 3 {
		t.Errorf("all predictions are of %d classes: the comparison says little", len(seen))
	}
}

// The lines of Python in docs/training.md classify with a network that was exported as the
// program there does it.
func TestExportAsDocumented(t *testing.T) {
	python := pythonWith(t, "onnxruntime")
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.05, Grey: true, Size: 28})
	if err != nil {
		t.Fatal(err)
	}
	task, err := datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	lab, err := sdt.Open(filepath.Join(dir, "runs", "readme"), task, sdt.Config{Network: network.LeNet, PretrainSteps: 1, SourceBatch: 4})
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.Export(source, filepath.Join(dir, "runs", "readme", "adapted.onnx")); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, b := range page(t, filepath.Join("docs", "training.md")).blocks {
		if b.language != "python" {
			continue
		}
		found++
		out := command(t.Context(), dir, nil, python, "-c", b.text).must(t).stdout
		if named := strings.Count(out, "'"); named != 2*7 {
			t.Errorf("line %d prints %q, want the names of seven classes", b.line, out)
		}
	}
	if found == 0 {
		t.Error("docs/training.md has no Python")
	}
}

// adaptedOnPhotographs adapts ConvNet from amazon to webcam, briefly.
func adaptedOnPhotographs(t *testing.T) (*sdt.Lab, *sdt.Model) {
	t.Helper()
	dir, err := dataDir()
	if err != nil {
		t.Skipf("%s: %v", t.Name(), err)
	}
	var domains []sdt.Labelled
	for _, name := range []string{"amazon", "webcam"} {
		d, err := datasets.ReadFolder(t.Context(), filepath.Join(dir, "office_caltech10", "images", name), datasets.FolderConfig{Width: 32})
		if err != nil {
			t.Fatal(err)
		}
		domains = append(domains, d)
	}
	task, err := datasets.SemiSupervised(domains[0], domains[1], datasets.Protocol{})
	if err != nil {
		t.Fatal(err)
	}
	lab, err := sdt.Open(t.TempDir(), task, sdt.Config{Network: network.ConvNet, SourceBatch: 16, TargetBatch: 16, LearningRate: 0.01, PretrainSteps: 60, AdaptSteps: 20})
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	soft, err := lab.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	adapted, err := lab.Adapt(t.Context(), source, soft)
	if err != nil {
		t.Fatal(err)
	}
	return lab, adapted
}
