package sdt

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// withValidation is blobs with as many validation examples of the source in addition.
func withValidation(seed uint64) Task {
	task := blobs(seed, 4, 20, 2, false)
	task.Validation = blobs(seed+100, 4, 20, 2, false).Sources[0]
	return task
}

func TestScoresByHand(t *testing.T) {
	p := [][]float64{{1, 0}, {0.5, 0.5}, {0.25, 0.75}}
	quarter := 0.25*math.Log(4) + 0.75*math.Log(4.0/3)
	if got, want := meanEntropy(p), (0+math.Ln2+quarter)/3; math.Abs(got-want) > 1e-15 {
		t.Errorf("mean entropy %v, want %v", got, want)
	}
	mean := meanRow(p) // (7/12, 5/12)
	if math.Abs(mean[0]-7.0/12) > 1e-15 || math.Abs(mean[1]-5.0/12) > 1e-15 {
		t.Errorf("mean prediction %v", mean)
	}
	// Two alike and one at a right angle: the first gives its like e⁰ and the other e⁻²⁰; the
	// third gives both others the same.
	odd := math.Exp(-20.0)
	first := math.Log(1+odd) + 20*odd/(1+odd)
	if got, want := neighbourhoodDensity([][]float64{{1, 0}, {1, 0}, {0, 1}}), (2*first+math.Ln2)/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("neighbourhood density %v, want %v", got, want)
	}
	if got, want := neighbourhoodDensity(slices.Repeat([][]float64{{0.2, 0.8}}, 9)), math.Log(8); math.Abs(got-want) > 1e-12 {
		t.Errorf("density of nine that are alike %v, want ln 8", got)
	}
	// w = (0, 2), ℓ = (1, 3): wℓ = (0, 6); Cov = 3, Var = 1 (both times n), mean w = 1.
	if got := controlled([]float64{0, 2}, []float64{1, 3}); math.Abs(got-3) > 1e-15 {
		t.Errorf("risk %v, want 3: the control variate has mean 0", got)
	}
	// w = (1, 3): wℓ = (1, 9), mean 5; Cov/Var = 4, mean w − 1 = 1.
	if got := controlled([]float64{1, 3}, []float64{1, 3}); math.Abs(got-1) > 1e-15 {
		t.Errorf("risk %v, want 5 − 4·1", got)
	}
	if got := controlled([]float64{2, 2}, []float64{1, 3}); math.Abs(got-4) > 1e-15 {
		t.Errorf("risk of equal weights %v, want their mean", got)
	}
}

