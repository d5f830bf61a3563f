package sdt

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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

	Under int `json:"under_way,omitempty"` // of a training under way, the steps that are saved; 0: it is done

	path string
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

// ReadRuns returns what a run directory holds, by the time of the last result. It reads
// no weights and needs neither the data nor the network. A directory without results, and
// a damaged file, which is named, are errors.
func ReadRuns(dir string) ([]Run, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	stages := map[string]Stage{}
	for _, e := range entries {
		s, ok, err := readStage(dir, e)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		stages[s.Key] = s
	}
	var runs []Run
	for key, s := range stages {
		if s.SoftLabels != nil || len(after(stages, key, isNetworkOrEvaluation)) > 0 {
			continue
		}
		r := Run{Dir: dir}
		r.follow(stages, key)
		r.Stages = append(r.Stages, after(stages, key, isSoftLabels)...)
		runs = append(runs, r)
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("run directory %s holds no result: is it the one that was given to sdt.Open?", dir)
	}
	slices.SortFunc(runs, func(a, b Run) int { return byTime(a.last(), b.last()) })
	return runs, nil
}

// after returns the stages of a kind that went on from the one of a key, by the time that
// they were made.
func after(stages map[string]Stage, key string, is func(Stage) bool) (all []Stage) {
	for _, s := range stages {
		if is(s) && slices.Contains(strings.Fields(s.Provenance.Inputs.Before), key) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, byTime)
	return all
}

func isSoftLabels(s Stage) bool          { return s.SoftLabels != nil }
func isNetworkOrEvaluation(s Stage) bool { return s.SoftLabels == nil }

// byTime orders stages by when they were made.
func byTime(a, b Stage) int {
	return cmp.Or(a.Provenance.Made.Compare(b.Provenance.Made), strings.Compare(a.Key, b.Key))
}

// readStage reads the stage that an entry of a run directory is, if it is one.
func readStage(dir string, e fs.DirEntry) (s Stage, ok bool, err error) {
	name, key, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".json"), "-")
	s.path = filepath.Join(dir, e.Name())
	var into any
	switch {
	case (name == "pretrain" || name == "adapt") && isFolder(s.path):
		s.History = &History{Method: noMethod}
		into, s.path = s.History, filepath.Join(s.path, stageFile)
	case name == "soft" && key != "":
		s.SoftLabels = &SoftLabels{}
		into = s.SoftLabels
	case name == "evaluate" && key != "":
		s.Evaluation = &Evaluation{Method: noMethod}
		into = s.Evaluation
	default:
		return Stage{}, false, nil
	}
	sealed, err := readSealed(s.path)
	if errors.Is(err, fs.ErrNotExist) && s.History != nil {
		return underWay(filepath.Dir(s.path))
	}
	if err != nil {
		return Stage{}, false, err
	}
	s.Key = sealed.Key
	if err := json.Unmarshal(sealed.Record, into); err != nil {
		return Stage{}, false, fmt.Errorf("read %s: %w", s.path, err)
	}
	if s.SoftLabels != nil {
		s.SoftLabels.written = s.SoftLabels.content()
	}
	if err := json.Unmarshal(sealed.Provenance, &s.Provenance); err != nil {
		return Stage{}, false, fmt.Errorf("read %s: provenance: %w", s.path, err)
	}
	return s, true, s.hasMethod()
}

// noMethod is the method of a record that has none: the zero value is one.
const noMethod Method = -1

func (s Stage) hasMethod() error {
	if s.SoftLabels == nil && s.method() == noMethod {
		return fmt.Errorf("read %s: it does not say which method it is of: delete it, and it is made again", s.path)
	}
	return nil
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

// isFolder tells whether a path is a folder, or a link to one.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// underWay reads the checkpoint of a stage that is not done; there may be none yet.
func underWay(dir string) (s Stage, ok bool, err error) {
	s.path = filepath.Join(dir, checkpointFile)
	_, metadata, err := readTensors(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return Stage{}, false, nil
	}
	if err != nil {
		return Stage{}, false, err
	}
	s.Key, s.History = metadata["key"], &History{Method: noMethod}
	s.Under, err = strconv.Atoi(metadata["step"])
	err = errors.Join(err, json.Unmarshal([]byte(metadata["history"]), s.History), json.Unmarshal([]byte(metadata["provenance"]), &s.Provenance))
	if err != nil {
		return Stage{}, false, fmt.Errorf("read %s: %w: delete it to train again", s.path, err)
	}
	return s, true, s.hasMethod()
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
// there, as when its folder has been deleted for its size: its settings are not known.
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
	of := *c
	of.PretrainSteps = steps
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
	images, rows, err = readMistakes(filepath.Join(r.Dir, mistakesFile(s.Key)), s.Evaluation.Domain)
	if errors.Is(err, fs.ErrNotExist) {
		return Examples{}, nil, nil
	}
	return images, rows, err
}
