package loss

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
)

// lossRow is one loss of the contract table: every loss is in it, and every test below checks all
// of them. f has float64 logits or features [n, width] and its other inputs as arguments.
type lossRow struct {
	name  string
	width int
	f     func(in []*graph.Node) *graph.Node
	feed  func(n int) []any // by row, in order
	floor float64           // lower bound, nats
}

func lossTable() []lossRow {
	labels := func(width int) func(n int) []any {
		return func(n int) []any {
			y := make([]int32, n)
			for i := range y {
				y[i] = int32(i % width)
			}
			return []any{y}
		}
	}
	return []lossRow{
		{"Class", 5, func(in []*graph.Node) *graph.Node { return Class(in[0], in[1]) }, labels(5), 0},
		{"Domain", 3, func(in []*graph.Node) *graph.Node { return Domain(in[0], in[1]) }, labels(3), 0},
		{"GradientReversal", 3, func(in []*graph.Node) *graph.Node { return GradientReversal(in[0], in[1]) }, labels(3), math.Inf(-1)},
		{"MMD", 4, func(in []*graph.Node) *graph.Node { return MMD(in[0], in[1], 2) }, labels(2), 0},
		{"MMD of 3", 4, func(in []*graph.Node) *graph.Node { return MMD(in[0], in[1], 3) }, labels(3), 0},
		{"CORAL", 4, func(in []*graph.Node) *graph.Node { return CORAL(in[0], in[1], 2) }, labels(2), 0},
		{"CORAL of 3", 4, func(in []*graph.Node) *graph.Node { return CORAL(in[0], in[1], 3) }, labels(3), 0},
		{"Confusion", 2, func(in []*graph.Node) *graph.Node { return Confusion(in[0]) }, func(int) []any { return nil }, math.Ln2},
		{"Confusion of 4", 4, func(in []*graph.Node) *graph.Node { return Confusion(in[0]) }, func(int) []any { return nil }, math.Log(4)},
		{"SoftLabel", 4, func(in []*graph.Node) *graph.Node { return SoftLabel(in[0], in[1], 2) }, func(n int) []any {
			soft := make([][]float64, n)
			for i := range soft {
				soft[i] = []float64{0.1, 0.2, 0.3, 0.4}
			}
			return []any{soft}
		}, -(0.1*math.Log(0.1) + 0.2*math.Log(0.2) + 0.3*math.Log(0.3) + 0.4*math.Log(0.4))},
		{"WeightedClass", 5, func(in []*graph.Node) *graph.Node { return WeightedClass(in[0], in[1], graph.Squeeze(in[2], 1)) }, func(n int) []any {
			w := make([][]float64, n)
			for i := range w {
				w[i] = []float64{float64(i%3) / 4}
			}
			return append(labels(5)(n), w)
		}, 0},
		{"Entropy", 5, func(in []*graph.Node) *graph.Node { return Entropy(in[0], in[1]) }, labels(2), 0},
		{"MinimaxEntropy", 4, func(in []*graph.Node) *graph.Node {
			return MinimaxEntropy(in[0], graph.Const(in[0].Graph(), [][]float64{{1, 0, -1}, {0.3, 2, 0.1}, {-1, 0.5, 0}, {0, 0.2, 1}}), in[1])
		}, labels(2), 0},
		{"PseudoLabel", 3, func(in []*graph.Node) *graph.Node { l, _ := PseudoLabel(in[0], in[1], 0.6, false); return l }, labels(2), 0},
		{"PseudoLabel, balanced", 3, func(in []*graph.Node) *graph.Node { l, _ := PseudoLabel(in[0], in[1], 0.6, true); return l }, labels(2), 0},
		{"Contrastive", 2, func(in []*graph.Node) *graph.Node { return Contrastive(in[0], in[1], in[2], 3, 4) }, func(n int) []any {
			return append(labels(3)(n), labels(2)(n)[0])
		}, 0},
		{"CDAN", 4, func(in []*graph.Node) *graph.Node {
			x := Multilinear(in[0], in[1])
			w := graph.Sin(graph.IotaFull(x.Graph(), shapes.Make(x.DType(), x.Shape().Dimensions[1], 2)))
			return GradientReversal(graph.Dot(x, w).Product(), in[2])
		}, func(n int) []any {
			p := make([][]float64, n)
			for i := range p {
				p[i] = []float64{0.5, 0.1 * float64(i%3), 0.5 - 0.1*float64(i%3)}
			}
			return []any{p, labels(2)(n)[0]}
		}, math.Inf(-1)},
	}
}

