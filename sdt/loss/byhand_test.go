package loss

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// sure returns two logits of which the first has the probability p.
func sure(p float64) []float64 { return []float64{math.Log(p / (1 - p)), 0} }

// unsure returns them the other way round.
func unsure(p float64) []float64 { return []float64{0, math.Log(p / (1 - p))} }

func TestEntropiesByHand(t *testing.T) {
	backend := backendtest.Go(t)
	entropy := func(in []*graph.Node) *graph.Node { return Entropy(in[0], in[1]) }
	minimax := func(in []*graph.Node) *graph.Node {
		return MinimaxEntropy(in[0], graph.Const(in[0].Graph(), [][]float64{{1, 0}, {0, 1}}), in[1])
	}
	quarter := -(0.75*math.Log(0.75) + 0.25*math.Log(0.25))
	for _, c := range []struct {
		logits [][]float64
		counts []int32
		want   float64
		why    string
	}{
		{[][]float64{{5, 5}}, []int32{1}, math.Ln2, "uniform of two"},
		{[][]float64{sure(0.75)}, []int32{1}, quarter, "of (¾, ¼)"},
		{[][]float64{sure(0.75), {5, 5}, {1, 9}}, []int32{1, 1, 0}, (quarter + math.Ln2) / 2, "the mean of those that count"},
		{[][]float64{{4000, 0}}, []int32{1}, 0, "sure"},
	} {
		if got := backendtest.Number(t, backend, entropy, c.logits, c.counts); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Entropy: %v, want %v: %s", got, c.want, c.why)
		}
		if got := backendtest.Number(t, backend, minimax, c.logits, c.counts); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("MinimaxEntropy with the identity as weights: %v, want %v: %s", got, c.want, c.why)
		}
	}
}

// TestMinimaxReversesTheWeights checks that the gradient with respect to the weights is that of
// the entropy, negative. (That of the features is in the contract table.)
func TestMinimaxReversesTheWeights(t *testing.T) {
	x, counts := [][]float64{{0.2, 1, -0.4}, {1.3, 0.1, 0.5}, {-0.3, 0.6, 0.8}}, []int32{1, 0, 1}
	w := tensors.FromValue([][]float64{{0.5, -1}, {0.3, 0.8}, {-0.7, 0.1}})
	for name, backend := range backendtest.All(t) {
		got := backendtest.Gradient(t, backend, func(in []*graph.Node) *graph.Node { return MinimaxEntropy(in[1], in[0], in[2]) }, w, x, counts)
		for i, want := range backendtest.CentralDifferences(t, backend, func(in []*graph.Node) *graph.Node {
			return Entropy(graph.Dot(in[1], in[0]).Product(), in[2])
		}, w, x, counts) {
			if math.Abs(got[i]+want) > 1e-8 || math.Abs(want) < 1e-3 {
				t.Errorf("%s: gradient %d is %v, that of the entropy is %v: want its negative, and not 0", name, i, got[i], want)
			}
		}
	}
}

func TestPseudoLabelsByHand(t *testing.T) {
	backend := backendtest.Go(t)
	for _, c := range []struct {
		why         string
		logits      [][]float64
		counts      []int32
		balanced    bool
		loss, share float64
	}{
		{"one of two is confident: −½ log 0.95", [][]float64{sure(0.95), sure(0.6)}, []int32{1, 1}, false, -math.Log(0.95) / 2, 0.5},
		{"a row that does not count", [][]float64{sure(0.95), sure(0.97)}, []int32{1, 0}, false, -math.Log(0.95), 1},
		{"none is confident", [][]float64{sure(0.89), unsure(0.6)}, []int32{1, 1}, false, 0, 0},
		{"none is confident, balanced", [][]float64{sure(0.89), unsure(0.6)}, []int32{1, 1}, true, 0, 0},
		{"M = 3, C = 2: weights ¾, ¾ and 1½", [][]float64{sure(0.95), sure(0.95), unsure(0.92), sure(0.5)}, []int32{1, 1, 1, 1}, true,
			-(2*0.75*math.Log(0.95) + 1.5*math.Log(0.92)) / 4, 0.75},
		{"one class: balance changes nothing", [][]float64{sure(0.95), sure(0.97)}, []int32{1, 1}, true, -(math.Log(0.95) + math.Log(0.97)) / 2, 1},
	} {
		for i, want := range []float64{c.loss, c.share} {
			f := func(in []*graph.Node) *graph.Node {
				l, share := PseudoLabel(in[0], in[1], 0.9, c.balanced)
				return []*graph.Node{l, share}[i]
			}
			if got := backendtest.Number(t, backend, f, c.logits, c.counts); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: %s is %v, want %v", c.why, []string{"the loss", "the share"}[i], got, want)
			}
		}
	}
}

