package sdt

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
)

// pretrained returns the weights of Config.Pretrained whose path in θ_repr is wanted, by the
// variable's path.
func (l *Lab) pretrained(want func(path string) bool) map[string]*tensors.Tensor {
	values := map[string]*tensors.Tensor{}
	if p := l.config.Pretrained; p != nil {
		for path, value := range p.Values {
			if want(path) {
				values[reprScope+"/"+path] = value
			}
		}
	}
	return values
}

// cutShape returns the shape of one example of the task after the cut.
func (l *Lab) cutShape() []int { return cut{crop: l.config.Crop}.shape(l.task.Sources[0].Shape) }

// seen returns the shape of what the trained part of the network sees of one example.
func (l *Lab) seen() []int {
	if l.frozen != nil {
		return l.frozen.trunk.shape
	}
	return l.cutShape()
}

// randomCuts reports whether training sees another part of an image at each step.
func (l *Lab) randomCuts() bool {
	shape := l.task.Sources[0].Shape
	return l.config.Mirror || l.config.Crop > 0 && !slices.Equal(l.cutShape(), shape)
}

// caches reports whether training reads what comes out of the frozen part from the cache.
func (l *Lab) caches() bool {
	return l.frozen != nil && !l.alwaysAnew && (!l.randomCuts() || l.config.CachedCuts != 0)
}

// toTrain returns the lab's configuration with the part of its network that is trained.
func (l *Lab) toTrain() Config {
	c := l.config
	c.Network = l.trained
	return c
}

// allOf returns the shapes of variables of what is trained and of the frozen part, by path in
// θ_repr.
func (l *Lab) allOf(trained map[string]shapes.Shape) map[string]shapes.Shape {
	if l.frozen == nil {
		return trained
	}
	all := maps.Clone(trained)
	for path, value := range l.frozen.trunk.weights {
		all[strings.TrimPrefix(path, reprScope+"/")] = value.Shape()
	}
	return all
}

// cutsOf returns the cuts of an image that training draws from.
func (l *Lab) cutsOf() []int {
	if !l.randomCuts() || l.config.CachedCuts == Off {
		return []int{centre}
	}
	cuts := make([]int, l.config.CachedCuts)
	for i := range cuts {
		cuts[i] = i
	}
	return cuts
}

// frozenRows returns what the frozen part returns for cuts of examples, see rows of frozen, and
// reports the progress.
func (l *Lab) frozenRows(ctx context.Context, e Examples, cuts []int) (Examples, []int, error) {
	now := l.sit(training{stage: "frozen", config: l.config}, &History{}, 0)
	return l.frozen.rows(ctx, e, cuts, l.task.examples(), now, l.SaveEvery)
}