func randomLogits(seed uint64, n, width int) *tensors.Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	flat := make([]float64, n*width)
	for i := range flat {
		flat[i] = 3 * rng.NormFloat64()
	}
	return tensors.FromFlatDataAndDimensions(flat, n, width)
}

func TestLossContract(t *testing.T) {
	for name, backend := range backendtest.All(t) {
		for _, row := range lossTable() {
			t.Run(name+"/"+row.name, func(t *testing.T) {
				const n = 6
				x := randomLogits(1, n, row.width)
				feed := row.feed(n)
				value := backendtest.Number(t, backend, row.f, append([]any{x}, feed...)...)
				if math.IsNaN(value) || math.IsInf(value, 0) || value < row.floor {
					t.Errorf("loss %v, want finite and at least %v", value, row.floor)
				}
				if again := backendtest.Number(t, backend, row.f, append([]any{x}, feed...)...); again != value {
					t.Errorf("the same input gave %v, then %v", value, again)
				}
				turned := []any{turnRows(x, n, row.width)}
				for _, fed := range feed {
					turned = append(turned, turnFed(fed))
				}
				if other := backendtest.Number(t, backend, row.f, turned...); math.Abs(other-value) > 1e-12*max(1, math.Abs(value)) {
					t.Errorf("the rows in another order give %v after %v", other, value)
				}
				got := backendtest.Gradient(t, backend, row.f, append([]any{x}, feed...)...)
				for i, want := range backendtest.CentralDifferences(t, backend, row.f, x, feed...) {
					if math.Abs(got[i]-want) > 1e-7 {
						t.Errorf("gradient %d is %v, central differences give %v", i, got[i], want)
					}
				}
				// logits so large that a naive softmax overflows
				big := tensors.FromFlatDataAndDimensions(func() []float64 {
					flat := make([]float64, n*row.width)
					for i := range flat {
						flat[i] = float64(i%row.width) * 2000
					}
					return flat
				}(), n, row.width)
				if v := backendtest.Number(t, backend, row.f, append([]any{big}, feed...)...); math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("loss of large logits is %v", v)
				}
			})
		}
	}
}

// turnRows returns x [n, width] with its first two rows moved to the end.
func turnRows(x *tensors.Tensor, n, width int) *tensors.Tensor {
	flat := tensors.MustCopyFlatData[float64](x)
	return tensors.FromFlatDataAndDimensions(slices.Concat(flat[2*width:], flat[:2*width]), n, width)
}

// turnFed is turnRows for the other inputs of a loss.
func turnFed(fed any) any {
	switch rows := fed.(type) {
	case []int32:
		return slices.Concat(rows[2:], rows[:2])
	case [][]float64:
		return slices.Concat(rows[2:], rows[:2])
	}
	panic("losses are fed []int32 or [][]float64")
}

