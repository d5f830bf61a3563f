package sdt

import (
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/loss"
)

// Scopes of the model: what L moves, and what L_D moves.
const (
	reprScope       = "/model/features"   // θ_repr
	classifierScope = "/model/classifier" // θ_C
	modelScope      = "/model"            // θ_repr and θ_C
	domainScope     = "/domain"           // θ_D
)

// weightsDType is the element type of weights and features.
const weightsDType = dtypes.Float32

// reported is a scalar that a step reports, before its update.
type reported struct {
	measure string // which of [Measures] it is
	name    string // its name in progress and errors: "L_CORAL"
	node    *graph.Node
}

// stepArguments are the arguments of a step's graph.
type stepArguments struct {
	x      *graph.Node // [n, Shape...]: the batch, rows as plan orders them
	labels *graph.Node // [n] int32: classes; −1 where the row is unlabelled
	rate   *graph.Node // scalar: learning rate
	lambda *graph.Node // scalar: λ, of this step
	pseudo *graph.Node // scalar: weight of L_pseudo, of this step
	soft   *graph.Node // [K, K]: soft labels; nil if off
}

// alternation builds one step of the method: θ_D from L_D, then θ_repr and θ_C from
// L_C + λ L_conf + ν L_soft, and L_pseudo if it is on, through the updated θ_D.
//
// One forward pass serves both halves, and exactly: θ_repr does not move in the first.
func (c Config) alternation(store *model.Store, plan batchPlan, classes int, in stepArguments) []reported {
	g := in.x.Graph()
	f := features(c.Network, store, in.x)      // [n, d]
	logits := c.classLogits(store, f, classes) // [n, K]
	n := float64(plan.rows())
	total := c.classLoss(logits, in.labels, plan)
	out := []reported{{"L_C", "L_C", total}}

	if align, more := c.align(store, f, logits, plan, in); align != nil {
		if methods[c.Method].align.share {
			total = graph.Mul(total, graph.OneMinus(in.lambda))
		}
		total = graph.Add(total, graph.Mul(align, in.lambda))
		out = append(out, more...)
	}
	if soft := in.soft; soft != nil {
		onTarget := graph.Where(graph.Const(g, plan.isLabelledTarget()), in.labels, graph.Const(g, int32(-1)))
		rows := graph.Dot(graph.OneHot(onTarget, classes, soft.DType()), soft).Product() // [n, K]: l^(y), or zeros
		soft := graph.MulScalar(loss.SoftLabel(logits, rows, c.Temperature), n/float64(plan.target))
		out = append(out, reported{"L_soft", "L_soft", soft})
		total = graph.Add(total, graph.MulScalar(soft, c.Nu))
	}
	if c.pseudoWeight() > 0 && plan.unlabelled > 0 {
		l, confident := loss.PseudoLabel(logits, graph.Const(g, plan.isUnlabelled()), c.PseudoThreshold, c.PseudoBalanced)
		out = append(out, reported{"L_pseudo", "L_pseudo", l}, reported{confidentName, confidentName, confident})
		total = graph.Add(total, graph.Mul(l, in.pseudo))
	}
	c.optimizer(store.Scope(modelScope), in.rate).UpdateGraph(store.Scope(modelScope), g, total)
	slices.SortStableFunc(out, func(a, b reported) int { return measureIndex(a.measure) - measureIndex(b.measure) })
	return out
}

// align moves θ_D, if the method has it. It returns the loss of features f [n, d] and logits
// [n, K] that is weighted by λ, nil if the method has none, and what to report.
func (c Config) align(store *model.Store, f, logits *graph.Node, plan batchPlan, in stepArguments) (*graph.Node, []reported) {
	align := methods[c.Method].align
	if align.of == nil {
		return nil, nil
	}
	var out []reported
	domains := graph.Const(f.Graph(), plan.domainOfRow()) // [n]
	from := aligned{features: f, logits: logits, input: c.classInput(f), weights: classWeights(store, f, logits.Shape().Dimensions[1]),
		labels: in.labels, domains: domains, count: plan.domains(), counts: graph.Const(f.Graph(), plan.isUnlabelled())}
	if c.Method.UsesDomainClassifier() {
		x := c.domainInput(f, logits)
		l, accuracy := c.stepDomain(store, x, domains, plan.domains(), in.rate)
		out = append(out, reported{"L_D", "L_D", l}, reported{accuracyName, accuracyName, accuracy})
		w, b := domainClassifier(store, x, plan.domains())
		from.onto = layer.Affine(x, graph.StopGradient(w), graph.StopGradient(b)) // [n, D], with θ_D after its step
	}
	l := align.of(from)
	if align.measure != "" {
		out = append(out, reported{align.measure, align.name, l})
	}
	return l, out
}

// domainClassifier returns the current θ_D in the graph, for what domainInput returns, f [n, d]:
// weights [d, D], biases [D].
func domainClassifier(store *model.Store, f *graph.Node, domains int) (w, b *graph.Node) {
	g, scope := f.Graph(), store.Scope(domainScope)
	w = scope.VariableWithShape(layer.Weights, shapes.Make(f.DType(), f.Shape().Dimensions[1], domains)).NodeValue(g)
	b = scope.VariableWithShape(layer.Biases, shapes.Make(f.DType(), domains)).NodeValue(g)
	return w, b
}

// stepDomain moves θ_D one step down L_D on stopped features f [n, d] with the given domains
// [n], and returns L_D and the domain classifier's accuracy before the step.
func (c Config) stepDomain(store *model.Store, f, domains *graph.Node, count int, rate *graph.Node) (l, accuracy *graph.Node) {
	g := f.Graph()
	w, b := domainClassifier(store, f, count)
	logits := layer.Affine(graph.StopGradient(f), w, b) // [n, D]
	l = loss.Domain(logits, domains)
	scope := store.Scope(domainScope)
	c.optimizer(scope, rate).UpdateGraph(scope, g, l)
	right := graph.Equal(graph.ArgMax(logits, 1, dtypes.Int32), domains)
	return l, graph.ReduceAllMean(graph.ConvertDType(right, f.DType()))
}

// optimizer returns the configured optimizer at the given rate, for variables in scope.
func (c Config) optimizer(scope *model.Scope, rate *graph.Node) optimizer.Interface {
	if c.Optimizer == Adam {
		optimizer.LearningRateVar(scope, rate.DType(), c.LearningRate).SetNodeValue(rate)
		return optimizer.Adam().Done()
	}
	return momentum{rate: rate, mu: c.Momentum, decay: c.WeightDecay, clip: c.ClipNorm, factor: c.factor}
}

// factor returns the rate factor of the variable at path: that of new layers, which are the
// classifiers, times that of biases.
func (c Config) factor(path string) float64 {
	factor := 1.0
	switch {
	case strings.HasPrefix(path, domainScope) && c.DomainRate != 0:
		factor = c.DomainRate
	case strings.HasPrefix(path, classifierScope), strings.HasPrefix(path, domainScope):
		factor = c.NewLayerRate
	}
	if isBias(path) {
		factor *= c.BiasRate
	}
	return factor
}
