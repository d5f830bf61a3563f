package sdt

import (
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/loss"
	"github.com/sdtlab/sdtlab/sdt/network"
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

// zeroInitializer starts a variable at zero.
func zeroInitializer(g *graph.Graph, s shapes.Shape) *graph.Node { return graph.Zeros(g, s) }

// features is f(x; θ_repr), from a batch as it came [n, Shape...] to [n, d].
func features(net network.Network, store *model.Store, x *graph.Node) *graph.Node {
	if x.DType() != weightsDType {
		x = graph.ConvertDType(x, weightsDType)
	}
	return net(store.Scope(reprScope), x)
}

// classLogits is θ_Cᵀ f, [n, K].
func classLogits(store *model.Store, f *graph.Node, classes int) *graph.Node {
	return layer.Dense(store.Scope(classifierScope), f, classes)
}

// losses are the scalars that one step reports, before its update; nil where off.
type losses struct {
	class, domain, confusion, soft *graph.Node // nats
	mmd, coral                     *graph.Node // squared units of the features
	domainAccuracy                 *graph.Node // 0…1
}

// accuracyName stands for the domain classifier's accuracy among the names of losses.
const accuracyName = "domain accuracy"

// on returns the losses that are on, and their names.
func (l losses) on() (names []string, nodes []*graph.Node) {
	for _, x := range []struct {
		name string
		node *graph.Node
	}{{"L_C", l.class}, {"L_D", l.domain}, {"L_conf", l.confusion}, {"L_soft", l.soft}, {"L_MMD", l.mmd}, {"L_CORAL", l.coral}, {accuracyName, l.domainAccuracy}} {
		if x.node != nil {
			names, nodes = append(names, x.name), append(nodes, x.node)
		}
	}
	return names, nodes
}

// alternation builds one step of the method: θ_D from L_D, then θ_repr and θ_C from
// L_C + λ L_conf + ν L_soft through the updated θ_D.
//
// One forward pass serves both halves, exactly: θ_repr does not move in the first.
//
//	x       [n, Shape...]  the batch, rows as plan orders them
//	labels  [n] int32      classes; −1 where the row is unlabelled
//	soft    [K, K]         soft labels; nil if off
//	rate    scalar         learning rate
//	lambda  scalar         λ, of this step
func (c Config) alternation(store *model.Store, plan batchPlan, classes int, x, labels, soft, rate, lambda *graph.Node) losses {
	g := x.Graph()
	f := features(c.Network, store, x)       // [n, d]
	logits := classLogits(store, f, classes) // [n, K]
	n := float64(plan.rows())
	// The losses are means over all n rows, in which rows without a class count as zero.
	out := losses{class: graph.MulScalar(loss.Class(logits, labels), n/float64(plan.labelled()))}
	total := out.class

	if align := c.align(store, f, plan, rate, &out); align != nil {
		total = graph.Add(total, graph.Mul(align, lambda))
	}
	if soft != nil {
		onTarget := graph.Where(graph.Const(g, plan.isLabelledTarget()), labels, graph.Const(g, int32(-1)))
		rows := graph.Dot(graph.OneHot(onTarget, classes, soft.DType()), soft).Product() // [n, K]: l^(y), or zeros
		out.soft = graph.MulScalar(loss.SoftLabel(logits, rows, c.Temperature), n/float64(plan.target))
		total = graph.Add(total, graph.MulScalar(out.soft, c.Nu))
	}
	c.optimizer(store.Scope(modelScope), rate).UpdateGraph(store.Scope(modelScope), g, total)
	return out
}

// align moves θ_D, if the method has it, and returns the loss that draws the domains'
// features f [n, d] together, nil if the method has none. What is reported goes to out.
func (c Config) align(store *model.Store, f *graph.Node, plan batchPlan, rate *graph.Node, out *losses) *graph.Node {
	if !c.Method.UsesUnlabelled() {
		return nil
	}
	domains := graph.Const(f.Graph(), plan.domainOfRow()) // [n]
	switch c.Method {
	case MeanDiscrepancy:
		out.mmd = loss.MMD(f, domains, plan.domains())
		return out.mmd
	case CovarianceDistance:
		out.coral = loss.CORAL(f, domains, plan.domains())
		return out.coral
	}
	if c.NormalizeFeatures {
		f = rmsNormalize(f)
	}
	out.domain, out.domainAccuracy = c.stepDomain(store, f, domains, plan.domains(), rate)
	w, b := domainClassifier(store, f, plan.domains())
	logits := layer.Affine(f, graph.StopGradient(w), graph.StopGradient(b)) // [n, D], of the θ_D that has moved
	if c.Method == GradientReversal {
		return loss.GradientReversal(logits, domains)
	}
	out.confusion = loss.Confusion(logits)
	return out.confusion
}

// domainClassifier returns θ_D as the graph has it now: weights [d, D], biases [D].
func domainClassifier(store *model.Store, f *graph.Node, domains int) (w, b *graph.Node) {
	g, scope := f.Graph(), store.Scope(domainScope)
	w = scope.VariableWithShape(layer.Weights, shapes.Make(f.DType(), f.Shape().Dimensions[1], domains)).NodeValue(g)
	b = scope.VariableWithShape(layer.Biases, shapes.Make(f.DType(), domains)).NodeValue(g)
	return w, b
}

// stepDomain moves θ_D one step down L_D on stopped features f [n, d] of the given
// domains [n], and returns L_D and the domain classifier's accuracy before the step.
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

// optimizer returns the configured rule at the given rate, for variables in scope.
func (c Config) optimizer(scope *model.Scope, rate *graph.Node) optimizer.Interface {
	if c.Optimizer == Adam {
		optimizer.LearningRateVar(scope, rate.DType(), c.LearningRate).SetNodeValue(rate)
		return optimizer.Adam().Done()
	}
	return momentum{rate: rate, mu: c.Momentum, decay: c.WeightDecay, clip: c.ClipNorm, factor: c.factor}
}

// factor returns the rate factor of the variable at path: of the new layers, that is
// the classifiers, times that of biases.
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
