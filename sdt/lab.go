package sdt

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// Lab is one task, one configuration, and the run directory that keeps their results.
//
// Each stage is written there when it is done, under a key made of what it depends on: its
// configuration, the fingerprint of its data, the back end, and the stage before it. Called
// again under the same key a stage is loaded; under another key it runs again. So labs that
// differ in λ share a directory and its pretraining. If the data has changed since a training
// in progress began, no other begins in the directory: the error names the data and the
// training.
type Lab struct {
	OnProgress func(Progress) // called after each step and when the stage ends early, if not nil; see [Bar]
	SaveEvery  time.Duration  // between checkpoints of a stage in progress; 0: 30 s

	dir        string
	task       Task
	config     Config // defaults filled in
	backend    compute.Backend
	why        string                  // why this back end, until a training has said it
	network    string                  // identity of the network
	frozen     *frozen                 // the part of the network that Config.Freeze names, and what it returns; nil: nothing is frozen
	trained    network.Network         // the rest of the network
	alwaysAnew bool                    // for tests: compute the frozen part at each step
	variables  map[string]shapes.Shape // of θ_repr in use, by the variable's path
	training   map[string]shapes.Shape // of θ_repr in training
	sources    func() string           // fingerprint of the labelled sources; the data is read once
	data       func() string           // fingerprint of everything that training may see
	summary    func() TaskSummary
}

// Model is a trained network, as [Lab.Pretrain] and [Lab.Adapt] return it. One made by hand
// has no weights, and is rejected wherever a network is needed. So is a model of another
// network or, where the classifier matters, with other classes or in another order.
type Model struct {
	Stage   string  // "pretrain" or "adapt"
	Method  Method  // how it was trained
	Key     string  // of the stage that made it
	Dir     string  // where that stage is kept
	History History // of its training

	weights map[string]*tensors.Tensor // by the variable's path
	inputs  StageInputs                // of the stage, where it was trained
	of      networkOf
}

// networkOf identifies what a trained network is for: weights alone would also fit another
// task's classes, and another function with the same shapes.
type networkOf struct {
	classes []string // in the order of its outputs
	seen    []int    // shape of the examples that it was trained on, after the cut
	backend string   // name of the back end
	network string   // fingerprint of what it computes from them there
}

// Task returns the lab's task.
func (l *Lab) Task() Task { return l.task }

// Config returns the lab's configuration, defaults filled in.
func (l *Lab) Config() Config { return l.config }

// Backend names the back end that the lab computes on, in a few words.
func (l *Lab) Backend() string { return l.backend.Description() }

// stageDir returns the directory of a stage, and makes it.
func (l *Lab) stageDir(stage, key string) (string, error) {
	dir := filepath.Join(l.dir, stage+"-"+key)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("%s: %w", stage, advise(err))
	}
	return dir, nil
}

// keep writes a record that lies beside the stages' directories, one process at a time, and
// removes temporary files of it that a killed process has left.
func (l *Lab) keep(path, key string, from Provenance, record any) error {
	lock := flock.New(filepath.Join(l.dir, lockFile))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("write %s: %w", path, advise(err))
	}
	defer lock.Unlock()
	if err := removeTemporary(l.dir, filepath.Base(path)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeRecord(path, key, from, record)
}

// progress reports p to OnProgress.
func (l *Lab) progress(p Progress) {
	if l.OnProgress != nil {
		l.OnProgress(p)
	}
}

// inputs returns what a stage of the lab depends on, and its key.
func (l *Lab) inputs(stage string, config Config, data, before string) (StageInputs, string, error) {
	in := StageInputs{format, stage, data, before, BackendName(l.backend), l.network, config}
	key, err := in.key()
	return in, key, err
}

// provenance returns the provenance of a result that is about to be written.
func (l *Lab) provenance(in StageInputs) Provenance {
	return Provenance{in, l.summary(), time.Now().UTC().Truncate(time.Second), commandLine(), Environment{
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.GOMAXPROCS(0),
		Backend: l.Backend(), GoMLX: version("github.com/gomlx/gomlx"),
	}}
}
