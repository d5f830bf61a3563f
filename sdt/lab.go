package sdt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// Lab is one task, one configuration and the run directory that keeps what has been
// done for them.
//
// Each stage is written there when it is done, under a key made of what it depends
// on: its configuration, the fingerprint of its data, the back end, and the stage
// before it. Asked again under the same key a stage is loaded; under another key it is
// done anew. So labs that differ in λ share a directory and its pretraining. While a
// training is under way on data that has changed since, none begins in the directory: it is
// an error that names both.
type Lab struct {
	OnProgress func(Progress) // called after each step and when the stage ends early, if not nil; see [Bar]
	SaveEvery  time.Duration  // between checkpoints of a stage under way; 0: 30 s

	dir     string
	task    Task
	config  Config // defaults filled in
	backend compute.Backend
	network string        // identity of the network
	sources func() string // fingerprint of the labelled sources; the data is read once
	data    func() string // fingerprint of all that training may see
	summary func() Summary
}

// Model is a trained network.
type Model struct {
	Stage   string  // "pretrain" or "adapt"
	Method  Method  // how it was trained
	Key     string  // of the stage that made it
	Dir     string  // where that stage is kept
	History History // of its training

	weights map[string]*tensors.Tensor // by the variable's path
	inputs  Inputs                     // of the stage, where it was trained
}

// Interrupted says that a stage was stopped and where its state was saved: calling the
// stage again goes on from there.
type Interrupted struct {
	Stage       string // "pretrain" or "adapt"
	Step, Steps int    // done, of all
	Dir         string // where the state is
	Err         error  // why, such as context.Canceled
}

// Error names the stage, the step and the place.
func (e *Interrupted) Error() string {
	return fmt.Sprintf("%s interrupted at step %d of %d: saved in %s, call it again to go on", e.Stage, e.Step, e.Steps, e.Dir)
}

// Unwrap returns why the stage was stopped.
func (e *Interrupted) Unwrap() error { return e.Err }

// Diverged says that a loss, or a weight, is no number any more.
type Diverged struct {
	Stage string  // "pretrain" or "adapt"
	Loss  string  // "L_C", "L_D", "L_conf", "L_soft"; or "a weight of" and its path, or "a prediction"
	Step  int     // from 1; the last one where it showed after that
	Value float64 // NaN or infinite
}

// Error names the stage, the loss and the step.
func (e *Diverged) Error() string {
	return fmt.Sprintf("%s: %s is %v at step %d: training has diverged; lower LearningRate or Lambda, or look for extreme values in the data", e.Stage, e.Loss, e.Value, e.Step)
}

// Open checks the task and the configuration and returns a lab on the run directory
// dir, which is made if it is not there. Its back end is the one that [NewBackend]
// gives.
func Open(dir string, task Task, config Config) (*Lab, error) {
	backend, err := NewBackend()
	if err != nil {
		return nil, err
	}
	return OpenOn(backend, dir, task, config)
}

// OpenOn is [Open] on a given back end.
func OpenOn(backend compute.Backend, dir string, task Task, config Config) (*Lab, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if err := task.Validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	if err := fits(config, task); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("run directory: %w", advise(err))
	}
	l := &Lab{dir: dir, task: task, config: config, backend: backend,
		sources: sync.OnceValue(task.sourceFingerprint), summary: sync.OnceValue(task.Summary)}
	l.data = sync.OnceValue(func() string { return task.fingerprint(l.sources()) })
	var err error
	if l.network, err = l.identify(); err != nil {
		return nil, err
	}
	return l, nil
}

