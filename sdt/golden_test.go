package sdt

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/gomlx/compute"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// To change the figures on purpose: go test ./sdt -run Golden -golden
var updateGolden = flag.Bool("golden", false, "TestGolden writes its file anew")

const goldenFile = "testdata/golden.json"

// golden is the result of a short run.
type golden struct {
	Name       string
	Keys       []string // of pretraining, soft labels, adaptation and evaluation
	Pretrain   []float64
	SoftLabels [][]float64
	Losses     map[string][]float64 // of adaptation, by the name in [History]
	Accuracy   float64
	Confidence []float64 // of each test row
}

// TestGolden compares a short run of each method, and of a convolutional network, with earlier
// results on the pure Go back end: keys exactly, numbers to 1e-5, since processors differ in the
// last bits. A change of either retrains everyone's runs, or gives them other results under the
// old key.
func TestGolden(t *testing.T) {
	t.Setenv(compute.ConfigEnvVar, "go")
	var got []golden
	for _, m := range slices.Concat(Methods(), Baselines()) {
		got = append(got, goldenRun(t, m.String(), blobs(1, 4, 12, 3, true), quick(m)))
	}
	ramp := quick(Full)
	ramp.LambdaRamp, ramp.NormalizeFeatures, ramp.Optimizer, ramp.Policy = true, true, Adam, Inv
	got = append(got, goldenRun(t, "ramp, normalized features, Adam", blobs(1, 4, 12, 3, true), ramp))
	early := quick(Full)
	early.EarlyStop, early.ValidateEvery = Entropy, 2
	got = append(got, goldenRun(t, "early stop", blobs(1, 4, 12, 3, true), early))
	pseudo := quick(SourceTarget)
	pseudo.PseudoLabels, pseudo.PseudoThreshold, pseudo.PseudoRamp, pseudo.PseudoBalanced, pseudo.TargetWeight = 1, 0.5, 0.5, true, 0.25
	got = append(got, goldenRun(t, "pseudo-labels, target weight", blobs(1, 4, 12, 3, true), pseudo))
	images := quick(Full)
	images.Network, images.SourceBatch, images.TargetBatch, images.LearningRate, images.Crop, images.Mirror = network.LeNet, 4, 4, 1e-4, 28, true
	got = append(got, goldenRun(t, "LeNet, crop, mirror", blobImages(), images))

	if *updateGolden {
		raw, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(goldenFile, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	var want []golden
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) != len(got) {
		t.Fatalf("%d runs, %s has %d", len(got), goldenFile, len(want))
	}
	for i := range got {
		t.Run(got[i].Name, func(t *testing.T) {
			if d := cmp.Diff(want[i], got[i], cmpopts.EquateApprox(0, 1e-5)); d != "" {
				t.Errorf("was (-), is now (+):\n%s", d)
			}
		})
	}
}

// goldenRun takes six steps of each training.
func goldenRun(t *testing.T, name string, task Task, config Config) golden {
	t.Helper()
	config.PretrainSteps, config.AdaptSteps = 6, 6
	dir := t.TempDir()
	source, adapted, soft, e := stages(t, t.Context(), dir, task, config)
	g := golden{Name: name, Keys: []string{source.Key, soft.Key, adapted.Key}, Pretrain: source.History.ClassLoss, SoftLabels: soft.L, Accuracy: e.Accuracy(),
		Losses: map[string][]float64{}}
	h := adapted.History
	for name, loss := range map[string][]float64{"L_C": h.ClassLoss, "L_D": h.DomainLoss, "L_conf": h.ConfusionLoss, "L_soft": h.SoftLoss,
		"L_pseudo": h.PseudoLoss, "entropy": h.Entropy,
		"discrepancy": h.Discrepancy, "domain accuracy": h.DomainAccuracy, "confident": h.Confident, "lambda": h.Lambda} {
		if loss != nil {
			g.Losses[name] = loss
		}
	}
	for _, look := range h.Scores {
		g.Losses["looks"] = append(g.Losses["looks"], look.Score)
	}
	for _, p := range e.Confidence {
		g.Confidence = append(g.Confidence, float64(p))
	}
	runs, err := ReadRuns(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if r.Evaluation() != nil {
			g.Keys = append(g.Keys, r.last().Key)
		}
	}
	return g
}

// blobImages returns blobs as images of 32×32 grey pixels.
func blobImages() Task {
	task := blobs(1, 4, 12, 3, true)
	images := func(e *Examples) {
		values, d := e.Values, e.Shape[0]
		e.Shape, e.Values = []int{32, 32, 1}, nil
		for row := range slices.Chunk(values, d) {
			for p := range 32 * 32 {
				e.Pixels = append(e.Pixels, uint8(max(0, min(255, 100+30*row[p/32*d/32]))))
			}
		}
	}
	images(&task.Sources[0].Examples)
	images(&task.Target.Examples)
	images(&task.Unlabelled)
	images(&task.Test.Examples)
	return task
}
