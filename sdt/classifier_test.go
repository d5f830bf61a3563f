package sdt

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// TestCosineClassifierEverywhere computes the predictions of MME's networks from their features
// and weights, softmax(Wᵀ f / (‖f‖ 0.05)), and checks that predictions, soft labels and the
// evaluation are these, and that nothing mixes the two kinds of classifier.
func TestCosineClassifierEverywhere(t *testing.T) {
	dir, task := t.TempDir(), blobs(1, 4, 20, 3, false)
	source, adapted, soft, e := stages(t, t.Context(), dir, task, quick(MME))
	l, err := Open(dir, task, quick(MME))
	if err != nil {
		t.Fatal(err)
	}
	byHand := func(m *Model, x Examples, temperature float64) (p [][]float64) {
		if m.weights[classifierScope+"/biases"] != nil {
			t.Fatalf("the cosine classifier of %s has biases", m.Stage)
		}
		w, err := tensors.CopyFlatData[float32](m.weights[classifierScope+"/weights"])
		if err != nil {
			t.Fatal(err)
		}
		flat, d, err := l.FeaturesOf(t.Context(), m, x)
		if err != nil {
			t.Fatal(err)
		}
		for f := range slices.Chunk(flat, d) {
			length, z, sum := 0.0, make([]float64, 4), 0.0
			for _, v := range f {
				length += float64(v) * float64(v)
			}
			for k := range z {
				for j, v := range f {
					z[k] += float64(v) * float64(w[j*4+k])
				}
				z[k] = math.Exp(z[k] / math.Sqrt(length) / 0.05 / temperature)
				sum += z[k]
			}
			for k := range z {
				z[k] /= sum
			}
			p = append(p, z)
		}
		return p
	}
	close := func(what string, got, want []float64) {
		t.Helper()
		for k := range want {
			if math.Abs(got[k]-want[k]) > 1e-4 {
				t.Fatalf("%s: %v, by hand %v", what, got, want)
			}
		}
	}
	for _, m := range []*Model{source, adapted} {
		got, err := l.Predict(t.Context(), m, task.Test.Examples)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range byHand(m, task.Test.Examples, 1) {
			close("prediction of "+m.Stage, got[i], want)
			if m == adapted {
				close("confidence", []float64{float64(e.Confidence[i])}, []float64{slices.Max(want)})
			}
		}
	}
	mean := make([]float64, 4)
	for i, p := range byHand(source, task.Sources[0].Examples, 2) {
		if task.Sources[0].Labels[i] == 1 {
			for k := range mean {
				mean[k] += p[k] / float64(soft.Counts[1])
			}
		}
	}
	close("soft label", soft.L[1], mean)

	linear, err := Open(dir, task, quick(SourceTarget))
	if err != nil {
		t.Fatal(err)
	}
	_, adaptErr := linear.Adapt(t.Context(), source, nil)
	_, predictErr := linear.Predict(t.Context(), adapted, task.Test.Examples)
	plain, err := linear.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, otherErr := l.Adapt(t.Context(), plain, nil)
	for what, err := range map[string]error{"has the cosine classifier, the lab's": adaptErr, "the model has the cosine": predictErr, "has a linear classifier, the lab's": otherErr} {
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("a lab with another classifier: %v, want %q", err, what)
		}
	}
	cosine := quick(SourceTarget)
	cosine.CosineClassifier = true
	same, _, _, _ := stages(t, t.Context(), dir, task, cosine)
	if same.Key != source.Key || plain.Key == source.Key {
		t.Errorf("pretraining with the cosine classifier has the key %s, that of MME %s, the linear one %s: want the first two the same, and the last another", same.Key, source.Key, plain.Key)
	}
}

// TestWhatTheDomainClassifierSees checks its inputs: CDAN's are products up to 4096 of them, and
// 1024 random numbers above.
func TestWhatTheDomainClassifierSees(t *testing.T) {
	for _, row := range []struct {
		method Method
		units  int
		want   int
	}{{DANN, 16, 16}, {CDAN, 16, 64}, {CDAN, 1024, 4096}, {CDAN, 1025, 1024}} {
		config := quick(row.method)
		config.Network, config.AdaptSteps, config.PretrainSteps = network.Head(row.units), 2, 2
		_, m, _, _ := stages(t, t.Context(), t.TempDir(), blobs(1, 4, 20, 3, false), config)
		if got := m.weights[domainScope+"/weights"].Shape().Dimensions[0]; got != row.want {
			t.Errorf("θ_D of %s on %d features and 4 classes sees %d numbers, want %d", row.method, row.units, got, row.want)
		}
	}
	a, b, c := gaussian(1, "features", 50), gaussian(1, "features", 50), gaussian(2, "features", 50)
	sum, square, together := 0.0, 0.0, 0.0
	for i := range a {
		if !slices.Equal(a[i], b[i]) || slices.Equal(a[i], c[i]) {
			t.Fatal("the same seed must give the same matrix, another seed another")
		}
		for j, v := range a[i] {
			sum, square, together = sum+float64(v), square+float64(v)*float64(v), together+float64(v)*float64(c[i][j])
		}
	}
	const n = 50 * 1024
	if math.Abs(sum/n) > 0.02 || math.Abs(square/n-1) > 0.03 || math.Abs(together/n) > 0.02 {
		t.Errorf("mean %v, variance %v, covariance with another seed's %v: want 0, 1, 0", sum/n, square/n, together/n)
	}
}