func TestContrastiveByHand(t *testing.T) {
	backend := backendtest.Go(t)
	for _, c := range []struct {
		why      string
		features [][]float64
		labels   []int32
		target   []int32
		want     float64
	}{
		{"0.6 apart in one class, 2.4 in two: ¼ · 0.36", [][]float64{{0}, {3}, {0.6}}, []int32{0, 1, 0}, []int32{0, 0, 1}, 0.09},
		{"0.4 apart in two classes: ¼ · 0.36 + ¾ · 0.6²", [][]float64{{0}, {1}, {0.6}}, []int32{0, 1, 0}, []int32{0, 0, 1}, 0.36},
		{"5 apart in the plane, no other class", [][]float64{{0, 0}, {3, 4}}, []int32{1, 1}, []int32{0, 1}, 25.0 / 4},
		{"two classes at one place: nearly ¾ · 1²", [][]float64{{2}, {2}}, []int32{0, 1}, []int32{0, 1}, 0.75 * (1 - 1e-4) * (1 - 1e-4)},
		{"pairs within a domain, and rows without a class, are none", [][]float64{{0}, {9}, {0.5}}, []int32{0, 0, -1}, []int32{0, 0, 1}, 0},
		{"the mean of two pairs of one class", [][]float64{{0}, {1}, {3}}, []int32{2, 2, 2}, []int32{0, 0, 1}, (9 + 4) / 2.0 / 4},
	} {
		f := func(in []*graph.Node) *graph.Node { return Contrastive(in[0], in[1], in[2], 3, 1) }
		if got := backendtest.Number(t, backend, f, c.features, c.labels, c.target); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.why, got, c.want)
		}
	}
}

func TestMultilinearByHand(t *testing.T) {
	out, err := graph.CallOnce(backendtest.Go(t), func(in []*graph.Node) *graph.Node { return Multilinear(in[0], in[1]) },
		[][]float64{{1, 2}, {0, -4}}, [][]float64{{0.25, 0.75}, {0.5, 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tensors.MustCopyFlatData[float64](out), []float64{0.25, 0.75, 0.5, 1.5, 0, 0, -2, -2}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	through := func(f func(f, p *graph.Node) *graph.Node) []float64 { // the gradient with respect to p
		return backendtest.Gradient(t, backendtest.Go(t), func(in []*graph.Node) *graph.Node { return graph.ReduceAllSum(f(in[1], in[0])) },
			tensors.FromValue([][]float64{{0.25, 0.75}}), [][]float64{{1, 2}})
	}
	random := func(f, p *graph.Node) *graph.Node {
		return RandomMultilinear(f, p, graph.OnesLike(graph.Concatenate([]*graph.Node{f, f}, 0)), graph.OnesLike(graph.Concatenate([]*graph.Node{p, p}, 0)))
	}
	for _, g := range [][]float64{through(Multilinear), through(random)} {
		if !slices.Equal(g, []float64{0, 0}) {
			t.Errorf("the gradient reaches the predictions: %v", g)
		}
	}
}

func TestWeightedClassByHand(t *testing.T) {
	backend := backendtest.Go(t)
	f := func(in []*graph.Node) *graph.Node { return WeightedClass(in[0], in[1], in[2]) }
	logits, labels := [][]float64{sure(0.5), sure(0.75), sure(0.9)}, []int32{0, 1, -1}
	if got, want := backendtest.Number(t, backend, f, logits, labels, []float64{1, 0.25, 0}), (math.Ln2+0.25*math.Log(4))/1.25; math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v: (ln 2 + ¼ ln 4) / 1¼", got, want)
	}
	plain := func(in []*graph.Node) *graph.Node { return Class(in[0], in[1]) }
	if got, want := backendtest.Number(t, backend, f, logits[:2], labels[:2], []float64{3, 3}), backendtest.Number(t, backend, plain, logits[:2], labels[:2]); math.Abs(got-want) > 1e-12 {
		t.Errorf("equal weights give %v, Class %v", got, want)
	}
}
