package sdt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// training is one stage that moves weights.
type training struct {
	stage  string
	config Config
	steps  int
	data   string      // fingerprint of what it sees
	from   *Model      // where the weights start; nil: at Config.Pretrained and at random
	soft   *SoftLabels // nil: none
}

// Files of a stage's directory.
const (
	stageFile      = "stage.json"             // the history: there when the stage is done
	weightsFile    = "weights.safetensors"    // the network
	checkpointFile = "checkpoint.safetensors" // all state of a stage under way
	lockFile       = "lock"
)

// train loads the stage if it is done, goes on with it if it was begun, or begins it.
func (l *Lab) train(ctx context.Context, t training) (*Model, error) {
	in, key, err := l.keyOf(t)
	if err != nil {
		return nil, err
	}
	dir, err := l.stageDir(t.stage, key)
	if err != nil {
		return nil, err
	}
	m := &Model{Stage: t.stage, Method: t.config.Method, Key: key, Dir: dir, inputs: in}
	if done, err := l.loadStage(m); done || err != nil {
		return m, err
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	if free, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("%s: %w", t.stage, advise(err))
	} else if !free {
		return nil, fmt.Errorf("%s: another process is training this stage in %s: wait for it, or use another run directory", t.stage, dir)
	}
	defer lock.Unlock()                                  // the process's end unlocks it too
	if done, err := l.loadStage(m); done || err != nil { // done while this one came to the lock
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
	os.Remove(filepath.Join(dir, checkpointFile)) // if it stays, nothing reads it
	return m, nil
}

// keyOf returns what a training depends on, and its key.
func (l *Lab) keyOf(t training) (Inputs, string, error) {
	before := ""
	if t.from != nil {
		before += t.from.Key
	}
	if t.soft != nil {
		before += " " + t.soft.Key
	}
	return l.inputs(t.stage, t.config, t.data, before)
}

// loadStage reads a stage that is done into m, and whether it was.
func (l *Lab) loadStage(m *Model) (bool, error) {
	done, err := readRecord(filepath.Join(m.Dir, stageFile), m.Key, &m.History)
	if !done || err != nil {
		return false, err
	}
	var metadata map[string]string
	path := filepath.Join(m.Dir, weightsFile)
	m.weights, metadata, err = readTensors(path)
	if errors.Is(err, fs.ErrNotExist) { // they were damaged, and deleted: train again
		m.History = History{}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if metadata["key"] != m.Key {
		return false, fmt.Errorf("read %s: weights of key %q, want %q: delete it to train again", path, metadata["key"], m.Key)
	}
	if err := finiteWeights(m.Stage, len(m.History.Step), m.weights); err != nil { // kept by a version that did not look
		return false, fmt.Errorf("read %s: %w", path, err)
	}
	l.progress(Progress{Stage: m.Stage, Method: m.Method, History: m.History, Loaded: true, Ended: true})
	return true, nil
}

// plan says how a batch of the training is made up, and gives its sampler.
func (l *Lab) plan(t training) (batchPlan, sampler) {
	c := t.config
	plan := c.rows(l.task)
	s := sampler{cut: cut{crop: c.Crop, mirror: c.Mirror, random: true, seed: c.Seed}}
	add := func(name string, e Examples, labels []int32, rows int) {
		s.parts = append(s.parts, part{e, labels, newStream(name, e.Len(), rows, c.Seed)})
	}
	if c.Method.UsesSource() {
		for i, source := range l.task.Sources {
			add("source "+source.Domain, source.Examples, source.Labels, plan.sources[i])
		}
	}
	if target := l.task.Target; plan.target > 0 {
		add("target", target.Examples, target.Labels, plan.target)
	}
	if plan.unlabelled > 0 {
		add("unlabelled", l.task.Unlabelled, nil, plan.unlabelled)
	}
	return plan, s
}

// rows says how many rows of a batch come from where.
func (c Config) rows(t Task) (plan batchPlan) {
	if c.Method.UsesSource() {
		for i := range t.Sources {
			rows := c.SourceBatch / len(t.Sources)
			if i < c.SourceBatch%len(t.Sources) {
				rows++
			}
			plan.sources = append(plan.sources, rows)
		}
	}
	if c.Method == SourceOnly {
		return plan
	}
	if t.Target.Len() > 0 {
		plan.target = c.LabelledBatch
	}
	if c.Method.UsesUnlabelled() && t.Unlabelled.Len() > 0 && c.TargetBatch > plan.target {
		plan.unlabelled = c.TargetBatch - plan.target
	}
	return plan
}

// run takes the steps of a training and puts weights and history into m.
func (l *Lab) run(ctx context.Context, t training, m *Model) (err error) {
	plan, batches := l.plan(t)
	store, best, start, err := l.start(t, m)
	if err != nil {
		return err
	}
	defer store.Finalize()
	stop := newEarlyStop(t.config, t.steps, best)
	k := len(l.task.Classes())
	var softLabels []any // the argument after the batch, the rate and λ, if the stage has it
	if t.soft != nil && plan.target > 0 {
		softLabels = []any{t.soft.tensor()}
	}
	var names []string // of what a step reports, known once its graph is built
	exec, err := model.NewExec(l.backend, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		store.SetTraining(in[0].Graph(), true)
		var soft *graph.Node
		if softLabels != nil {
			soft = in[4]
		}
		var reported []*graph.Node
		names, reported = t.config.alternation(store, plan, k, in[0], in[1], soft, in[2], in[3]).on()
		return reported
	})
	if err != nil {
		return fmt.Errorf("%s: %w", t.stage, err)
	}
	defer exec.Finalize()

	m.History.Stage, m.History.Method, m.History.Domains = t.stage, t.config.Method, plan.domains()
	p := Progress{Stage: t.stage, Method: t.config.Method, Step: start, Steps: t.steps, DomainAccuracy: math.NaN()}
	defer func() {
		if err != nil && !p.Ended && len(m.History.Step) > 0 {
			p.History, p.Ended = m.History, true
			l.progress(p)
		}
	}()
	weighs := t.config.Method.UsesUnlabelled() // λ does
	m.History.fillLambda(t)
	began, saved, before := time.Now(), time.Now(), m.History.Seconds
	every := l.SaveEvery
	if every == 0 {
		every = 30 * time.Second
	}
	next := batches.ahead(start)
	for step := start; step < t.steps; step++ {
		if ctx.Err() != nil {
			if err := l.saveCheckpoint(store, m, &stop, step); err != nil {
				return fmt.Errorf("%s interrupted (%w) and could not be saved: %w", t.stage, ctx.Err(), err)
			}
			return &Interrupted{Stage: t.stage, Step: step, Steps: t.steps, Dir: m.Dir, Err: ctx.Err()}
		}
		x, labels := next()
		lambda := t.config.lambda(step, t.steps)
		out, err := exec.Call(append([]any{x, labels, float32(t.config.rate(step, t.steps)), float32(lambda)}, softLabels...)...)
		if err != nil {
			return fmt.Errorf("%s, step %d: %w", t.stage, step+1, firstLine(err))
		}
		shown, err := m.History.add(step+1, names, out)
		if err != nil {
			return err
		}
		p.Losses = shown
		if weighs {
			m.History.Lambda, p.Lambda = append(m.History.Lambda, lambda), lambda
		}
		if n := len(m.History.DomainAccuracy); n > 0 {
			p.DomainAccuracy = m.History.DomainAccuracy[n-1]
		}
		if err := release(append(out, x, labels)...); err != nil {
			return fmt.Errorf("%s, step %d: %w", t.stage, step+1, err)
		}
		p.Step, p.Elapsed = step+1, time.Since(began)
		p.Left = p.Elapsed / time.Duration(step+1-start) * time.Duration(t.steps-step-1)
		m.History.Seconds = before + p.Elapsed.Seconds()
		end, err := stop.look(ctx, l, store, &m.History, step+1, t.steps)
		if errors.As(err, new(*Diverged)) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%s, step %d: %w", t.stage, step+1, err)
		}
		p.History, p.Ended = m.History, end || step+1 == t.steps
		l.progress(p)
		if end {
			break
		}
		if time.Since(saved) >= every && step+1 < t.steps {
			if err := l.saveCheckpoint(store, m, &stop, step+1); err != nil {
				return fmt.Errorf("%s: %w", t.stage, err)
			}
			saved = time.Now()
		}
	}
	if m.weights = stop.best; m.weights != nil { // a validator has given them a number
		return nil
	}
	m.weights = map[string]*tensors.Tensor{}
	if err := snapshot(store, isWeight, m.weights); err != nil {
		return err
	}
	if err := finiteWeights(t.stage, len(m.History.Step), m.weights); err != nil {
		return err
	}
	// A step reports the losses before it. Those after the last one are looked at too: weights
	// may be finite, and what they give may not. The step that it takes for that is forgotten.
	x, labels := next()
	out, err := exec.Call(append([]any{x, labels, float32(0), float32(t.config.lambda(t.steps-1, t.steps))}, softLabels...)...)
	if err != nil {
		return fmt.Errorf("%s, after step %d: %w", t.stage, t.steps, firstLine(err))
	}
	after := History{Stage: t.stage}
	if _, err := after.add(t.steps, names, out); err != nil {
		return err
	}
	return release(append(out, x, labels)...)
}

