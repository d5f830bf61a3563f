package sdt

import (
	"fmt"
	"os"
	"sync"

	"github.com/gomlx/compute"
)

// Open checks the task and the configuration and returns a lab on the run directory dir,
// which it creates if necessary. It computes on the back end that $GOMLX_BACKEND names. If that
// is not set, it is the one that computed what dir already has, or else the fastest for the
// task's examples, see [NewBackend].
//
// A network that cannot be trained is an error that says why: it panics, does not accept the
// task's examples, does not return features [n, d] in float32, has variables outside its
// scope, trainable ones that are not float32, or ones that start with NaN or infinity, has no
// trainable variable although the method draws the features of the domains together, or
// returns NaN for the source before any training. (Networks with more than 262,144 weights are
// checked for NaN at the first step of training.)
func Open(dir string, task Task, config Config) (*Lab, error) {
	images := len(task.Sources) > 0 && len(task.Sources[0].Shape) == 3
	backend, why, err := ChooseBackend(images, dir)
	if err != nil {
		return nil, err
	}
	l, err := OpenOn(backend, dir, task, config)
	if err == nil {
		l.why = why
	}
	return l, err
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
	if dir == "" {
		return nil, errNoDirectoryName
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("run directory: %w", advise(err))
	}
	if len(task.HeldOut) == 0 {
		task.HeldOut = nil // as a run directory returns it
	}
	l := &Lab{dir: dir, task: task, config: config, backend: backend,
		sources: sync.OnceValue(task.sourceFingerprint), summary: sync.OnceValue(task.Summary)}
	l.data = sync.OnceValue(func() string { return task.fingerprint(l.sources()) })
	if err := l.checkDevices(); err != nil {
		return nil, err
	}
	if err := l.divide(); err != nil {
		return nil, err
	}
	var err error
	if l.network, err = l.identify(); err != nil {
		return nil, err
	}
	return l, nil
}

// fits returns an error if a configuration needs something that the task does not have.
func fits(c Config, t Task) error {
	first := t.Sources[0].Examples
	shape, what := first.Shape, "features"
	if len(shape) == 3 {
		what = first.kind() + ", not pixels"
	}
	images := len(shape) == 3 && first.Pixels != nil
	switch {
	case c.Crop > 0 && !images:
		return fmt.Errorf("config: Crop is %d, but the task's examples are %s: set Crop to 0", c.Crop, what)
	case c.Crop > 0 && c.Crop > min(shape[0], shape[1]):
		return fmt.Errorf("config: Crop is %d, but the images are %d×%d: set Crop to %d or less, 0 for no crop", c.Crop, shape[0], shape[1], min(shape[0], shape[1]))
	case c.Mirror && !images:
		return fmt.Errorf("config: Mirror is set, but the task's examples are %s: unset it", what)
	case c.EarlyStop != 0 && c.EarlyStop.missing(t) != nil:
		return fmt.Errorf("config: EarlyStop: %s %w", c.EarlyStop, c.EarlyStop.missing(t))
	case c.SourceBatch < len(t.Sources):
		return fmt.Errorf("config: SourceBatch is %d for %d source domains, want at least one example of each", c.SourceBatch, len(t.Sources))
	}
	if err := c.Method.missing(c, t); err != nil {
		return err
	}
	if c.pseudoWeight() > 0 && t.Unlabelled.Len() == 0 {
		return fmt.Errorf("config: PseudoLabels is %g, but the task has no unlabelled target examples to label: add some, or set it to 0", c.PseudoLabels)
	}
	if c.usesUnlabelled() && t.Unlabelled.Len() > 0 && c.rows(t).unlabelled == 0 {
		learner := c.Method.String()
		if !c.Method.UsesUnlabelled() {
			learner = "PseudoLabels"
		}
		return fmt.Errorf("config: TargetBatch is %d and LabelledBatch %d, which leaves no row for the unlabelled target examples that %s learns from: set TargetBatch above %d",
			c.TargetBatch, c.LabelledBatch, learner, c.LabelledBatch)
	}
	return c.sharedOut(t)
}
