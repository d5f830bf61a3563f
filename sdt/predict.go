package sdt

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// predictBatch is how many examples one forward pass takes.
const predictBatch = 256

// forward runs the network of m over examples in batches and returns, row by row, what
// head makes of its features, [n, width].
func (l *Lab) forward(ctx context.Context, m *Model, e Examples, head func(store *model.Store, f *graph.Node) *graph.Node) ([]float32, error) {
	store := model.NewStore()
	defer store.Finalize()
	if err := fill(store, m.weights); err != nil {
		return nil, err
	}
	exec, err := model.NewExec1(l.backend, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
		return head(store, features(l.config.Network, store, x))
	})
	if err != nil {
		return nil, err
	}
	defer exec.Finalize()
	window := cut{crop: l.config.Crop}
	batch := min(predictBatch, e.Len())
	var out []float32
	for from := 0; from < e.Len(); from += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows := make([]sourceRow, batch)
		for i := range rows { // the last batch is filled up with its last row: one shape, one compilation
			rows[i] = sourceRow{e, min(from+i, e.Len()-1)}
		}
		x := window.tensor(rows, 0)
		y, err := exec.Call(x)
		if err != nil {
			return nil, firstLine(err)
		}
		flat, err := tensors.CopyFlatData[float32](y)
		if err != nil {
			return nil, err
		}
		if err := release(x, y); err != nil {
			return nil, err
		}
		width := len(flat) / batch
		flat = flat[:min(batch, e.Len()-from)*width]
		if i := slices.IndexFunc(flat, func(v float32) bool { return !finite(v) }); i >= 0 {
			return nil, &noNumber{e, from + i/width, flat[i]}
		}
		out = append(out, flat...)
	}
	return out, nil
}

// noNumber says that a network gives NaN or an infinity for an example: its training has
// diverged, or the example has extreme values.
type noNumber struct {
	of    Examples
	row   int
	value float32
}

func (e *noNumber) Error() string {
	name := ""
	if e.of.Names != nil {
		name = fmt.Sprintf(" (%s)", e.of.Names[e.row])
	}
	return fmt.Sprintf("the network gives %v for row %d of %s%s: its training has diverged, or the example has extreme values", e.value, e.row, e.of.Domain, name)
}

// release frees tensors. The garbage collector would, too, but it does not see how much
// memory a back end holds for each.
func release(all ...*tensors.Tensor) error {
	for _, t := range all {
		if err := t.FinalizeAll(); err != nil {
			return err
		}
	}
	return nil
}

// logits returns the class logits of examples, [n, K].
func (l *Lab) logits(ctx context.Context, m *Model, e Examples) ([]float32, error) {
	if err := l.usableOver(m); err != nil {
		return nil, err
	}
	return l.forward(ctx, m, e, func(store *model.Store, f *graph.Node) *graph.Node {
		return classLogits(store, f, len(l.task.Classes()))
	})
}

// Predict returns what the network of m makes of examples: softmax(θ_Cᵀ f(x; θ_repr)), the
// probability of each of the task's K classes, [n][K]. Errors are a model that cannot be used
// (see [Model]), no examples, examples of another shape than the task's, values where its
// are pixels, a network that gives NaN or an infinity, and the context's end.
func (l *Lab) Predict(ctx context.Context, m *Model, e Examples) ([][]float64, error) {
	fail := func(err error) ([][]float64, error) { return nil, fmt.Errorf("predict %q: %w", e.Domain, err) }
	if err := l.readable(e); err != nil {
		return fail(err)
	}
	z, err := l.logits(ctx, m, e)
	if err != nil {
		return fail(err)
	}
	p := make([][]float64, e.Len())
	k := len(z) / len(p)
	for i := range p {
		p[i] = softmax(z[i*k:(i+1)*k], 1)
	}
	return p, nil
}

// FeaturesOf returns f(x; θ_repr) of examples by the network of m, row by row [n, d],
// and d. Errors are as in [Lab.Predict], but that the model may be of other classes.
func (l *Lab) FeaturesOf(ctx context.Context, m *Model, e Examples) (flat []float32, d int, err error) {
	if err = l.usable(m); err == nil {
		err = l.readable(e)
	}
	if err == nil {
		flat, err = l.forward(ctx, m, e, func(_ *model.Store, f *graph.Node) *graph.Node { return f })
	}
	if err != nil {
		return nil, 0, fmt.Errorf("features of %q: %w", e.Domain, err)
	}
	return flat, len(flat) / e.Len(), nil
}

// softmax returns the softmax of z/τ, computed in float64.
func softmax(z []float32, temperature float64) []float64 {
	top := math.Inf(-1)
	for _, v := range z {
		top = max(top, float64(v))
	}
	p := make([]float64, len(z))
	sum := 0.0
	for i, v := range z {
		p[i] = math.Exp((float64(v) - top) / temperature)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// evaluate predicts the test examples.
func (l *Lab) evaluate(ctx context.Context, m *Model) (Evaluation, error) {
	test := l.task.Test
	all, err := l.Predict(ctx, m, test.Examples)
	if err != nil {
		return Evaluation{}, err
	}
	e := Evaluation{Method: m.Method, Domain: test.Domain, Classes: slices.Clone(test.Classes),
		HeldOut: slices.Clone(l.task.HeldOut), Labels: slices.Clone(test.Labels)}
	for _, p := range all {
		best := 0
		for j := range p {
			if p[j] > p[best] {
				best = j
			}
		}
		e.Predictions = append(e.Predictions, int32(best))
		e.Confidence = append(e.Confidence, float32(p[best]))
	}
	return e, nil
}
