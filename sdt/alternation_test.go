package sdt

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/loss"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// oneStep takes one step of the alternation from fixed weights and returns the weights
// before and after, by path. build makes the step; nil means Config.alternation.
func oneStep(t *testing.T, b compute.Backend, c Config, plan batchPlan,
	build func(store *model.Store, in []*graph.Node) []*graph.Node) (before, after map[string][]float32) {
	t.Helper()
	c = c.withDefaults()
	const k, d = 3, 4 // classes, numbers of an example
	if build == nil {
		build = func(store *model.Store, in []*graph.Node) []*graph.Node {
			soft := in[2]
			if !c.Method.UsesSoftLabels() {
				soft = nil
			}
			nodes := nodesOf(c.alternation(store, plan, k, stepArguments{in[0], in[1], in[3], in[4], in[5], soft}))
			return nodes
		}
	}
	store := model.NewStore()
	defer store.Finalize()
	fixed := func(path string, dims ...int) {
		s := shapes.Make(weightsDType, dims...)
		flat := make([]float32, s.Size())
		for i := range flat {
			flat[i] = float32(math.Sin(float64(3*i+len(path)))) / 2
		}
		if err := fill(store, map[string]*tensors.Tensor{path: tensors.FromFlatDataAndDimensions(flat, dims...)}); err != nil {
			t.Fatal(err)
		}
	}
	fixed(reprScope+"/fc7/weights", d, 5)
	fixed(reprScope+"/fc7/biases", 5)
	fixed(classifierScope+"/weights", 5, k)
	fixed(classifierScope+"/biases", k)
	seen := 5
	if methods[c.Method].conditional {
		seen *= k
	}
	fixed(domainScope+"/weights", seen, plan.domains())
	fixed(domainScope+"/biases", plan.domains())
	before = values(t, store)
	exec, err := model.NewExec(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node { return build(store, in) })
	if err != nil {
		t.Fatal(err)
	}
	x, y := stepBatch(plan, d, k)
	soft := [][]float32{{.7, .2, .1}, {.2, .7, .1}, {.1, .3, .6}}
	if _, err := exec.Call(tensors.FromFlatDataAndDimensions(x, plan.rows(), d), y, soft, float32(0.1), float32(c.Lambda), float32(c.PseudoLabels)); err != nil {
		t.Fatal(err)
	}
	return before, values(t, store)
}