// finiteWeights returns a [*Diverged] if a weight is no finite number after a step.
func finiteWeights(stage string, step int, weights map[string]*tensors.Tensor) error {
	for _, path := range slices.Sorted(maps.Keys(weights)) {
		flat, err := tensors.CopyFlatData[float32](weights[path])
		if err != nil {
			return err
		}
		for _, v := range flat {
			if !finite(v) {
				return &Diverged{Stage: stage, Loss: "a weight of " + path, Step: step, Value: float64(v)}
			}
		}
	}
	return nil
}

// add appends one step's values, and returns the losses among them. A value that is
// not finite is a [*Diverged] error, and nothing is appended.
func (h *History) add(step int, names []string, out []*tensors.Tensor) ([]Loss, error) {
	into := map[string]*[]float64{"L_C": &h.ClassLoss, "L_D": &h.DomainLoss, "L_conf": &h.ConfusionLoss,
		"L_soft": &h.SoftLoss, "L_MMD": &h.Discrepancy, "L_CORAL": &h.Discrepancy, accuracyName: &h.DomainAccuracy}
	values := make([]float64, len(names))
	for i, name := range names {
		values[i] = float64(tensors.ToScalar[float32](out[i]))
		if !finite(values[i]) {
			return nil, &Diverged{Stage: h.Stage, Loss: name, Step: step, Value: values[i]}
		}
	}
	var shown []Loss
	for i, name := range names {
		*into[name] = append(*into[name], values[i])
		if name != accuracyName {
			shown = append(shown, Loss{name, values[i]})
		}
	}
	h.Step = append(h.Step, step)
	return shown, nil
}

