package sdt

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Stage is one result in a run directory.
type Stage struct {
	Key        string     `json:"key"`        // the hash of Provenance.Inputs
	Provenance Provenance `json:"provenance"` // where it comes from

	// One of these is set.
	History    *History    `json:"history,omitempty"`     // of "pretrain" and "adapt"
	SoftLabels *SoftLabels `json:"soft_labels,omitempty"` // of "soft"
	Evaluation *Evaluation `json:"evaluation,omitempty"`  // of "evaluate"

	// UnderWay is the count of saved steps of a training that is not done, 0 if it was stopped
	// before the first. It is nil if the stage is done.
	UnderWay *int `json:"under_way,omitempty"`
}

// Name returns "pretrain", "soft", "adapt" or "evaluate".
func (s Stage) Name() string { return s.Provenance.Inputs.Stage }

// Run is one path through a run directory: the stages that led to a network, and to its
// evaluation if there is one. Soft labels by themselves are not a run: they belong to the
// run that continued from them or, while none has, to the run of the pretraining that they
// were made from.
type Run struct {
	Dir    string  `json:"dir"`    // the run directory
	Stages []Stage `json:"stages"` // each after those that it continued from
}

// method returns the method of a stage's network.
func (s Stage) method() Method {
	switch {
	case s.Evaluation != nil:
		return s.Evaluation.Method
	case s.History != nil:
		return s.History.Method
	}
	return noMethod
}

// follow appends the stage with a key and, before it, those that it continued from, each once.
// It does not follow soft labels: the network that they were made from is the one that the
// training continued from too, or belongs to another run.
func (r *Run) follow(stages map[string]Stage, key string) {
	s, ok := stages[key]
	if !ok || slices.ContainsFunc(r.Stages, func(s Stage) bool { return s.Key == key }) {
		return // deleted, or already in the run
	}
	if !isSoftLabels(s) {
		for _, b := range strings.Fields(s.Provenance.Inputs.Before) {
			r.follow(stages, b)
		}
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

// Provenance returns the provenance of the run's evaluation, or of its last training.
func (r Run) Provenance() Provenance { return r.last().Provenance }

// Key returns the key of the run's evaluation, or of its last training.
func (r Run) Key() string { return r.last().Key }

// Method returns how the run's network was trained, according to its evaluation or its last
// training.
func (r Run) Method() Method { return r.last().method() }

// Config returns the settings of the run: those of its last training, with PretrainSteps of
// the first, 0 if that no longer exists. It is nil if the settings are unknown, because the
// training that was evaluated no longer exists (its folder may have been deleted for its
// size). Defaults are filled in, and a setting that has no effect in the run, such as
// SourceBatch in [TargetOnly], is zero. Patience is [Off] if it was off.
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
	if of.EarlyStop != 0 {
		of.ValidateEvery, of.Patience = c.earlyStopping(c.AdaptSteps)
	}
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

// Histories returns the histories of the run's trainings, in order.
func (r Run) Histories() []History {
	var all []History
	for _, s := range r.Stages {
		if s.History != nil {
			all = append(all, *s.History)
		}
	}
	return all
}

// SoftLabels returns the soft labels that the run used, or nil. Of several they are those that
// its last training learnt from.
func (r Run) SoftLabels() *SoftLabels {
	if s, _ := r.softLabels(); s.SoftLabels != nil {
		return s.SoftLabels
	}
	for _, s := range r.Stages {
		if s.SoftLabels != nil {
			return s.SoftLabels
		}
	}
	return nil
}

// softLabels returns the stage of the soft labels that the run's last training learnt from,
// and the key of the network that this training started from. It returns zeros if there are
// none, or if they no longer exist.
func (r Run) softLabels() (soft Stage, source string) {
	for _, t := range slices.Backward(r.Stages) {
		if t.History == nil {
			continue
		}
		before := strings.Fields(t.Provenance.Inputs.Before)
		for _, s := range r.Stages {
			if isSoftLabels(s) && slices.Contains(before, s.Key) {
				return s, before[0]
			}
		}
		break
	}
	return Stage{}, ""
}

// SoftLabelsFrom says in a few words where the soft labels come from that the run's last
// training learnt from: from the source network that it started from; from another network,
// with the beginning of that one's key; or that they were given to [Lab.Adapt], with the
// beginning of a fingerprint of them. It is "" if there were none, or if they no longer exist.
func (r Run) SoftLabelsFrom() string {
	soft, source := r.softLabels()
	if !isSoftLabels(soft) {
		return ""
	}
	in := soft.Provenance.Inputs
	if content, given := strings.CutPrefix(in.Data, givenMark); given {
		return "given " + content[:min(12, len(content))]
	}
	if in.Before != source {
		return "network " + in.Before
	}
	return "source network"
}

// Evaluation returns the evaluation of the run's network, or nil.
func (r Run) Evaluation() *Evaluation { return r.last().Evaluation }

// Mistakes returns some of the images that the run's network got wrong, at most 64, no side
// longer than 112 pixels, and which rows of the test examples they are. There are none
// without an evaluation, and none for examples that are not images.
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
