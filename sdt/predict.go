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

// predictBatch is how many examples one forward pass processes.
const predictBatch = 256

// forward runs the network of m over examples in batches and returns, row by row, what head
// computes from its features, [n, width].
func (l *Lab) forward(ctx context.Context, m *Model, e Examples, head func(store *model.Store, f *graph.Node) *graph.Node) ([]float32, error) {
	store := model.NewStore()
	defer store.Finalize()
	if err := fill(store, m.weights); err != nil {
		return nil, err
	}
	exec, err := model.NewExec1(l.backend, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
		y := head(store, features(l.trained, store, x))
		if y == x { // on ONNX Runtime, what a program returns must be made by it
			y = graph.AddScalar(y, 0)
		}
		return y
	})
	if err != nil {
		return nil, err
	}
	defer exec.Finalize()
	window, row := cut{crop: l.config.Crop}, func(i int) sourceRow { return sourceRow{e, i} }
	if l.frozen != nil {
		frozen, rows, err := l.frozenRows(ctx, e, []int{centre})
		if err != nil {
			return nil, err
		}
		window, row = cut{}, func(i int) sourceRow { return sourceRow{frozen, rows[i]} }
	}
	batch := min(predictBatch, e.Len())
	var out []float32
	for from := 0; from < e.Len(); from += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows := make([]sourceRow, batch)
		for i := range rows { // the last batch repeats its last row: one shape, one compilation
			rows[i] = row(min(from+i, e.Len()-1))
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
			return nil, &notFinite{e, from + i/width, flat[i]}
		}
		out = append(out, flat...)
	}
	return out, nil
}

// logits returns the class logits of examples, [n, K].
func (l *Lab) logits(ctx context.Context, m *Model, e Examples) ([]float32, error) {
	if err := l.usableOver(m); err != nil {
		return nil, err
	}
	return l.forward(ctx, m, e, func(store *model.Store, f *graph.Node) *graph.Node {
		return l.config.classLogits(store, f, len(l.task.Classes()))
	})
}

// Predict returns the network's prediction for each example: softmax(θ_Cᵀ f(x; θ_repr)), the
// probability of each of the task's K classes, [n][K]. It returns an error if the model
// cannot be used (see [Model]), if there are no examples, if they have another shape than the
// task's or values where the task has pixels, if the network gives NaN or an infinity, or if
// the context ends.
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

// FeaturesOf returns the features f(x; θ_repr) of examples from the network of m, row by row
// [n, d], and d. Errors are as in [Lab.Predict], except that the model may have other classes.
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
