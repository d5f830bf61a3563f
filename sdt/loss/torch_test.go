package loss

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
)

// torchCase is a loss and its inputs, of which the first is float64 and has the gradient. The
// name is that of a function in testdata/torch_losses.py, up to a comma.
type torchCase struct {
	name   string
	f      func(in []*graph.Node) *graph.Node
	inputs []any // of the graph
	more   []any // arguments that f has as constants
}

func torchCases() []torchCase {
	logits := [][]float64{{3, 0.2, -1}, {0.1, 4, 0.3}, {-2, 0.5, 5}, {0.4, 0.3, 0.2}, {-1, 6, 0}, {1, 2, 3}, {0, 0, 0.1}}
	features := [][]float64{{0.1, 0.9}, {0.4, 0.2}, {0.3, 1.1}, {0.2, 0.5}, {0.6, 0.4}, {1.4, 0.1}, {0.5, 0.5}}
	p := [][]float64{{.7, .2, .1}, {.1, .8, .1}, {.2, .3, .5}, {.3, .3, .4}, {.9, .05, .05}, {.2, .2, .6}, {.5, .25, .25}}
	counts, labels := []int32{1, 1, 1, 0, 1, 1, 0}, []int32{0, 1, 2, 0, 1, -1, 2}
	target, domains := []int32{0, 0, 0, 1, 1, 1, 1}, []int32{0, 0, 0, 1, 1, 1, 1}
	classifier := [][]float64{{1, -0.5, 0.3}, {0.2, 0.8, -1.1}} // [d, K]
	onto := func(rows int) (w [][]float64) {                    // [rows, 2]
		for i := range rows {
			w = append(w, []float64{math.Sin(float64(i)), math.Cos(float64(2 * i))})
		}
		return w
	}
	rf, rp := [][]float64{{1, -2, 0.5, 0.3}, {-0.7, 0.4, 1.5, -1}}, [][]float64{{0.2, 1, -1, 0.6}, {-0.3, 0.9, 0.1, 2}, {1.1, -0.5, 0.7, 0.4}}
	pseudo := func(threshold float64, balanced bool) func(in []*graph.Node) *graph.Node {
		return func(in []*graph.Node) *graph.Node {
			l, _ := PseudoLabel(in[0], in[1], threshold, balanced)
			return l
		}
	}
	return []torchCase{
		{"Entropy", func(in []*graph.Node) *graph.Node { return Entropy(in[0], in[1]) }, []any{logits, counts}, nil},
		{"MinimaxEntropy", func(in []*graph.Node) *graph.Node { return MinimaxEntropy(in[0], in[1], in[2]) }, []any{features, classifier, counts}, nil},
		{"PseudoLabel", pseudo(0.9, false), []any{logits, counts}, []any{0.9, false}},
		{"PseudoLabel, balanced", pseudo(0.6, true), []any{logits, counts}, []any{0.6, true}},
		{"PseudoLabel, of none", pseudo(0.999, true), []any{logits, counts}, []any{0.999, true}},
		{"Contrastive", func(in []*graph.Node) *graph.Node { return Contrastive(in[0], in[1], in[2], 3, 1) }, []any{features, labels, target}, nil},
		{"CDAN", func(in []*graph.Node) *graph.Node {
			return GradientReversal(graph.Dot(Multilinear(in[0], in[1]), in[2]).Product(), in[3])
		}, []any{features, p, onto(6), domains}, nil},
		{"randomised CDAN", func(in []*graph.Node) *graph.Node {
			return GradientReversal(graph.Dot(RandomMultilinear(in[0], in[1], in[2], in[3]), in[4]).Product(), in[5])
		}, []any{features, p, rf, rp, onto(4), domains}, nil},
		{"WeightedClass", func(in []*graph.Node) *graph.Node { return WeightedClass(in[0], in[1], in[2]) },
			[]any{logits, []int32{0, 1, 1, 2, 1, 0, 2}, []float64{1, 1, 1, 0.25, 0.25, 0, 0.25}}, nil},
	}
}

// TestLossesAsInTorch compares losses and gradients with PyTorch's, whose formulas are those of
// the authors' code.
func TestLossesAsInTorch(t *testing.T) {
	python := torchtest.Python(t)
	if python == "" {
		t.Skipf("%s: no python3 with PyTorch: %s", t.Name(), torchtest.Install)
	}
	given := map[string][]any{}
	for _, c := range torchCases() {
		given[c.name] = append(append([]any{}, c.inputs...), c.more...)
	}
	in, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "torch_losses.py"))
	run.Stdin = bytes.NewReader(in)
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		Value    float64
		Gradient []float64
	}
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	for name, backend := range backendtest.All(t) {
		for _, c := range torchCases() {
			w := want[c.name]
			inputs := append([]any{tensors.FromValue(c.inputs[0].([][]float64))}, c.inputs[1:]...)
			if got := backendtest.Number(t, backend, c.f, inputs...); math.Abs(got-w.Value) > 1e-12 {
				t.Errorf("%s/%s: %v, PyTorch has %v", name, c.name, got, w.Value)
			}
			got := backendtest.Gradient(t, backend, c.f, inputs...)
			if len(got) != len(w.Gradient) {
				t.Fatalf("%s/%s: %d gradients, PyTorch has %d", name, c.name, len(got), len(w.Gradient))
			}
			for i := range got {
				if math.Abs(got[i]-w.Gradient[i]) > 1e-12 {
					t.Errorf("%s/%s: gradient %d is %v, PyTorch has %v", name, c.name, i, got[i], w.Gradient[i])
				}
			}
		}
	}
}