// fits reports where a configuration asks of a task what it does not have.
func fits(c Config, t Task) error {
	shape := t.Sources[0].Shape
	switch {
	case c.Crop > 0 && (len(shape) != 3 || c.Crop > min(shape[0], shape[1])):
		return fmt.Errorf("config: Crop is %d, but examples have shape %v", c.Crop, shape)
	case c.Mirror && len(shape) != 3:
		return fmt.Errorf("config: Mirror is set, but examples of shape %v are no images", shape)
	case c.EarlyStop != 0 && c.EarlyStop.missing(t) != nil:
		return fmt.Errorf("config: EarlyStop: %w", c.EarlyStop.missing(t))
	case c.SourceBatch < len(t.Sources):
		return fmt.Errorf("config: SourceBatch is %d for %d source domains", c.SourceBatch, len(t.Sources))
	}
	return c.Method.missing(c, t)
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
// removes what a killed one has left of it.
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

// progress reports p to the lab's listener.
func (l *Lab) progress(p Progress) {
	if l.OnProgress != nil {
		l.OnProgress(p)
	}
}

// Pretrain is stage 1: it trains the network, from Config.Pretrained if there is one, and
// the class classifier on the labelled source alone, for PretrainSteps, and returns the
// source network.
//
// An ended context saves the state and returns an [*Interrupted] error. A loss that is not
// finite returns a [*Diverged] one, also if it shows only after the last step; the stage is
// not kept then.
func (l *Lab) Pretrain(ctx context.Context) (*Model, error) { return l.train(ctx, l.pretraining()) }

func (l *Lab) pretraining() training {
	c := l.config
	c.Method, c.Lambda, c.Nu, c.Temperature, c.AdaptSteps = SourceOnly, 0, 0, 0, 0
	c.TargetBatch, c.LabelledBatch = 0, 0
	c.DomainRate, c.LambdaRamp, c.NormalizeFeatures = 0, false, false
	c.EarlyStop, c.ValidateEvery, c.Patience = 0, 0, 0
	return training{stage: "pretrain", config: c, steps: c.PretrainSteps, data: l.sources()}
}

// Adapt is stage 3: from the source network's weights it alternates, for AdaptSteps,
// one step of θ_D and one of θ_repr and θ_C, with the losses that the lab's method has,
// and returns the adapted network.
//
// soft may be nil where the method has no soft labels. [SourceOnly] returns source
// itself; [TargetOnly] starts where the source network started, at Config.Pretrained if
// there is one, not from it. Errors are as in [Lab.Pretrain].
func (l *Lab) Adapt(ctx context.Context, source *Model, soft *SoftLabels) (*Model, error) {
	if source == nil {
		return nil, errors.New("adapt: no source network: call Pretrain first")
	}
	if l.config.Method == SourceOnly {
		return source, nil
	}
	t, err := l.adaptation(source, soft)
	if err != nil {
		return nil, err
	}
	return l.train(ctx, t)
}

func (l *Lab) adaptation(source *Model, soft *SoftLabels) (training, error) {
	c := l.config
	c.PretrainSteps = 0
	t := training{stage: "adapt", config: c, steps: c.AdaptSteps, data: l.data() + l.chosenBy(c.EarlyStop), from: source}
	if c.Method == TargetOnly {
		t.from = nil
	}
	if c.Method.UsesSoftLabels() {
		if err := l.checkSoft(soft); err != nil {
			return training{}, err
		}
		t.soft = soft
	} else {
		t.config.Nu, t.config.Temperature = 0, 0
	}
	if !c.Method.UsesUnlabelled() {
		t.config.Lambda = 0
	}
	return t, nil
}

// chosenBy returns the fingerprint of what early stopping sees beside the training data.
func (l *Lab) chosenBy(v Validator) string {
	switch {
	case v == Oracle:
		return " " + l.task.Test.Fingerprint() + fmt.Sprint(l.task.HeldOut)
	case v.usesValidation():
		return " " + l.task.Validation.Fingerprint()
	}
	return ""
}

// checkSoft reports soft labels that do not belong to the task or the temperature.
func (l *Lab) checkSoft(soft *SoftLabels) error {
	switch {
	case soft == nil:
		return fmt.Errorf("adapt: %s needs soft labels: call SoftLabels first", l.config.Method)
	case len(soft.L) != len(l.task.Classes()):
		return fmt.Errorf("adapt: soft labels over %d classes for a task of %d", len(soft.L), len(l.task.Classes()))
	case soft.Temperature != l.config.Temperature:
		return fmt.Errorf("adapt: soft labels at temperature %g for a configuration of %g", soft.Temperature, l.config.Temperature)
	}
	return nil
}
