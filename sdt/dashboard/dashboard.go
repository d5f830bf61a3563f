// Package dashboard writes runs for the dashboards that a group already has: as event files of
// TensorBoard ([WriteTensorBoard]) and in the file layout of MLflow ([WriteMLflow]).
//
// Both get the numbers of [sdt.WriteCSV], under these names:
//
//	pretrain/L_C               a measure of a stage, at each step; "adapt/…" likewise
//	pretrain/seconds           of the stage's training, at step 0
//	evaluate/accuracy          over the reported classes, 0…1, at step 0
//	evaluate/mean per class    the same, averaged over the classes
//	accuracy of class/mug      0…1, at step 0
//	images of class/mug        how many test images the class has, at step 0
//
// A second stage of the same kind in a run is "adapt 2". A number that is not finite is left
// out. Names are file names in MLflow: in the name of a class, all but letters, digits, spaces
// and _ - . become _, and _ is added to one that another class has.
//
// The settings of a run ([sdt.Run.Config]) are its hyperparameters. No clock is read: the time of
// a number is that at which its stage was written, for all steps of it. The same runs give the
// same bytes in the same folder, whose path MLflow's files have.
//
// A run is called by its method and eight hexadecimal digits, which are the same in both. They
// depend on the run directory, as it was named, and on the run's key. Writing a run again
// replaces it. What was written of it before its last stage, such as before its evaluation, is
// removed. Files are replaced one by one, so that each is either the old one or the new one.
//
// Files: series and settings are what is written; tensorboard and mlflow write it; tfrecord
// frames events.
package dashboard

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"github.com/sdtlab/sdtlab/sdt"
)

// identity returns 32 hexadecimal digits that stand for a run.
func identity(r sdt.Run) string {
	sum := sha256.Sum256([]byte(filepath.ToSlash(filepath.Clean(r.Dir)) + "\x00" + r.Key()))
	return hex.EncodeToString(sum[:16])
}

// name returns what a dashboard calls a run.
func name(r sdt.Run) string { return r.Method().String() + " " + identity(r)[:8] }

// earlier returns the run as it was after each of its stages but the last.
func earlier(r sdt.Run) (all []sdt.Run) {
	for i := range r.Stages {
		if before := (sdt.Run{Dir: r.Dir, Stages: r.Stages[:i+1]}); before.Key() != r.Key() {
			all = append(all, before)
		}
	}
	return all
}

// write writes a file so that at any moment its name refers to the old or to the new one. Only in
// the folder scratch, on the same file system, can a killed program leave another file: MLflow
// takes each file among metrics for one, and TensorBoard each with "tfevents" in its name.
func write(scratch, path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(scratch, ".sdtlab-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
