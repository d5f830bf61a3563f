package sdt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// divide finds what is trained: the whole network, or what follows Config.Freeze.
func (l *Lab) divide() error {
	l.trained = l.config.Network
	if l.config.Freeze == "" {
		return nil
	}
	before, after, err := l.config.Network.After(l.config.Freeze)
	if err != nil {
		return fmt.Errorf("config: Freeze: %w", err)
	}
	t := &trunk{net: before, backend: l.backend, weights: map[string]*tensors.Tensor{}}
	store := model.NewStore()
	defer store.Finalize()
	if err := fill(store, l.pretrained(func(string) bool { return true })); err != nil {
		return err
	}
	text, random := "", []string(nil)
	err = l.build(func() {
		g := graph.NewGraph(l.backend, "frozen")
		defer g.Finalize()
		model.SetStore(g, store)
		store.SetTraining(g, false)
		x := graph.Parameter(g, "x", shapes.Make(dtypes.Float32, append([]int{triedRows}, l.cutShape()...)...))
		y := before.Features(store.Scope(reprScope), x)
		if y == nil || y.Rank() < 2 || y.Shape().Dimensions[0] != triedRows || y.DType() != weightsDType {
			exceptions.Panicf("block %q does not return float32 [n, ...], a row for each example, so the network cannot be frozen there", l.config.Freeze)
		}
		t.shape, text = slices.Clone(y.Shape().Dimensions[1:]), g.String()
		for v := range store.IterVariables() {
			if !v.InUseByGraph(g) && strings.HasPrefix(v.Path(), reprScope+"/") {
				continue // a weight of what follows
			}
			if !v.HasValue() {
				random = append(random, strings.TrimPrefix(v.Path(), reprScope+"/"))
			}
			t.weights[v.Path()] = nil
		}
	})
	if err != nil {
		return err
	}
	if len(random) > 0 {
		return fmt.Errorf("config: Freeze is %q, but %s, which comes before, has no value yet and would stay random: set Pretrained", l.config.Freeze, slices.Min(random))
	}
	if err := l.checkVariables(store); err != nil {
		return err
	}
	if err := snapshot(store, func(path string) bool { _, ok := t.weights[path]; return ok }, t.weights); err != nil {
		return err
	}
	if t.sum, err = sumOf(text, t.weights); err != nil {
		return err
	}
	l.trained, l.frozen = after, newFrozen(l.dir, t, l.constants(before), cut{crop: l.config.Crop, mirror: l.config.Mirror, seed: l.config.Seed})
	return nil
}

// constants identifies the numbers that blocks build into their graph, whose text shows only few
// of them.
func (l *Lab) constants(blocks network.Network) string {
	text := l.config.NetworkTag
	for _, b := range blocks {
		text += "\n" + b.Source
	}
	return strings.TrimRight(text, "\n")
}
