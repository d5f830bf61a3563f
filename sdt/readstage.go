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

// stageName matches what a stage leaves in a run directory: the folder of a training, the
// file of another stage. Anything else there belongs to the user, including copies of our
// files, and is ignored.
var stageName = regexp.MustCompile(`^(?:(pretrain|adapt)-([0-9a-f]{16})|(soft|evaluate)-([0-9a-f]{16})\.json)$`)

// readStage reads the stage with that name in a run directory, if it is one. A training's
// folder without a result, such as a link to a deleted folder, is not a stage.
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
		return Stage{}, false, fmt.Errorf("read %s: it is a link to a missing file: restore that file, or delete the link to make it again", path)
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
	switch {
	case s.SoftLabels != nil:
		s.SoftLabels.written, s.SoftLabels.inputs = s.SoftLabels.content(), s.Provenance.Inputs
	case s.Evaluation != nil:
		s.Evaluation.TestSet = s.Provenance.Data.testSet()
	}
	if err := s.check(record); err != nil {
		return Stage{}, false, notOurs(path, err)
	}
	return s, true, nil
}

// readCheckpoint reads into s a training in progress in that folder; there may be none yet.
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
		return Stage{}, false, notOurs(path, fmt.Errorf("its step is %q", metadata["step"]))
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

// isAbsent reports whether there is nothing at a path, or a link to nothing.
func isAbsent(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
