package sdt

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// What [Open] tries with a network before anything is trained with it: what it returns, where
// its variables are, whether a step of the method can be built on it and, unless it is large,
// whether it starts with finite numbers.

// checkVariables returns an error for variables that a store would lose between training and
// use, that cannot be trained or saved, or that begin with NaN or infinity.
func (l *Lab) checkVariables(store *model.Store) error {
	for v := range store.IterVariables() {
		_, name := model.SplitPath(v.Path())
		if name == model.RNGStateVariableName {
			continue
		}
		path, ok := strings.CutPrefix(v.Path(), reprScope+"/")
		switch {
		case !ok:
			return fmt.Errorf("network: its variable %s is not under the scope passed to it, so it would not be saved: create it from that scope", v.Path())
		case v.Trainable && v.DType() != weightsDType:
			return fmt.Errorf("network: its variable %s is trainable and of type %s, want %s: create it in that type, or call SetTrainable(false) if training must not change it", path, v.DType(), weightsDType)
		case !weightfile.Holds(v.DType()):
			return fmt.Errorf("network: its variable %s is of type %s, which a weights file cannot hold: create it in %s and convert it where it is used", path, v.DType(), weightsDType)
		}
	}
	return startsFinite(store)
}

// checkTrainable returns an error for a method that would have nothing to move.
func (l *Lab) checkTrainable(store *model.Store) error {
	for v := range store.IterVariables() {
		if v.Trainable && strings.HasPrefix(v.Path(), reprScope+"/") {
			return nil
		}
	}
	if method := methods[l.config.Method]; l.config.Method.weighs() && !method.align.classes {
		what := "it"
		if l.frozen != nil {
			what = fmt.Sprintf("what follows block %q, the last frozen one,", l.config.Freeze)
		}
		return fmt.Errorf("network: %s has no trainable variable, so %s could not draw the features of the domains together: give it a layer, such as Head's, or choose another Method", what, l.config.Method)
	}
	return nil
}

// startsFinite returns an error for a variable of θ_repr that has a value which is not finite.
func startsFinite(store *model.Store) error {
	values := map[string]*tensors.Tensor{}
	if err := snapshot(store, isWeight, values); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(values)) {
		v, err := notFiniteIn(values[path])
		if err != nil {
			return err
		}
		if v != 0 {
			return fmt.Errorf("network: its variable %s starts with %v, which training would report as a weight that has diverged: start with finite numbers, or build it in the graph as a constant", strings.TrimPrefix(path, reprScope+"/"), v)
		}
	}
	return nil
}

// checkStep builds one step of the lab's method for training, like the first one. The
// network must have all variables in it that it has in use, in the same shapes.
func (l *Lab) checkStep() error {
	store := model.NewStore()
	defer store.Finalize()
	if err := store.SetRNGStateFromSeed(0); err != nil {
		return err
	}
	g := graph.NewGraph(l.backend, "step")
	defer g.Finalize()
	err := l.build(func() {
		model.SetStore(g, store)
		store.SetTraining(g, true)
		plan, k := l.config.rows(l.task), len(l.task.Classes())
		kind := weightsDType
		if l.task.Sources[0].Pixels != nil && l.frozen == nil {
			kind = dtypes.Uint8
		}
		input := func(name string, dtype dtypes.DType, dims ...int) *graph.Node {
			return graph.Parameter(g, name, shapes.Make(dtype, dims...))
		}
		dims := append([]int{plan.rows()}, l.seen()...)
		args := stepArguments{x: input("x", kind, dims...), labels: input("labels", dtypes.Int32, plan.rows()),
			rate: input("rate", weightsDType), lambda: input("lambda", weightsDType), pseudo: input("pseudo", weightsDType)}
		if l.config.Method.UsesSoftLabels() && plan.target > 0 {
			args.soft = input("soft", weightsDType, k, k)
		}
		l.toTrain().alternation(store, plan, k, args)
	})
	if err != nil {
		return err
	}
	trained := variablesOf(store)
	for _, path := range slices.Sorted(maps.Keys(l.variables)) {
		if _, ok := trained[path]; !ok {
			return fmt.Errorf("network: its variable %s exists in use but not in training, so it would never be trained", path)
		}
	}
	tried := l.allVariables()
	for _, path := range slices.Sorted(maps.Keys(trained)) {
		if want, ok := tried[path]; ok && !trained[path].Equal(want) {
			return fmt.Errorf("network: its variable %s has shape %s for %d rows and %s for %d: want one shape for any count of rows", path, trained[path], l.config.rows(l.task).rows(), want, triedRows)
		}
	}
	return nil
}

// variablesOf returns the shapes of θ_repr's variables in a store, by path in θ_repr.
func variablesOf(store *model.Store) map[string]shapes.Shape {
	all := map[string]shapes.Shape{}
	for v := range store.IterVariables() {
		if path, ok := strings.CutPrefix(v.Path(), reprScope+"/"); ok {
			all[path] = v.Shape()
		}
	}
	return all
}

// triedWeights is the largest count of weights for which [Open] computes features. With more
// weights each call would take noticeably long, with CaffeNet seconds, and the first step of
// training finds the same fault.
const triedWeights = 1 << 18

// checkStart computes the features of some source examples with the initial weights, and
// returns an error if one is not finite.
func (l *Lab) checkStart(variables map[string]shapes.Shape) error {
	weights := 0
	for _, s := range variables {
		weights += s.Size()
	}
	if l.frozen != nil || weights > triedWeights {
		return nil
	}
	store, err := l.fresh(l.config.Seed)
	if err != nil {
		return err
	}
	defer store.Finalize()
	exec, err := model.NewExec1(l.backend, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
		return features(l.trained, store, x)
	})
	if err != nil {
		return err
	}
	defer exec.Finalize()
	const most = 8
	for _, s := range l.task.Sources {
		var rows []sourceRow
		for i := range min(most, s.Len()) {
			rows = append(rows, sourceRow{s.Examples, i * s.Len() / min(most, s.Len())})
		}
		x := cut{crop: l.config.Crop}.tensor(rows, 0)
		if err := initialize(l.backend, exec, store, x); err != nil {
			return fmt.Errorf("network: %w", firstLine(err))
		}
		f, err := exec.Call(x)
		if err != nil {
			return fmt.Errorf("network: %w", firstLine(err))
		}
		flat, err := tensors.CopyFlatData[float32](f)
		if err != nil {
			return err
		}
		if err := release(x, f); err != nil {
			return err
		}
		if err := startsFinite(store); err != nil { // the call has given its variables their values
			return err
		}
		if i := slices.IndexFunc(flat, func(v float32) bool { return !finite(v) }); i >= 0 {
			row := rows[i*len(rows)/len(flat)].row
			return fmt.Errorf("network: before any training it returns %v for row %d of %q: check it for a division, a logarithm or a root, and that row for extreme values", flat[i], row, s.Domain)
		}
	}
	return nil
}
