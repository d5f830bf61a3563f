package sdt

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
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

// isWeight reports whether the variable at path belongs to the network (θ_repr, θ_C or
// θ_D), not to the optimizer's state.
func isWeight(path string) bool {
	scope, _ := model.SplitPath(path)
	return strings.HasPrefix(path, reprScope+"/") || scope == classifierScope || scope == domainScope
}

// snapshot copies the values of the store's variables for which want returns true into
// values, by path.
func snapshot(store *model.Store, want func(path string) bool, values map[string]*tensors.Tensor) error {
	for v := range store.IterVariables() {
		if !want(v.Path()) || !v.HasValue() {
			continue
		}
		value, err := v.Value()
		if err != nil {
			return fmt.Errorf("variable %s: %w", v.Path(), err)
		}
		if values[v.Path()], err = value.LocalClone(); err != nil {
			return fmt.Errorf("variable %s: %w", v.Path(), err)
		}
	}
	return nil
}

// fill adds copies of values to the store, as variables with these paths. Optimizer state
// and random state are not trainable.
func fill(store *model.Store, values map[string]*tensors.Tensor) error {
	for path, value := range values {
		copied, err := value.LocalClone()
		if err != nil {
			return fmt.Errorf("variable %s: %w", path, err)
		}
		v, err := store.CreateVariable(path, copied)
		if err != nil {
			return fmt.Errorf("variable %s: %w", path, err)
		}
		v.SetTrainable(isWeight(path))
	}
	return nil
}
