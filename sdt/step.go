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

// classLogits returns θ_Cᵀ f, [n, K].
func classLogits(store *model.Store, f *graph.Node, classes int) *graph.Node {
	return layer.Dense(store.Scope(classifierScope), f, classes)
}

// reported is a scalar that a step reports, before its update.
type reported struct {
	measure string // which of [Measures] it is
	name    string // its name in progress and errors: "L_CORAL"
	node    *graph.Node
}

// alternation builds one step of the method: θ_D from L_D, then θ_repr and θ_C from
// L_C + λ L_conf + ν L_soft through the updated θ_D.
//
// One forward pass serves both halves, and exactly: θ_repr does not move in the first.
//
//	x       [n, Shape...]  the batch, rows as plan orders them
//	labels  [n] int32      classes; −1 where the row is unlabelled
//	soft    [K, K]         soft labels; nil if off
//	rate    scalar         learning rate
//	lambda  scalar         λ, of this step
func (c Config) alternation(store *model.Store, plan batchPlan, classes int, x, labels, soft, rate, lambda *graph.Node) []reported {
	g := x.Graph()
	f := features(c.Network, store, x)       // [n, d]
	logits := classLogits(store, f, classes) // [n, K]
	n := float64(plan.rows())
	// The losses are means over all n rows, where rows without a class count as zero.
	total := graph.MulScalar(loss.Class(logits, labels), n/float64(plan.labelled()))
	out := []reported{{"L_C", "L_C", total}}

	if align, more := c.align(store, f, plan, rate); align != nil {
		total = graph.Add(total, graph.Mul(align, lambda))
		out = append(out, more...)
	}
	if soft != nil {
		onTarget := graph.Where(graph.Const(g, plan.isLabelledTarget()), labels, graph.Const(g, int32(-1)))
		rows := graph.Dot(graph.OneHot(onTarget, classes, soft.DType()), soft).Product() // [n, K]: l^(y), or zeros
		soft := graph.MulScalar(loss.SoftLabel(logits, rows, c.Temperature), n/float64(plan.target))
		out = append(out, reported{"L_soft", "L_soft", soft})
		total = graph.Add(total, graph.MulScalar(soft, c.Nu))
	}
	c.optimizer(store.Scope(modelScope), rate).UpdateGraph(store.Scope(modelScope), g, total)
	slices.SortStableFunc(out, func(a, b reported) int { return measureIndex(a.measure) - measureIndex(b.measure) })
	return out
}

// align moves θ_D, if the method has it. It returns the loss that draws the domains' features
// f [n, d] together, nil if the method has none, and what to report.
func (c Config) align(store *model.Store, f *graph.Node, plan batchPlan, rate *graph.Node) (*graph.Node, []reported) {
	align := methods[c.Method].align
	if align.of == nil {
		return nil, nil
	}
	var out []reported
	domains := graph.Const(f.Graph(), plan.domainOfRow()) // [n]
	x := f
	if c.Method.UsesDomainClassifier() {
		if c.NormalizeFeatures {
			f = rmsNormalize(f)
		}
		l, accuracy := c.stepDomain(store, f, domains, plan.domains(), rate)
		out = append(out, reported{"L_D", "L_D", l}, reported{accuracyName, accuracyName, accuracy})
		w, b := domainClassifier(store, f, plan.domains())
		x = layer.Affine(f, graph.StopGradient(w), graph.StopGradient(b)) // [n, D], with θ_D after its step
	}
	l := align.of(x, domains, plan.domains())
	if align.measure != "" {
		out = append(out, reported{align.measure, align.name, l})
	}
	return l, out
}

// domainClassifier returns the current θ_D in the graph: weights [d, D], biases [D].
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