func TestValidatorsScoreANetwork(t *testing.T) {
	task, dir := withValidation(1), t.TempDir()
	scores := func(steps int) map[Validator]float64 {
		config := quick(Full)
		config.PretrainSteps = steps
		lab, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all := map[Validator]float64{}
		for _, v := range append(Validators(), Oracle) {
			if all[v], err = lab.Score(t.Context(), m, v); err != nil {
				t.Fatal(err)
			}
		}
		e, err := lab.Evaluate(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if all[Oracle] != e.Accuracy() {
			t.Errorf("the oracle says %v, the evaluation %v", all[Oracle], e.Accuracy())
		}
		p, err := lab.Predict(t.Context(), m, task.Validation.Examples)
		if err != nil {
			t.Fatal(err)
		}
		risk := 0.0
		for i, y := range task.Validation.Labels {
			risk -= math.Log(p[i][y]) / float64(len(p))
		}
		if math.Abs(all[SourceRisk]+risk) > 1e-6 {
			t.Errorf("source risk %v, the mean of −log p_y is %v", -all[SourceRisk], risk)
		}
		return all
	}
	young, old := scores(2), scores(200)
	for _, v := range append(Validators(), Oracle) {
		if v == SoftNeighbourhoodDensity { // an untrained network's predictions are all alike, which scores high
			continue
		}
		if old[v] <= young[v] {
			t.Errorf("%s: %v after 2 steps, %v after 200", v, young[v], old[v])
		}
	}
}

func TestScoreSaysWhatIsMissing(t *testing.T) {
	task := blobs(1, 4, 5, 1, false)
	lab, err := Open(t.TempDir(), task, quick(Full))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range map[Validator]string{SourceRisk: "Validation", DeepEmbedded: "Validation", 0: "no validator is given", Oracle + 1: "it is not a validator"} {
		if _, err := lab.Score(t.Context(), m, v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", v, err, want)
		}
	}
	lab.task.Unlabelled = Examples{}
	if _, err := lab.Score(t.Context(), m, Entropy); err == nil || !strings.Contains(err.Error(), "unlabelled") {
		t.Errorf("without unlabelled examples: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lab.Score(stopped, m, Oracle); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v", err)
	}
	config := quick(Full)
	config.EarlyStop = DeepEmbedded
	if _, err := Open(t.TempDir(), task, config); err == nil || !strings.Contains(err.Error(), "Validation") {
		t.Errorf("early stopping without validation examples: %v", err)
	}
}

func TestValidatorsNames(t *testing.T) {
	for _, v := range append(Validators(), Oracle) {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back Validator
		if err := json.Unmarshal(raw, &back); err != nil || back != v {
			t.Errorf("%s became %s: %v", v, back, err)
		}
	}
	var v Validator
	if err := v.UnmarshalText([]byte("target accuracy")); err == nil {
		t.Error("an unknown name was accepted")
	}
}

// At the minimum the gradient vanishes: n·∂/∂w = Σ (σ(z) − y) x + w = 0 and Σ (σ(z) − y) = 0.
func TestLogisticRegressionIsAtItsMinimum(t *testing.T) {
	const n, d = 60, 5
	rng := rand.New(rand.NewPCG(1, 1))
	x, second := make([]float32, n*d), make([]bool, n)
	for i := range second {
		second[i] = i%3 == 0
		for j := range d {
			x[i*d+j] = 3 + float32(rng.NormFloat64())
			if second[i] && j == 2 {
				x[i*d+j] += 1
			}
		}
		x[i*d+4] = 7 // does not vary
	}
	l, err := fitLogistic(x, second, d)
	if err != nil {
		t.Fatal(err)
	}
	gradient := slices.Clone(l.w)
	gradient[d] = 0
	for i := range second {
		miss := 1 / (1 + math.Exp(-l.score(x[i*d:(i+1)*d])))
		if second[i] {
			miss--
		}
		gradient[d] += miss
		for j := range d {
			gradient[j] += miss * (float64(x[i*d+j]) - l.mean[j]) * l.scale[j]
		}
	}
	for j, g := range gradient {
		if math.Abs(g) > 1e-3 {
			t.Errorf("gradient %d is %v at the minimum", j, g)
		}
	}
	if l.w[2] <= 0 || l.w[4] != 0 {
		t.Errorf("weights %v: want the third above 0, the fifth 0", l.w)
	}
	if _, err := fitLogistic(x, make([]bool, n), d); err == nil {
		t.Error("one class was accepted")
	}
}

func TestProbe(t *testing.T) {
	const d = 3
	draw := func(seed uint64, n int, shift float32) []float32 {
		rng := rand.New(rand.NewPCG(seed, 2))
		x := make([]float32, n*d)
		for i := range x {
			x[i] = float32(rng.NormFloat64())
			if i%d == 1 {
				x[i] += shift
			}
		}
		return x
	}
	apart, err := Probe(draw(1, 300, 0), draw(2, 500, 10), d, 1)
	if err != nil {
		t.Fatal(err)
	}
	if apart.Accuracy != 1 || apart.ADistance() != 2 || len(apart.First) != 150 || len(apart.Second) != 150 {
		t.Errorf("domains ten deviations apart: accuracy %v, A-distance %v, %d and %d scores", apart.Accuracy, apart.ADistance(), len(apart.First), len(apart.Second))
	}
	// Two standard deviations apart, the best classifier is right with probability Φ(1).
	near, err := Probe(draw(1, 8000, 0), draw(2, 8000, 2), d, 1)
	if want := 0.8413; err != nil || math.Abs(near.Accuracy-want) > 0.015 {
		t.Errorf("domains two deviations apart: accuracy %v, want %v: %v", near.Accuracy, want, err)
	}
	same, err := Probe(draw(1, 4000, 0), draw(2, 4000, 0), d, 1)
	if err != nil || math.Abs(same.ADistance()) > 0.1 {
		t.Errorf("the same domain twice: A-distance %v: %v", same.ADistance(), err)
	}
	if _, err := Probe(draw(1, 1, 0), draw(2, 5, 0), d, 1); err == nil {
		t.Error("one example was accepted")
	}
}
