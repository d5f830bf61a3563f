package sdt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// train loads the stage if it is done, resumes it if it was begun, or begins it.
func (l *Lab) train(ctx context.Context, t training) (*Model, error) {
	in, key, err := l.keyOf(t)
	if err != nil {
		return nil, err
	}
	dir, err := l.stageDir(t.stage, key)
	if err != nil {
		return nil, err
	}
	m := &Model{Stage: t.stage, Method: t.config.Method, Key: key, Dir: dir, inputs: in, of: l.networkOf()}
	if done, err := l.loadStage(m); done || err != nil {
		return m, err
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	if free, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("%s: %w", t.stage, advise(err))
	} else if !free {
		return nil, fmt.Errorf("%s: another process is training this stage in %s: wait for it, or use another run directory", t.stage, dir)
	}
	defer lock.Unlock()                                  // unlocked at the latest when the process ends
	if done, err := l.loadStage(m); done || err != nil { // done while this process waited for the lock
		return m, err
	}
	if err := removeTemporary(dir, stageFile, weightsFile, checkpointFile); err != nil {
		return nil, fmt.Errorf("%s: %w", t.stage, err)
	}
	if err := l.run(ctx, t, m); err != nil {
		return nil, err
	}
	if err := writeTensors(filepath.Join(dir, weightsFile), m.weights, map[string]string{"key": key}); err != nil {
		return nil, fmt.Errorf("%s: %w", t.stage, err)
	}
	if err := writeRecord(filepath.Join(dir, stageFile), key, l.provenance(in), m.History); err != nil {
		return nil, fmt.Errorf("%s: %w", t.stage, err)
	}
	os.Remove(filepath.Join(dir, checkpointFile)) // if this fails, nothing reads the file
	return m, nil
}

// loadStage reads a stage into m if it is done, and reports whether it is.
func (l *Lab) loadStage(m *Model) (bool, error) {
	done, err := readRecord(filepath.Join(m.Dir, stageFile), m.Key, &m.History)
	if !done || err != nil {
		return false, err
	}
	var metadata map[string]string
	path := filepath.Join(m.Dir, weightsFile)
	m.weights, metadata, err = readTensors(path)
	if errors.Is(err, fs.ErrNotExist) { // damaged, and deleted by the user: train again
		m.History = History{}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if metadata["key"] != m.Key {
		return false, fmt.Errorf("read %s: weights have key %q, want %q: delete it to train again", path, metadata["key"], m.Key)
	}
	if err := finiteWeights(m.Stage, len(m.History.Step), m.weights); err != nil { // kept by a version that did not check
		return false, fmt.Errorf("read %s: %w; delete %s to train again", path, err, m.Dir)
	}
	l.progress(Progress{Stage: m.Stage, Method: m.Method, History: m.History, Loaded: true, Ended: true})
	return true, nil
}

// start returns the store that a training starts with, what early stopping has kept, and the
// step: from its checkpoint if there is one, otherwise from its initial weights.
func (l *Lab) start(t training, m *Model) (store *model.Store, best map[string]*tensors.Tensor, step int, err error) {
	if values, step, err := loadCheckpoint(m, t.steps); err != nil || values != nil {
		if err != nil {
			return nil, nil, 0, err
		}
		store, best = model.NewStore(), takeBest(values)
		return store, best, step, fill(store, values)
	}
	if err := l.unchanged(); err != nil {
		return nil, nil, 0, fmt.Errorf("%s: %w", t.stage, err)
	}
	if t.from == nil {
		store, err = l.fresh(t.config.Seed)
		return store, nil, 0, err
	}
	store = model.NewStore()
	if err := store.SetRNGStateFromSeed(int64(t.config.Seed)); err != nil {
		return nil, nil, 0, err
	}
	weights := maps.Clone(t.from.weights)
	maps.DeleteFunc(weights, func(path string, _ *tensors.Tensor) bool { return !strings.HasPrefix(path, modelScope+"/") })
	return store, nil, 0, fill(store, weights)
}

// fresh returns the store of a training that does not start from another: Config.Pretrained
// where it has weights, the rest at random by the seed.
func (l *Lab) fresh(seed uint64) (*model.Store, error) {
	store := model.NewStore()
	if err := store.SetRNGStateFromSeed(int64(seed)); err != nil {
		return nil, err
	}
	own := l.allVariables()
	return store, fill(store, l.pretrained(func(path string) bool { return own[path].Ok() }))
}