func values(t *testing.T, store *model.Store) map[string][]float32 {
	t.Helper()
	all := map[string][]float32{}
	for v := range store.IterVariables() {
		if v.HasValue() && v.DType() == weightsDType {
			value, err := v.Value()
			if err != nil {
				t.Fatal(err)
			}
			if all[v.Path()], err = tensors.CopyFlatData[float32](value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// moved returns the largest change of a number under scope.
func moved(before, after map[string][]float32, scope string) float64 {
	furthest := 0.0
	for path, was := range before {
		if strings.HasPrefix(path, scope) {
			for i := range was {
				furthest = max(furthest, math.Abs(float64(after[path][i]-was[i])))
			}
		}
	}
	return furthest
}

var stepPlan = batchPlan{sources: []int{6}, target: 3, unlabelled: 3}

func TestGradientsStopWhereThePaperStopsThem(t *testing.T) {
	for name, b := range backendtest.All(t) {
		t.Run(name, func(t *testing.T) {
			c := Config{Network: network.Head(5), NewLayerRate: 1, WeightDecay: Off}
			build := func(update func(c Config, store *model.Store, f *graph.Node)) func(*model.Store, []*graph.Node) []*graph.Node {
				return func(store *model.Store, in []*graph.Node) []*graph.Node {
					d := c.withDefaults()
					update(d, store, features(d.Network, store, in[0]))
					z := d.classLogits(store, features(d.Network, store, in[0]), 3) // so that θ_C is in the graph
					return []*graph.Node{graph.ReduceAllSum(z)}
				}
			}
			// The first half-step: L_D moves only θ_D, which the authors' Caffe layer gets
			// wrong.
			before, after := oneStep(t, b, c, stepPlan, build(func(c Config, store *model.Store, f *graph.Node) {
				c.stepDomain(store, f, graph.Const(f.Graph(), stepPlan.domainOfRow()), stepPlan.domains(), graph.Scalar(f.Graph(), weightsDType, 0.1))
			}))
			if d := moved(before, after, modelScope); d != 0 {
				t.Errorf("L_D moved θ_repr or θ_C by %v", d)
			}
			if d := moved(before, after, domainScope); d == 0 {
				t.Error("L_D did not move θ_D")
			}
			// The second: with L_conf as the complete objective, θ_repr moves and θ_D does not
			// move beyond its step down L_D.
			_, onlyD := before, after
			_, both := oneStep(t, b, Config{Method: ConfusionOnly, Network: network.Head(5), NewLayerRate: 1, WeightDecay: Off, Lambda: 1e6}, stepPlan, nil)
			_, none := oneStep(t, b, Config{Method: SourceTarget, Network: network.Head(5), NewLayerRate: 1, WeightDecay: Off}, stepPlan, nil)
			for path, want := range onlyD {
				if strings.HasPrefix(path, domainScope) {
					for i := range want {
						if math.Abs(float64(both[path][i]-want[i])) > 1e-6 {
							t.Errorf("L_conf moved %s[%d] from %v to %v", path, i, want[i], both[path][i])
						}
					}
				}
			}
			if d := moved(none, both, reprScope); d < 1 {
				t.Errorf("λ = 10⁶ moved θ_repr by only %v: L_conf does not reach it", d)
			}
			if d := moved(none, both, classifierScope); d > 1e-6 {
				t.Errorf("L_conf moved θ_C by %v", d)
			}
		})
	}
}

func TestOnePassEqualsTwo(t *testing.T) {
	c := Config{Network: network.Head(5), Lambda: 0.7, Nu: 0.3, Temperature: 2}.withDefaults()
	for name, b := range backendtest.All(t) {
		_, one := oneStep(t, b, c, stepPlan, nil)
		// The two-pass form, as in the paper's equations: forward for L_D, step θ_D; forward
		// again for L, through the new θ_D. Plain products, no custom gradient.
		_, two := oneStep(t, b, c, stepPlan, func(store *model.Store, in []*graph.Node) []*graph.Node {
			g := in[0].Graph()
			variable := func(path string) *model.Variable { return store.GetVariable(path) }
			dense := func(x *graph.Node, scope string, stop bool) *graph.Node {
				w, bias := variable(scope+"/weights").NodeValue(g), variable(scope+"/biases").NodeValue(g)
				if stop {
					w, bias = graph.StopGradient(w), graph.StopGradient(bias)
				}
				return graph.Add(graph.Dot(x, w).Product(), graph.ExpandAxes(bias, 0))
			}
			repr := func() *graph.Node {
				return graph.MaxScalar(dense(in[0], reprScope+"/fc7", false), 0.0)
			}
			c.optimizer(store.Scope(domainScope), in[3]).UpdateGraph(store.Scope(domainScope), g,
				loss.Domain(dense(graph.StopGradient(repr()), domainScope, false), graph.Const(g, stepPlan.domainOfRow())))
			f := repr()
			pick := func(from, to int) *graph.Node { // the rows from … to−1, as a product: not every back end has a gradient of slices
				one := graph.OneHot(graph.AddScalar(graph.Iota(g, shapes.Make(dtypes.Int32, to-from), 0), from), stepPlan.rows(), weightsDType)
				return dense(graph.Dot(one, f).Product(), classifierScope, false)
			}
			onehot := graph.OneHot(graph.Slice(in[1], graph.AxisRange(6, 9)), 3, weightsDType)
			total := graph.Add(loss.Class(pick(0, 9), graph.Slice(in[1], graph.AxisRange(0, 9))), graph.Add(
				graph.MulScalar(loss.Confusion(dense(f, domainScope, true)), c.Lambda),
				graph.MulScalar(loss.SoftLabel(pick(6, 9), graph.Dot(onehot, in[2]).Product(), c.Temperature), c.Nu)))
			c.optimizer(store.Scope(modelScope), in[3]).UpdateGraph(store.Scope(modelScope), g, total)
			return []*graph.Node{total}
		})
		for path, want := range two {
			for i := range want {
				if math.Abs(float64(one[path][i]-want[i])) > 1e-6 {
					t.Errorf("%s: %s[%d] is %v, two passes give %v", name, path, i, one[path][i], want[i])
				}
			}
		}
	}
}

func TestLambdaAndNuZeroIsFineTuning(t *testing.T) {
	b := backendtest.Go(t)
	_, plain := oneStep(t, b, Config{Method: SourceTarget, Network: network.Head(5)}, stepPlan, nil)
	_, off := oneStep(t, b, Config{Method: Full, Network: network.Head(5), Lambda: Off, Nu: Off}, stepPlan, nil)
	for path, want := range plain {
		if strings.HasPrefix(path, modelScope) {
			for i := range want {
				if off[path][i] != want[i] {
					t.Errorf("%s[%d] is %v, fine-tuning gives %v", path, i, off[path][i], want[i])
				}
			}
		}
	}
}

// For the baselines: without a domain classifier θ_D stays; a loss of features moves θ_repr
// only; the reversed gradient is the negative gradient of L_D through the θ_D that has moved.
func TestBaselinesStep(t *testing.T) {
	for name, b := range backendtest.All(t) {
		for _, m := range Baselines() {
			t.Run(name+"/"+m.String(), func(t *testing.T) {
				c := Config{Method: m, Network: network.Head(5), NewLayerRate: 1, WeightDecay: Off, Lambda: 0.5}
				before, after := oneStep(t, b, c, stepPlan, nil)
				if d := moved(before, after, domainScope); (d != 0) != m.UsesDomainClassifier() {
					t.Errorf("θ_D moved by %v", d)
				}
				_, none := oneStep(t, b, Config{Method: SourceTarget, Network: network.Head(5), NewLayerRate: 1, WeightDecay: Off}, stepPlan, nil)
				movesClassifier := m == MME || m == EntropyMinimization || m == CCSA // the last by its share of L_C
				if moved(none, after, reprScope) == 0 || (moved(none, after, classifierScope) > 1e-6) != movesClassifier {
					t.Errorf("the loss moved θ_repr by %v, θ_C by %v", moved(none, after, reprScope), moved(none, after, classifierScope))
				}
				if m != DANN {
					return
				}
				_, reversed := oneStep(t, b, c, stepPlan, func(store *model.Store, in []*graph.Node) []*graph.Node {
					g, d := in[0].Graph(), c.withDefaults()
					f := features(d.Network, store, in[0])
					domains := graph.Const(g, stepPlan.domainOfRow())
					d.stepDomain(store, f, domains, stepPlan.domains(), in[3])
					w, bias := domainClassifier(store, f, stepPlan.domains())
					onto := loss.Domain(layer.Affine(f, graph.StopGradient(w), graph.StopGradient(bias)), domains)
					total := graph.Sub(graph.MulScalar(loss.Class(d.classLogits(store, f, 3), in[1]), 12.0/9), graph.Mul(onto, in[4]))
					d.optimizer(store.Scope(modelScope), in[3]).UpdateGraph(store.Scope(modelScope), g, total)
					return []*graph.Node{total}
				})
				for path, want := range reversed {
					for i := range want {
						if math.Abs(float64(after[path][i]-want[i])) > 1e-6 {
							t.Errorf("%s[%d] is %v, want %v", path, i, after[path][i], want[i])
						}
					}
				}
			})
		}
	}
}

func TestFeaturesNormalizedForTheDomainClassifier(t *testing.T) {
	f := func(in []*graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Mul(rmsNormalize(in[0]), in[1])) }
	x := [][]float64{{3, 4}, {0, 0}, {-1, 1}}
	for name, b := range backendtest.All(t) {
		// lengths 5, 0, √2 all become √2
		want := 1*3*math.Sqrt2/5 + 2*4*math.Sqrt2/5 + 5*-1 + 6*1
		if got := backendtest.Number(t, b, f, x, [][]float64{{1, 2}, {3, 4}, {5, 6}}); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	// Features ten times as long leave θ_D unchanged if they are normalised.
	long := func(normalize bool, factor float64) map[string][]float32 {
		net := network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
			return graph.MulScalar(network.Head(5).Features(scope, x), factor)
		})
		_, after := oneStep(t, backendtest.Go(t), Config{Method: ConfusionOnly, Network: net, NormalizeFeatures: normalize}, stepPlan, nil)
		return after
	}
	if d := moved(long(true, 1), long(true, 10), domainScope); d > 1e-6 {
		t.Errorf("normalised features of another length moved θ_D by %v", d)
	}
	if d := moved(long(false, 1), long(false, 10), domainScope); d < 1e-3 {
		t.Errorf("features ten times as long moved θ_D by only %v without normalising", d)
	}
}

func TestThreeDomains(t *testing.T) {
	plan := batchPlan{sources: []int{3, 3}, target: 3, unlabelled: 3}
	before, after := oneStep(t, backendtest.Go(t), Config{Network: network.Head(5)}, plan, nil)
	if moved(before, after, domainScope) == 0 || moved(before, after, modelScope) == 0 {
		t.Error("a step over three domains moved nothing")
	}
	if got, want := len(before[domainScope+"/biases"]), 3; got != want {
		t.Errorf("the domain classifier has %d outputs, want %d", got, want)
	}
}

// nodesOf returns what a step reports.
func nodesOf(all []reported) (nodes []*graph.Node) {
	for _, r := range all {
		nodes = append(nodes, r.node)
	}
	return nodes
}