func TestLossesByHand(t *testing.T) {
	backend := backendtest.Go(t)
	logistic := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	confusion := func(in []*graph.Node) *graph.Node { return Confusion(in[0]) }
	for _, c := range []struct {
		name   string
		logits [][]float64
		want   float64
		why    string
	}{
		{"uniform", [][]float64{{3, 3}}, math.Ln2, "equal logits: q = (½, ½), so ½ln2 + ½ln2"},
		{"uniform of three", [][]float64{{-1, -1, -1}}, math.Log(3), "q = ⅓ each"},
		{"three to one", [][]float64{{math.Log(3), 0}}, -0.5 * (math.Log(0.75) + math.Log(0.25)), "q = (¾, ¼)"},
		{"sure", [][]float64{{40, 0}}, 20 + 0.5*math.Log1p(math.Exp(-40)) + 0.5*math.Log1p(math.Exp(-40)), "−½(log σ(40) + log σ(−40))"},
		{"mean of rows", [][]float64{{3, 3}, {math.Log(3), 0}}, 0.5 * (math.Ln2 - 0.5*(math.Log(0.75)+math.Log(0.25))), "the batch's mean"},
	} {
		if got := backendtest.Number(t, backend, confusion, c.logits); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Confusion %s: %v, want %v: %s", c.name, got, c.want, c.why)
		}
	}
	classLoss := func(in []*graph.Node) *graph.Node { return Class(in[0], in[1]) }
	if got, want := backendtest.Number(t, backend, classLoss, [][]float64{{0, 0, 0, 0}}, []int32{2}), math.Log(4); math.Abs(got-want) > 1e-12 {
		t.Errorf("Class of an undecided classifier: %v, want ln 4", got)
	}
	if got, want := backendtest.Number(t, backend, classLoss, [][]float64{{1, 0}, {0, 2}}, []int32{0, 0}),
		-0.5*(math.Log(logistic(1))+math.Log(logistic(-2))); math.Abs(got-want) > 1e-12 {
		t.Errorf("Class: %v, want %v: −½(log σ(1) + log σ(−2))", got, want)
	}
	domainLoss := func(in []*graph.Node) *graph.Node { return Domain(in[0], in[1]) }
	if got := backendtest.Number(t, backend, domainLoss, [][]float64{{7, 7}, {-2, -2}}, []int32{0, 1}); math.Abs(got-math.Ln2) > 1e-12 {
		t.Errorf("Domain of an undecided classifier: %v, want ln 2", got)
	}
	// p at τ = 2 from logits 2 log l is l itself, so L_soft is the entropy of l.
	l := []float64{0.5, 0.25, 0.125, 0.125}
	logits := make([]float64, len(l))
	for i, p := range l {
		logits[i] = 2*math.Log(p) + 9 // plus a constant, which softmax ignores
	}
	soft := func(in []*graph.Node) *graph.Node { return SoftLabel(in[0], in[1], 2) }
	if got, want := backendtest.Number(t, backend, soft, [][]float64{logits}, [][]float64{l}), 1.75*math.Ln2; math.Abs(got-want) > 1e-12 {
		t.Errorf("SoftLabel at p = l: %v, want 1.75 ln 2, the entropy of (½, ¼, ⅛, ⅛)", got)
	}
}

func TestDiscrepanciesByHand(t *testing.T) {
	backend := backendtest.Go(t)
	for _, c := range []struct {
		name     string
		features [][]float64
		domains  []int32
		count    int
		mmd      float64
		coral    float64
		why      string
	}{
		{"the same twice", [][]float64{{1, 2}, {3, 5}, {1, 2}, {3, 5}}, []int32{0, 0, 1, 1}, 2, 0, 0, "nothing differs"},
		{"moved", [][]float64{{0, 0}, {2, 2}, {3, 4}, {5, 6}}, []int32{0, 0, 1, 1}, 2, 25, 0,
			"means (1, 1) and (4, 5): 3² + 4²; both covariances are 2 in every place"},
		{"spread", [][]float64{{-1, 0}, {1, 0}, {0, -3}, {0, 3}}, []int32{0, 0, 1, 1}, 2, 0, (2*2 + 18*18) / 16.0,
			"C_S = diag(2, 0), C_T = diag(0, 18); over 4d² = 16"},
		{"uneven", [][]float64{{-1}, {0}, {1}, {10}, {14}}, []int32{0, 0, 0, 1, 1}, 2, 144, 49 / 4.0,
			"means 0 and 12; variances 1, of three, and 8, of two: 7² over 4"},
		{"three domains", [][]float64{{0}, {2}, {3}, {5}, {1}, {1}}, []int32{0, 0, 1, 1, 2, 2}, 3, (9 + 0 + 9) / 3.0, (0 + 4 + 4) / 4.0 / 3,
			"means 1, 4, 1; variances 2, 2, 0; three pairs"},
	} {
		mmd := func(in []*graph.Node) *graph.Node { return MMD(in[0], in[1], c.count) }
		coral := func(in []*graph.Node) *graph.Node { return CORAL(in[0], in[1], c.count) }
		if got := backendtest.Number(t, backend, mmd, c.features, c.domains); math.Abs(got-c.mmd) > 1e-12 {
			t.Errorf("MMD, %s: %v, want %v: %s", c.name, got, c.mmd, c.why)
		}
		if got := backendtest.Number(t, backend, coral, c.features, c.domains); math.Abs(got-c.coral) > 1e-12 {
			t.Errorf("CORAL, %s: %v, want %v: %s", c.name, got, c.coral, c.why)
		}
	}
	reversal := func(in []*graph.Node) *graph.Node { return GradientReversal(in[0], in[1]) }
	if got := backendtest.Number(t, backend, reversal, [][]float64{{math.Log(3), 0}}, []int32{0}); math.Abs(got-math.Log(0.75)) > 1e-12 {
		t.Errorf("GradientReversal: %v, want log ¾", got)
	}
}

