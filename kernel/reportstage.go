package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gofrs/flock"
)

// A report is made in a folder of its own within the one that it is for, in which it holds a
// lock. The system drops the lock of a report that is killed, so that the next one can tell its
// folder from that of one that still runs, in another container or on another machine too.
const (
	stagePrefix = ".report-"
	stageLock   = "report.lock"
)

// stageName matches the name of such a folder.
var stageName = regexp.MustCompile(`^` + regexp.QuoteMeta(stagePrefix) + `[0-9]+$`)

// stage is the folder in which a report is made.
type stage struct {
	path string
	made []string // folders made for the report, each before the one that it is in
	lock *flock.Flock
}

// newStage makes the stage of a report in the folder out, which it makes too, and removes those
// of reports that were killed. Without an error, the caller must call remove.
func newStage(out string) (s stage, err error) {
	out = filepath.Clean(out)
	s.made = missing(out)
	defer func() {
		if err != nil {
			s.removeMade()
		}
	}()
	if err := os.MkdirAll(out, 0o755); err != nil {
		return s, err
	}
	removeKilled(out)
	for {
		if s.path, err = os.MkdirTemp(out, stagePrefix); err != nil {
			return s, err
		}
		s.lock = flock.New(filepath.Join(s.path, stageLock))
		held, err := s.lock.TryLock()
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && !held: // another report took it for a killed one's
		case err == nil && !isThere(s.lock): // and has removed it since
			s.lock.Close()
		default: // on a file system without locks, no report removes another's
			return s, nil
		}
	}
}

// remove removes the stage and, if the report failed, the folders that were made for it.
func (s stage) remove(failed bool) {
	os.RemoveAll(s.path)
	s.lock.Close()
	if failed {
		s.removeMade()
	}
}

// removeMade removes the folders made for the report that are empty.
func (s stage) removeMade() {
	for _, folder := range s.made {
		os.Remove(folder)
	}
}

// missing returns the folders that must be made for a path, each before the one that it is in.
func missing(path string) (folders []string) {
	for ; ; path = filepath.Dir(path) {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return folders
		}
		folders = append(folders, path)
	}
}

// removeKilled removes the stages in the folder out of reports that no longer run. A folder
// without the lock is not a stage, unless it is empty: then it is one of a report killed at once.
func removeKilled(out string) {
	entries, _ := os.ReadDir(out)
	for _, e := range entries {
		if !e.IsDir() || !stageName.MatchString(e.Name()) {
			continue
		}
		folder := filepath.Join(out, e.Name())
		if _, err := os.Lstat(filepath.Join(folder, stageLock)); err != nil {
			os.Remove(folder)
			continue
		}
		lock := flock.New(filepath.Join(folder, stageLock))
		if held, err := lock.TryLock(); err == nil && held {
			os.RemoveAll(folder)
			lock.Close()
		}
	}
}

// isThere reports whether the file of a lock that is held is still at its path.
func isThere(lock *flock.Flock) bool {
	held, err := lock.Stat()
	found, err2 := os.Stat(lock.Path())
	return err == nil && err2 == nil && os.SameFile(held, found)
}