// fillLambda adds λ of the steps so far that a checkpoint of an earlier version does not have.
func (h *History) fillLambda(t training) {
	for n := len(h.Lambda); n < len(h.Step) && t.config.Method.UsesUnlabelled(); n++ {
		h.Lambda = append(h.Lambda, t.config.lambda(h.Step[n]-1, t.steps))
	}
}

// start returns the store that a training starts with, what early stopping has kept, and
// the step: from its checkpoint if there is one, else from the weights that it starts from.
func (l *Lab) start(t training, m *Model) (store *model.Store, best map[string]*tensors.Tensor, step int, err error) {
	store = model.NewStore()
	if values, step, err := loadCheckpoint(m, t.steps); err != nil || values != nil {
		if err != nil {
			return nil, nil, 0, err
		}
		best = takeBest(values)
		return store, best, step, fill(store, values)
	}
	if err := l.unchanged(); err != nil {
		return nil, nil, 0, fmt.Errorf("%s: %w", t.stage, err)
	}
	if err := store.SetRNGStateFromSeed(int64(t.config.Seed)); err != nil {
		return nil, nil, 0, err
	}
	if t.from == nil {
		if t.config.Pretrained == nil {
			return store, nil, 0, nil
		}
		start := map[string]*tensors.Tensor{}
		for path, value := range t.config.Pretrained.Values {
			start[reprScope+"/"+path] = value
		}
		return store, nil, 0, fill(store, start)
	}
	weights := maps.Clone(t.from.weights)
	maps.DeleteFunc(weights, func(path string, _ *tensors.Tensor) bool { return !strings.HasPrefix(path, modelScope+"/") })
	return store, nil, 0, fill(store, weights)
}
