package sdt

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"encoding/json"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

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
