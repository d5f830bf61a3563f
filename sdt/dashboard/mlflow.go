package dashboard

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// metaFile describes an experiment or a run. It is JSON, which is YAML too.
const metaFile = "meta.yaml"

// WriteMLflow writes runs in the file layout of MLflow into the folder dir, MLflow's tracking
// folder ("mlruns"), which may hold experiments of others. The runs of a task form the experiment
// "sdtlab/<name of the task>". A run has its settings as parameters, its numbers as metrics
// without a loss of digits, and as tags where it comes from. It has no artifacts. A run with a
// training that is not done has the status RUNNING, the others FINISHED.
//
// MLflow reads such a folder up to version 3.12. From 3.13 on it does if MLFLOW_ALLOW_FILE_STORE
// is true, and "mlflow migrate-filestore", from 3.11 on, copies one into a database.
//
// It returns the file system's error, or one if the experiment is in MLflow's trash. Tags that
// were added in MLflow stay. A new run appears there when all its files are complete.
func WriteMLflow(dir string, runs ...sdt.Run) error {
	if err := defaultExperiment(dir, runs); err != nil {
		return fmt.Errorf("mlflow: %w", err)
	}
	for _, r := range runs {
		experiment, err := experimentFor(dir, r)
		if err == nil {
			err = writeRun(experiment, r)
		}
		for _, before := range earlier(r) {
			if err == nil {
				err = os.RemoveAll(filepath.Join(experiment, identity(before)))
			}
		}
		if err != nil {
			return fmt.Errorf("mlflow: %w", err)
		}
	}
	return nil
}

// defaultExperiment makes the experiment that MLflow has in every folder that it makes, and needs
// for runs without one, unless the folder exists.
func defaultExperiment(dir string, runs []sdt.Run) error {
	if len(runs) == 0 {
		return nil
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return writeExperiment(dir, "0", "Default", runs[0])
}

// experimentFor returns the folder of a run's experiment, which it makes if necessary.
func experimentFor(dir string, r sdt.Run) (string, error) {
	name := strings.TrimSuffix("sdtlab/"+r.Provenance().Data.Name, "/")
	sum := sha256.Sum256([]byte(name))
	const least = 1e17 // so that it has 18 digits, as MLflow's own
	id := strconv.FormatUint(least+binary.BigEndian.Uint64(sum[:])%(9*least), 10)
	if _, err := os.Stat(filepath.Join(dir, ".trash", id)); err == nil {
		return "", fmt.Errorf("the experiment %q in %s was deleted in MLflow: restore it (mlflow experiments restore --experiment-id %s) or remove it from %s", name, dir, id, filepath.Join(dir, ".trash"))
	}
	folder := filepath.Join(dir, id)
	if _, err := os.Stat(filepath.Join(folder, metaFile)); !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	return folder, writeExperiment(dir, id, name, r)
}

// writeExperiment makes an experiment, as old as its first run.
func writeExperiment(dir, id, name string, r sdt.Run) error {
	folder := filepath.Join(dir, id)
	place, err := fileURL(folder)
	if err != nil {
		return err
	}
	made := milliseconds(r.Provenance().Made)
	return writeMeta(folder, map[string]any{
		"artifact_location": place, "creation_time": made, "experiment_id": id, "last_update_time": made,
		"lifecycle_stage": "active", "name": name,
	})
}

// The numbers of MLflow's RunStatus and SourceType.
const (
	running   = 1
	finished  = 3
	localCode = 4
)

// writeRun writes a run into the folder of its experiment, meta.yaml last.
func writeRun(experiment string, r sdt.Run) error {
	folder := filepath.Join(experiment, identity(r))
	for _, kind := range []string{"artifacts", "metrics", "params", "tags"} { // MLflow wants them all
		if err := os.MkdirAll(filepath.Join(folder, kind), 0o755); err != nil {
			return err
		}
	}
	all, err := settings(r)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	for _, s := range all {
		if err := writeText(folder, "params", s.name, s.text()); err != nil {
			return err
		}
	}
	for _, s := range seriesOf(r) {
		var lines strings.Builder
		for _, p := range s.points {
			fmt.Fprintf(&lines, "%d %s %d\n", milliseconds(s.made), strconv.FormatFloat(p.value, 'g', -1, 64), p.step)
		}
		if err := writeText(folder, "metrics", s.name, lines.String()); err != nil {
			return err
		}
	}
	from := r.Provenance()
	for _, tag := range [][2]string{
		{"mlflow.runName", name(r)}, {"mlflow.source.name", from.Command}, {"mlflow.source.type", "LOCAL"},
		{"sdtlab.backend", from.Environment.Backend}, {"sdtlab.directory", r.Dir}, {"sdtlab.key", r.Key()},
		{"sdtlab.method", r.Method().String()}, {"sdtlab.protocol", from.Data.Protocol}, {"sdtlab.task", from.Data.Name},
	} {
		if tag[1] != "" {
			if err := writeText(folder, "tags", tag[0], tag[1]); err != nil {
				return err
			}
		}
	}
	artifacts, err := fileURL(filepath.Join(folder, "artifacts"))
	if err != nil {
		return err
	}
	status, end := finished, any(milliseconds(from.Made))
	if underWay(r) {
		status, end = running, nil
	}
	return writeMeta(folder, map[string]any{
		"artifact_uri": artifacts, "end_time": end, "entry_point_name": "", "experiment_id": filepath.Base(experiment),
		"lifecycle_stage": "active", "run_id": identity(r), "run_name": name(r), "run_uuid": identity(r), "source_name": "",
		"source_type": localCode, "source_version": "", "start_time": begun(r), "status": status, "tags": []string{}, "user_id": "",
	})
}

// writeText writes a parameter, a metric or a tag of a run.
func writeText(folder, kind, name, text string) error {
	path := filepath.Join(folder, kind, filepath.FromSlash(name))
	return write(folder, path, []byte(strings.ToValidUTF8(text, "\uFFFD")))
}

func writeMeta(folder string, meta map[string]any) error {
	data, err := json.MarshalIndent(meta, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return write(folder, filepath.Join(folder, metaFile), append(data, '\n'))
}

// begun returns when the first training of a run began, as far as its time without pauses says.
func begun(r sdt.Run) int64 {
	first := r.Stages[0]
	made := first.Provenance.Made
	if h := first.History; h != nil && !made.IsZero() {
		made = made.Add(-time.Duration(h.Seconds * float64(time.Second)))
	}
	return milliseconds(made)
}

// milliseconds returns a time as MLflow has it, 0 if it is unknown.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fileURL returns a folder as MLflow names it.
func fileURL(folder string) (string, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	return (&url.URL{Scheme: "file", Path: path}).String(), nil
}
