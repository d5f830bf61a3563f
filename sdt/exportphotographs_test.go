package sdt_test

import (
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/internal/onnxruntimetest"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// A network that was adapted on photographs classifies the same photographs in Python's
// onnxruntime, in batches of 1, 7 and 100, with the same predictions.
func TestExportedPhotographs(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains on photographs", t.Name())
	}
	python := onnxruntimetest.Python(t)
	lab, adapted := adaptedOnPhotographs(t)
	model := filepath.Join(t.TempDir(), "adapted.onnx")
	if err := lab.Export(adapted, model); err != nil {
		t.Fatal(err)
	}
	test := lab.Task().Test
	result := onnxruntimetest.Run(t, python, []string{model}, test.Pixels, "uint8", test.Shape, 1, 7, 100)[0]
	want, err := lab.Predict(t.Context(), adapted, test.Examples)
	if err != nil {
		t.Fatal(err)
	}
	e, err := lab.Evaluate(t.Context(), adapted)
	if err != nil {
		t.Fatal(err)
	}
	k, seen := len(test.Classes), map[int32]bool{}
	for i, run := range result.Runs {
		if len(run.Probabilities) != k*test.Len() {
			t.Fatalf("run %d: %d probabilities of %d photographs, want %d of each", i, len(run.Probabilities), test.Len(), k)
		}
		worst := 0.0
		for row, p := range want {
			best := 0
			for j, theirs := range run.Probabilities[row*k : (row+1)*k] {
				worst = max(worst, math.Abs(float64(theirs)-p[j]))
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

// adaptedOnPhotographs adapts ConvNet from amazon to webcam, briefly.
func adaptedOnPhotographs(t *testing.T) (*sdt.Lab, *sdt.Model) {
	t.Helper()
	dir := filepath.Join(os.Getenv("SDT_DATA"), "office_caltech10", "images")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s: no photographs: %v: set SDT_DATA", t.Name(), err)
	}
	target := photographsIn(t, filepath.Join(dir, "webcam"))
	var few, rest []int
	count := map[int32]int{}
	for i, y := range target.Labels {
		if count[y]++; count[y] <= 5 {
			few = append(few, i)
		} else {
			rest = append(rest, i)
		}
	}
	task := sdt.Task{Name: "amazon→webcam", Sources: []sdt.Labelled{photographsIn(t, filepath.Join(dir, "amazon"))},
		Target: target.Rows(few), Unlabelled: target.Rows(rest).Examples, Test: target.Rows(rest)}
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

// photographsIn reads a folder with a folder of JPEGs for each class, 32×32 of the pixels of each.
// (Package datasets does it better, but imports sdt.)
func photographsIn(t *testing.T, folder string) sdt.Labelled {
	t.Helper()
	l := sdt.Labelled{Examples: sdt.Examples{Domain: filepath.Base(folder), Shape: []int{32, 32, 3}}}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if class := filepath.Base(filepath.Dir(path)); !slices.Contains(l.Classes, class) {
			l.Classes = append(l.Classes, class)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(file)
		file.Close()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		side := img.Bounds().Size()
		for at := range 32 * 32 {
			r, g, b, _ := img.At(at%32*side.X/32, at/32*side.Y/32).RGBA()
			l.Pixels = append(l.Pixels, uint8(r>>8), uint8(g>>8), uint8(b>>8))
		}
		l.Labels, l.Names = append(l.Labels, int32(len(l.Classes)-1)), append(l.Names, path)
	}
	return l
}
