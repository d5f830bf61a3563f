package sdt

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
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
	return l.forward(ctx, m, e, func(store *model.Store, f *graph.Node) *graph.Node {
		return classLogits(store, f, len(l.task.Classes()))
	})
}

// Predict returns what the network of m makes of examples: softmax(θ_Cᵀ f(x; θ_repr)), the
// probability of each of the task's K classes, [n][K]. Examples of another shape than the
// task's, none at all, a network that gives no number, and the context's end are errors.
func (l *Lab) Predict(ctx context.Context, m *Model, e Examples) ([][]float64, error) {
	fail := func(err error) ([][]float64, error) { return nil, fmt.Errorf("predict %q: %w", e.Domain, err) }
	if want := l.task.Test.Shape; e.Len() == 0 || !slices.Equal(e.Shape, want) {
		return fail(fmt.Errorf("%d examples of shape %v, want some of %v", e.Len(), e.Shape, want))
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
// and d. A network that gives no number and the context's end are errors.
func (l *Lab) FeaturesOf(ctx context.Context, m *Model, e Examples) (flat []float32, d int, err error) {
	if e.Len() == 0 {
		return nil, 0, fmt.Errorf("features of %q: no examples", e.Domain)
	}
	flat, err = l.forward(ctx, m, e, func(_ *model.Store, f *graph.Node) *graph.Node { return f })
	if err != nil {
		return nil, 0, fmt.Errorf("features of %q: %w", e.Domain, err)
	}
	return flat, len(flat) / e.Len(), nil
}

// SoftLabels is stage 2: for each class the mean, over the source examples of that
// class, of the source network's prediction at the configured temperature,
//
//	l^(k) = mean softmax(θ_Cᵀ f(x) / τ).
//
// A class without source examples has no l^(k), but zeros. Where the target has labelled
// examples of it, [Open] refuses a method that would learn from them.
//
// Tzeng et al., ICCV 2015, section 3.2.
func (l *Lab) SoftLabels(ctx context.Context, source *Model) (*SoftLabels, error) {
	in, key, err := l.softInputs(source.Key)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(l.dir, "soft-"+key+".json")
	soft := &SoftLabels{}
	if done, err := readRecord(path, key, soft); done || err != nil {
		if done {
			l.progress(Progress{Stage: "soft", Method: l.config.Method, Loaded: true})
		}
		return soft, err
	}
	logits, err := l.SourceLogits(ctx, source)
	if err != nil {
		return nil, err
	}
	*soft = logits.SoftLabels(l.config.Temperature)
	soft.Key = key
	return soft, l.keep(path, key, l.provenance(in), soft)
}

// softInputs returns what the soft labels of a source network depend on, and their key.
func (l *Lab) softInputs(source string) (Inputs, string, error) {
	return l.inputs("soft", Config{Temperature: l.config.Temperature, Crop: l.config.Crop}, l.sources(), source)
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

// tensor returns the soft labels as float32 [K, K].
func (s *SoftLabels) tensor() *tensors.Tensor {
	flat := make([]float32, 0, len(s.L)*len(s.L))
	for _, row := range s.L {
		for _, v := range row {
			flat = append(flat, float32(v))
		}
	}
	return tensors.FromFlatDataAndDimensions(flat, len(s.L), len(s.L))
}

// Evaluate is stage 4: it predicts the target's test examples, over all K outputs, and
// returns how that went. Only it and [Oracle] read their labels.
func (l *Lab) Evaluate(ctx context.Context, m *Model) (Evaluation, error) {
	test := l.task.Test
	in, key, err := l.inputs("evaluate", Config{Crop: l.config.Crop}, test.Fingerprint()+fmt.Sprint(l.task.HeldOut), m.Key)
	if err != nil {
		return Evaluation{}, err
	}
	path := filepath.Join(l.dir, "evaluate-"+key+".json")
	var e Evaluation
	if done, err := readRecord(path, key, &e); done || err != nil {
		return e, err
	}
	if e, err = l.evaluate(ctx, m); err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	from := l.provenance(in)
	images, err := mistakes(test.Examples, e)
	if err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	if images != nil {
		if err := l.keep(filepath.Join(l.dir, mistakesFile(key)), key, from, images); err != nil {
			return Evaluation{}, fmt.Errorf("evaluate: %w", err)
		}
	}
	return e, l.keep(path, key, from, e)
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
