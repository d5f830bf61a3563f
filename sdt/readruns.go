package sdt

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadRuns returns what a run directory holds, in the order of each run's last result. It
// needs neither the data nor the network. It ignores files and folders that are not the
// lab's, including copies of its files. A directory without results is an error, and so is a
// file of the lab that is damaged, or written by a version that this one does not know: the
// error names the file and says what to do.
func ReadRuns(dir string) ([]Run, error) {
	stages, err := readStages(dir)
	if err != nil {
		return nil, err
	}
	var runs []Run
	for key, s := range stages {
		if s.SoftLabels != nil || len(after(stages, key, isNetworkOrEvaluation)) > 0 || beside(stages, s) {
			continue
		}
		r := Run{Dir: dir}
		r.follow(stages, key)
		r.Stages = append(r.Stages, after(stages, key, isSoftLabels)...)
		runs = append(runs, r)
	}
	if len(runs) == 0 {
		return nil, noResult(dir)
	}
	slices.SortFunc(runs, func(a, b Run) int { return byTime(a.last(), b.last()) })
	return runs, nil
}

// readStages returns the stages in a run directory, by key.
func readStages(dir string) (map[string]Stage, error) {
	if dir == "" {
		return nil, errNoDirectoryName
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &noDirectory{dir}
	case err != nil && !isFolder(dir):
		return nil, fmt.Errorf("run directory %s is a file, want a folder", dir)
	case err != nil:
		return nil, fmt.Errorf("run directory: %w", advise(err))
	}
	stages := map[string]Stage{}
	for _, e := range entries {
		s, ok, err := readStage(dir, e.Name())
		if err != nil {
			return nil, err
		}
		if ok {
			stages[s.Key] = s
		}
	}
	return stages, nil
}

// after returns the stages of a kind that continued from the one with that key, in the order
// in which they were made.
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

// beside reports whether a stage is a finished pretraining that another result makes
// redundant: an adaptation of the same network, seed and sources that did not start from any
// pretraining; or the evaluation of an adaptation that has been deleted, which may have
// started from this one.
func beside(stages map[string]Stage, s Stage) bool {
	in := s.Provenance.Inputs
	if in.Stage != "pretrain" || s.UnderWay != nil {
		return false
	}
	for _, other := range stages {
		o := other.Provenance.Inputs
		if o.Network != in.Network || o.Backend != in.Backend || !slices.Equal(sourceSums(s), sourceSums(other)) {
			continue
		}
		_, trained := stages[o.Before]
		switch {
		case o.Stage == "adapt" && o.Before == "" && o.Config.Seed == in.Config.Seed:
			return true
		case o.Stage == "evaluate" && other.method() != SourceOnly && !trained:
			return true
		}
	}
	return false
}

// sourceSums returns the fingerprints of the labelled sources of a stage's task.
func sourceSums(s Stage) (sums []string) {
	for _, set := range s.Provenance.Data.Sets {
		if set.Role == "source" {
			sums = append(sums, set.SHA256)
		}
	}
	return sums
}

// byTime orders stages by when they were made.
func byTime(a, b Stage) int {
	return cmp.Or(a.Provenance.Made.Compare(b.Provenance.Made), strings.Compare(a.Key, b.Key))
}

// errNoDirectoryName reports a run directory with the name "".
var errNoDirectoryName = errors.New("run directory: the name is empty")

// noDirectory reports a run directory that does not exist.
type noDirectory struct{ dir string }

func (e *noDirectory) Error() string { return fmt.Sprintf("run directory %s does not exist", e.dir) }
func (e *noDirectory) Unwrap() error { return fs.ErrNotExist }

// noResult returns the error for a directory without results; it names nearby ones that have
// some.
func noResult(dir string) error {
	if parent, name := filepath.Split(filepath.Clean(dir)); stageName.MatchString(name) && parent != "" {
		return fmt.Errorf("run directory %s has no results: it is a stage of the run directory %s", dir, filepath.Clean(parent))
	}
	var runs []string
	inside, _ := os.ReadDir(dir)
	for _, e := range inside {
		path := filepath.Join(dir, e.Name())
		stages, _ := os.ReadDir(path)
		if slices.ContainsFunc(stages, func(e fs.DirEntry) bool { return stageName.MatchString(e.Name()) }) {
			runs = append(runs, path)
		}
	}
	switch len(runs) {
	case 0:
		return fmt.Errorf("run directory %s has no results: check that it is the directory passed to sdt.Open", dir)
	case 1:
		return fmt.Errorf("run directory %s has no results; %s has", dir, runs[0])
	case 2:
		return fmt.Errorf("run directory %s has no results; %s and %s have", dir, runs[0], runs[1])
	}
	return fmt.Errorf("run directory %s has no results; %s, %s and %d more have", dir, runs[0], runs[1], len(runs)-2)
}
