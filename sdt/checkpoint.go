package sdt

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"encoding/json"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

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

// saveCheckpoint writes the state of a stage after step steps: weights, optimizer state,
// random state, history, provenance, and the values that early stopping has kept.
func (l *Lab) saveCheckpoint(store *model.Store, m *Model, values map[string]*tensors.Tensor, step int) error {
	if err := snapshot(store, func(string) bool { return true }, values); err != nil {
		return err
	}
	history, err := json.Marshal(m.History)
	if err != nil {
		return err
	}
	from, err := json.Marshal(l.provenance(m.inputs))
	if err != nil {
		return err
	}
	return writeTensors(filepath.Join(m.Dir, checkpointFile), values,
		map[string]string{"key": m.Key, "step": strconv.Itoa(step), "history": string(history), "provenance": string(from)})
}

// loadCheckpoint reads what saveCheckpoint wrote: it returns the variables' values and the
// count of steps, and puts the history into m. Without a checkpoint, values is nil.
func loadCheckpoint(m *Model, steps int) (values map[string]*tensors.Tensor, step int, err error) {
	path := filepath.Join(m.Dir, checkpointFile)
	values, metadata, err := readTensors(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if metadata["key"] != m.Key {
		return nil, 0, fmt.Errorf("read %s: checkpoint has key %q, want %q: delete it to train again", path, metadata["key"], m.Key)
	}
	if step, err = strconv.Atoi(metadata["step"]); err != nil || step < 0 || step > steps {
		return nil, 0, fmt.Errorf("read %s: step %q of %d: delete it to train again", path, metadata["step"], steps)
	}
	if err := json.Unmarshal([]byte(metadata["history"]), &m.History); err != nil {
		return nil, 0, fmt.Errorf("read %s: history: %w: delete it to train again", path, err)
	}
	return values, step, nil
}
