package sdt

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Stage is one result that a run directory holds.
type Stage struct {
	Key        string     `json:"key"`        // the hash of Provenance.Inputs
	Provenance Provenance `json:"provenance"` // where it comes from

	// One of these is set.
	History    *History    `json:"history,omitempty"`     // of "pretrain" and "adapt"
	SoftLabels *SoftLabels `json:"soft_labels,omitempty"` // of "soft"
	Evaluation *Evaluation `json:"evaluation,omitempty"`  // of "evaluate"

	// UnderWay is of a training that is not done: how many of its steps are saved, 0 if it was
	// stopped before the first. It is nil of what is done.
	UnderWay *int `json:"under_way,omitempty"`
}

// Name returns "pretrain", "soft", "adapt" or "evaluate".
func (s Stage) Name() string { return s.Provenance.Inputs.Stage }

// Run is one way through a run directory: the stages that led to a network, and to its
// evaluation if there is one. Soft labels alone are no run: they belong to the one that went
// on from them, or else to the pretraining that they are of, while nothing has gone on from
// that.
type Run struct {
	Dir    string  `json:"dir"`    // the run directory
	Stages []Stage `json:"stages"` // in the order that they need each other
}

// method returns that of a stage's network.
func (s Stage) method() Method {
	switch {
	case s.Evaluation != nil:
		return s.Evaluation.Method
	case s.History != nil:
		return s.History.Method
	}
	return noMethod
}

// follow appends the stage of a key and, before it, those that it went on from, each once.
func (r *Run) follow(stages map[string]Stage, key string) {
	s, ok := stages[key]
	if !ok || slices.ContainsFunc(r.Stages, func(s Stage) bool { return s.Key == key }) {
		return // it was deleted, or is there
	}
	for _, b := range strings.Fields(s.Provenance.Inputs.Before) {
		r.follow(stages, b)
	}
	r.Stages = append(r.Stages, s)
}

// last returns the run's evaluation, or its last training.
func (r Run) last() Stage {
	i := len(r.Stages) - 1
	for i > 0 && r.Stages[i].SoftLabels != nil {
		i--
	}
	return r.Stages[i]
}

// Provenance returns that of the run's evaluation, or of its last training.
func (r Run) Provenance() Provenance { return r.last().Provenance }

// Key returns that of the run's evaluation, or of its last training.
func (r Run) Key() string { return r.last().Key }

// Method returns how the run's network was trained, as its evaluation or its last training
// has it.
func (r Run) Method() Method { return r.last().method() }

// Config returns the settings of the run: those of its last training, and PretrainSteps of
// the first, 0 if that is not there. It is nil where the training that was evaluated is not
// there, as when its folder has been deleted for its size: its settings are not known. A
// setting that counts for nothing in the run, such as SourceBatch in [TargetOnly], is zero.
func (r Run) Config() *Config {
	var c *Config
	steps := 0
	for _, s := range r.Stages {
		if s.History != nil {
			c = &s.Provenance.Inputs.Config
			steps = max(steps, c.PretrainSteps)
		}
	}
	if c == nil || c.Method != r.Method() {
		return nil
	}
	of := c.withoutIdle(true)
	of.PretrainSteps = steps
	if sets := r.Provenance().Data.Sets; len(sets) > 0 {
		has := func(role string) bool {
			return slices.ContainsFunc(sets, func(s SetSummary) bool { return s.Role == role })
		}
		if !has("target, labelled") {
			of.LabelledBatch = 0
		}
		if !has("target, unlabelled") {
			of.TargetBatch = 0
		}
	}
	return &of
}

// Histories returns those of the run's trainings, in their order.
func (r Run) Histories() []History {
	var all []History
	for _, s := range r.Stages {
		if s.History != nil {
			all = append(all, *s.History)
		}
	}
	return all
}

// SoftLabels returns the soft labels that the run used, or nil.
func (r Run) SoftLabels() *SoftLabels {
	for _, s := range r.Stages {
		if s.SoftLabels != nil {
			return s.SoftLabels
		}
	}
	return nil
}

// Evaluation returns how the run's network did, or nil.
func (r Run) Evaluation() *Evaluation { return r.last().Evaluation }

// Mistakes returns some of the images that the run's network took for another class, at
// most 64, no side above 112 pixels, and which rows of the test examples they are. There
// are none without an evaluation, and of examples that are no images.
func (r Run) Mistakes() (images Examples, rows []int, err error) {
	s := r.last()
	if s.Evaluation == nil {
		return Examples{}, nil, nil
	}
	images, rows, err = readMistakes(r.Dir, s.Key, *s.Evaluation)
	if errors.Is(err, fs.ErrNotExist) {
		return Examples{}, nil, nil
	}
	return images, rows, err
}
