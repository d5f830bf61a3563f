package sdt

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"

	"github.com/sdtlab/sdtlab/sdt/layer"
)

// networkOf returns the identity of the networks that the lab trains.
func (l *Lab) networkOf() networkOf {
	return networkOf{l.task.Classes(), cut{crop: l.config.Crop}.shape(l.task.Sources[0].Shape), BackendName(l.backend), l.network}
}

// allVariables returns the shapes of θ_repr's variables, those that exist only in training
// included, by path.
func (l *Lab) allVariables() map[string]shapes.Shape {
	all := maps.Clone(l.training)
	maps.Copy(all, l.variables)
	return all
}

// usable returns an error for a model that the lab's network cannot run.
func (l *Lab) usable(m *Model) error {
	const instead = "pass what Pretrain or Adapt returned"
	switch {
	case m == nil:
		return errors.New("no model is given: " + instead)
	case len(m.weights) == 0:
		return errors.New("the model has no weights: " + instead)
	}
	const reopen = "open a lab with the Network that it was trained with"
	all := l.allVariables()
	for _, path := range slices.Sorted(maps.Keys(all)) {
		want, w := all[path], m.weights[reprScope+"/"+path]
		switch {
		case w == nil && !l.variables[path].Ok(): // only in training
		case w == nil:
			return fmt.Errorf("the model is of another network: it has no %s, but the lab's Network has: %s", path, reopen)
		case !w.Shape().Equal(want):
			return fmt.Errorf("the model is of another network: its %s has shape %s, the lab's Network has %s: %s",
				path, dimensionsText(w.Shape().Dimensions), dimensionsText(want.Dimensions), reopen)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.weights)) {
		if path, ok := strings.CutPrefix(path, reprScope+"/"); ok && !all[path].Ok() {
			return fmt.Errorf("the model is of another network: it has %s, but the lab's Network does not: %s", path, reopen)
		}
	}
	here := l.networkOf() // with another shape, or on another back end, the same network may have another graph
	if slices.Equal(m.of.seen, here.seen) && m.of.backend == here.backend && m.of.network != here.network {
		return fmt.Errorf("the model is of another network: the lab's Network or NetworkTag differs, though the weights have the same shapes: %s", reopen)
	}
	return nil
}

// usableOver is usable for cases that also use the model's classifier: its outputs must be
// the task's classes.
func (l *Lab) usableOver(m *Model) error {
	if err := l.usable(m); err != nil {
		return err
	}
	if m.weights[classifierScope+"/"+layer.Weights] == nil {
		return fmt.Errorf("the model has no %s/%s: pass what Pretrain or Adapt returned", classifierScope, layer.Weights)
	}
	if cosine := m.weights[classifierScope+"/"+layer.Biases] == nil; cosine != l.config.cosine() {
		kinds := map[bool]string{true: "the cosine classifier", false: "a linear classifier"}
		return fmt.Errorf("the model has %s, the lab's Method and CosineClassifier ask for %s: open a lab with those that it was trained with, or train it again", kinds[cosine], kinds[!cosine])
	}
	return sameClasses("the model was trained for", m.of.classes, l.task.Classes())
}

// sameClasses returns an error for classes that are not the task's, or not in its order. whose
// begins the message: "the soft labels cover".
func sameClasses(whose string, have, want []string) error {
	var parts []string
	if more := without(have, want); more != nil {
		parts = append(parts, "the task does not have "+quoted(more))
	}
	if missing := without(want, have); missing != nil {
		parts = append(parts, "it lacks "+quoted(missing))
	}
	switch {
	case slices.Equal(have, want):
		return nil
	case parts != nil:
		return fmt.Errorf("%s other classes than the task's: %s", whose, strings.Join(parts, ", "))
	case len(have) != len(want):
		return fmt.Errorf("%s %d classes, the task has %d", whose, len(have), len(want))
	}
	k := 0
	for have[k] == want[k] {
		k++
	}
	return fmt.Errorf("%s the task's classes in another order: class %d is %q, in the task %q", whose, k, have[k], want[k])
}

// readable returns an error for examples that the task's network cannot see.
func (l *Lab) readable(e Examples) error {
	if err := e.Validate(); err != nil {
		return err
	}
	want := l.task.Test.Examples
	switch {
	case e.Len() == 0 || !slices.Equal(e.Shape, want.Shape):
		return fmt.Errorf("%d examples of shape %v, want at least one of shape %v", e.Len(), e.Shape, want.Shape)
	case e.kind() != want.kind():
		return fmt.Errorf("the examples are %s, the task's are %s: use the task's type", e.kind(), want.kind())
	}
	return nil
}
