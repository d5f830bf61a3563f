package sdt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// stageName is the name of what a stage leaves in a run directory: the folder of a training,
// the file of another stage. Whatever else lies there is the user's own, copies of ours among
// it, and is not looked at.
var stageName = regexp.MustCompile(`^(?:(pretrain|adapt)-([0-9a-f]{16})|(soft|evaluate)-([0-9a-f]{16})\.json)$`)

// readStage reads the stage that the entry of that name in a run directory is, if it is one.
// A training's folder without a result, such as a link to a folder that is gone, is none.
func readStage(dir, name string) (s Stage, ok bool, err error) {
	match := stageName.FindStringSubmatch(name)
	if match == nil {
		return Stage{}, false, nil
	}
	stage, key := match[1]+match[3], match[2]+match[4]
	path := filepath.Join(dir, name)
	s = Stage{Key: key}
	var record checked
	switch stage {
	case "soft":
		s.SoftLabels = &SoftLabels{}
		record = s.SoftLabels
	case "evaluate":
		s.Evaluation = &Evaluation{Method: noMethod}
		record = s.Evaluation
	default:
		if !isFolder(path) {
			return Stage{}, false, nil
		}
		s.History = &History{Method: noMethod}
		record = s.History
		if path = filepath.Join(path, stageFile); isAbsent(path) {
			return readCheckpoint(filepath.Join(dir, name), stage, s)
		}
	}
	if isAbsent(path) {
		return Stage{}, false, fmt.Errorf("read %s: it is a link to a file that is not there: put that back, or delete the link to make it again", path)
	}
	sealed, err := readSealed(path)
	if err != nil {
		return Stage{}, false, err
	}
	if sealed.Key != key {
		return Stage{}, false, wrongKey(path, sealed.Key, key)
	}
	if s.Provenance, err = readProvenance(sealed.Provenance, stage, key); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	if err := json.Unmarshal(sealed.Record, record); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	if s.SoftLabels != nil {
		s.SoftLabels.written = s.SoftLabels.content()
	}
	if err := s.check(record); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	return s, true, nil
}

// readCheckpoint reads into s a training under way in that folder; there may be none yet.
func readCheckpoint(folder, stage string, s Stage) (_ Stage, ok bool, err error) {
	path := filepath.Join(folder, checkpointFile)
	_, metadata, err := readTensors(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Stage{}, false, nil
	}
	if err != nil {
		return Stage{}, false, err
	}
	if metadata["key"] != s.Key {
		return Stage{}, false, wrongKey(path, metadata["key"], s.Key)
	}
	step, err := strconv.Atoi(metadata["step"])
	if err != nil || step < 0 {
		return Stage{}, false, notOurs(path, fmt.Errorf("it is of step %q", metadata["step"]))
	}
	s.UnderWay = &step
	if s.Provenance, err = readProvenance([]byte(metadata["provenance"]), stage, s.Key); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	if err := json.Unmarshal([]byte(metadata["history"]), s.History); err != nil {
		return Stage{}, false, notOurs(path, fmt.Errorf("history: %w", err))
	}
	if err := s.check(s.History); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	return s, true, nil
}

// wrongKey reports a file that holds the result of another key than its name has.
func wrongKey(path, have, want string) error {
	return fmt.Errorf("read %s: it was written under key %s, want %s: was it copied here? delete it to make it again", path, have, want)
}

// notOurs reports a file that is whole, and still no result as this version writes it.
func notOurs(path string, err error) error {
	if errors.As(err, new(*otherFormat)) {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return fmt.Errorf("read %s: %w: if a newer version of sdtlab wrote it, update this one; else delete it to make it again", path, err)
}

// isFolder tells whether a path is a folder, or a link to one.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isAbsent tells whether nothing is at a path, or a link to nothing.
func isAbsent(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
