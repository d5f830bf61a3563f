package sdt

import (
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

// Run is one way through a run directory: the stages that led to a result which no other
// stage went on from.
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
	before := map[string]bool{} // keys that another stage went on from
	for _, e := range entries {
		s, ok, err := readStage(dir, e)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		stages[s.Key] = s
		for _, key := range strings.Fields(s.Provenance.Inputs.Before) {
			before[key] = true
		}
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("run directory %s holds no result: is it the one that was given to sdt.Open?", dir)
	}
	var runs []Run
	for key := range stages {
		if before[key] {
			continue
		}
		r := Run{Dir: dir}
		r.follow(stages, key)
		runs = append(runs, r)
	}
	slices.SortFunc(runs, func(a, b Run) int {
		x, y := a.last(), b.last()
		if c := x.Provenance.Made.Compare(y.Provenance.Made); c != 0 {
			return c
		}
		return strings.Compare(x.Key, y.Key)
	})
	return runs, nil
}

// readStage reads the stage that an entry of a run directory is, if it is one.
func readStage(dir string, e fs.DirEntry) (s Stage, ok bool, err error) {
	name, key, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".json"), "-")
	s.path = filepath.Join(dir, e.Name())
	var into any
	switch {
	case e.IsDir() && (name == "pretrain" || name == "adapt"):
		s.History = &History{}
		into, s.path = s.History, filepath.Join(s.path, stageFile)
	case name == "soft" && key != "":
		s.SoftLabels = &SoftLabels{}
		into = s.SoftLabels
	case name == "evaluate" && key != "":
		s.Evaluation = &Evaluation{}
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
	if err := json.Unmarshal(sealed.Provenance, &s.Provenance); err != nil {
		return Stage{}, false, fmt.Errorf("read %s: provenance: %w", s.path, err)
	}
	return s, true, nil
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
	s.Key, s.History = metadata["key"], &History{}
	s.Under, err = strconv.Atoi(metadata["step"])
	err = errors.Join(err, json.Unmarshal([]byte(metadata["history"]), s.History), json.Unmarshal([]byte(metadata["provenance"]), &s.Provenance))
	if err != nil {
		return Stage{}, false, fmt.Errorf("read %s: %w: delete it to train again", s.path, err)
	}
	return s, true, nil
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

func (r Run) last() Stage { return r.Stages[len(r.Stages)-1] }

// Provenance returns that of the run's last result.
func (r Run) Provenance() Provenance { return r.last().Provenance }

// Method returns how the run's network was trained.
func (r Run) Method() Method { return r.Config().Method }

// Config returns the settings of the run: those of its last training, and PretrainSteps of
// the first.
func (r Run) Config() Config {
	var c Config
	steps := 0
	for _, s := range r.Stages {
		if s.History != nil {
			c = s.Provenance.Inputs.Config
			steps = max(steps, c.PretrainSteps)
		}
	}
	c.PretrainSteps = steps
	return c
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