func TestSoftLabelsPassNoGradient(t *testing.T) {
	f := func(in []*graph.Node) *graph.Node { return SoftLabel(graph.Square(in[0]), in[0], 2) }
	x := tensors.FromValue([][]float64{{0.2, 0.8}})
	// With soft stopped, ∂L/∂x = 2x·(p − l)/τ, p = softmax(x²/2).
	p1 := 1 / (1 + math.Exp((0.04-0.64)/2))
	want := []float64{2 * 0.2 * ((1 - p1) - 0.2) / 2, 2 * 0.8 * (p1 - 0.8) / 2}
	for i, got := range backendtest.Gradient(t, backendtest.Go(t), f, x) {
		if math.Abs(got-want[i]) > 1e-12 {
			t.Errorf("gradient %d is %v, want %v", i, got, want[i])
		}
	}
}

func TestLossesRejectWrongShapes(t *testing.T) {
	backend := backendtest.Go(t)
	for name, f := range map[string]func(x *graph.Node) *graph.Node{
		"Confusion of a vector": func(x *graph.Node) *graph.Node { return Confusion(graph.Reshape(x, -1)) },
		"Confusion of one domain": func(x *graph.Node) *graph.Node {
			return Confusion(graph.Reshape(x, -1, 1))
		},
		"labels of another length": func(x *graph.Node) *graph.Node {
			return Class(x, graph.Const(x.Graph(), []int32{0}))
		},
		"labels that are floats": func(x *graph.Node) *graph.Node {
			return Domain(x, graph.ConvertDType(graph.Const(x.Graph(), []int32{0, 1, 0}), dtypes.Float64))
		},
		"MMD of one domain": func(x *graph.Node) *graph.Node {
			return MMD(x, graph.Const(x.Graph(), []int32{0, 0, 0}), 1)
		},
		"CORAL with domains of another length": func(x *graph.Node) *graph.Node {
			return CORAL(x, graph.Const(x.Graph(), []int32{0, 1}), 2)
		},
		"temperature zero":       func(x *graph.Node) *graph.Node { return SoftLabel(x, x, 0) },
		"counts that are floats": func(x *graph.Node) *graph.Node { return Entropy(x, graph.Const(x.Graph(), []float64{1, 0, 1})) },
		"weights of another length": func(x *graph.Node) *graph.Node {
			return WeightedClass(x, graph.Const(x.Graph(), []int32{0, 1, 0}), graph.Const(x.Graph(), []float64{1}))
		},
		"weights of other features": func(x *graph.Node) *graph.Node { return MinimaxEntropy(x, x, graph.Const(x.Graph(), []int32{1, 1, 1})) },
		"a threshold of one": func(x *graph.Node) *graph.Node {
			l, _ := PseudoLabel(x, graph.Const(x.Graph(), []int32{1, 1, 1}), 1, false)
			return l
		},
		"no margin": func(x *graph.Node) *graph.Node {
			y := graph.Const(x.Graph(), []int32{0, 1, 1})
			return Contrastive(x, y, y, 2, 0)
		},
		"predictions of another length": func(x *graph.Node) *graph.Node { return Multilinear(x, graph.Slice(x, graph.AxisRange(0, 2))) },
	} {
		if _, err := graph.CallOnce(backend, f, randomLogits(1, 3, 2)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
