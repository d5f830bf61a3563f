package dashboard

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/sdtlab/sdtlab/sdt"
)

// eventFile is what TensorBoard knows an event file by: "tfevents" in its name.
const eventFile = "events.out.tfevents.sdtlab"

// WriteTensorBoard writes runs as event files in the folder dir: for each run the file
//
//	<name of the run directory>/<name of the run>/events.out.tfevents.sdtlab
//
// so that "tensorboard --logdir dir" shows them. Numbers are float32 there, as TensorBoard has
// them. The settings are in its HPARAMS tab, together with the accuracy. It returns the file
// system's error; the files of the runs before the one that failed are complete.
func WriteTensorBoard(dir string, runs ...sdt.Run) error {
	for _, r := range runs {
		folder, err := logFolder(dir, r)
		if err != nil {
			return fmt.Errorf("tensorboard: %w", err)
		}
		data, err := events(r)
		if err != nil {
			return fmt.Errorf("tensorboard: %s: %w", r.Dir, err)
		}
		err = os.MkdirAll(folder, 0o755)
		if err == nil {
			err = write(folder, filepath.Join(folder, eventFile), data)
		}
		if err != nil {
			return fmt.Errorf("tensorboard: %w", err)
		}
		for _, before := range earlier(r) {
			old, err := logFolder(dir, before)
			if err == nil {
				err = os.RemoveAll(old)
			}
			if err != nil {
				return fmt.Errorf("tensorboard: %w", err)
			}
		}
	}
	return nil
}

// logFolder returns the folder of a run's event file.
func logFolder(dir string, r sdt.Run) (string, error) {
	whole, err := filepath.Abs(r.Dir) // the name of "." is that of a folder, too
	return filepath.Join(dir, filepath.Base(whole), name(r)), err
}

// events returns the event file of a run.
func events(r sdt.Run) ([]byte, error) {
	all, err := settings(r)
	if err != nil {
		return nil, err
	}
	begun, ended := r.Stages[0].Provenance.Made, r.Provenance().Made
	file := appendRecord(nil, event(begun, 0, fileVersion, []byte("brain.Event:2")))
	if len(all) > 0 {
		file = appendRecord(file, event(begun, 0, summary, hyperparameters("session_start_info", sessionStart, started(r, begun, all))))
	}
	for _, s := range seriesOf(r) {
		for _, p := range s.points {
			var value []byte
			value = appendField(value, 1, []byte(strings.ToValidUTF8(s.name, "\uFFFD")))
			value = protowire.AppendTag(value, 2, protowire.Fixed32Type)
			value = protowire.AppendFixed32(value, math.Float32bits(float32(p.value)))
			file = appendRecord(file, event(s.made, p.step, summary, appendField(nil, 1, value)))
		}
	}
	if len(all) > 0 {
		var end []byte
		end = protowire.AppendTag(end, 1, protowire.VarintType)
		end = protowire.AppendVarint(end, uint64(statusOf(r)))
		end = appendDouble(end, 2, seconds(ended))
		file = appendRecord(file, event(ended, 0, summary, hyperparameters("session_end_info", sessionEnd, end)))
	}
	return file, nil
}

// Numbers of fields in TensorBoard's event.proto and in plugin_data.proto of its HPARAMS tab.
const (
	fileVersion  protowire.Number = 3 // of an Event
	summary      protowire.Number = 5
	sessionStart protowire.Number = 3 // of HParamsPluginData
	sessionEnd   protowire.Number = 4
)

// event returns an Event with one field more.
func event(at time.Time, step int, field protowire.Number, content []byte) []byte {
	b := appendDouble(nil, 1, seconds(at))
	b = protowire.AppendTag(b, 2, protowire.VarintType)
	b = protowire.AppendVarint(b, uint64(step))
	return appendField(b, field, content)
}

// hyperparameters returns a Summary for the HPARAMS tab, whose content is in the metadata of an
// empty tensor.
func hyperparameters(tag string, field protowire.Number, info []byte) []byte {
	plugin := appendField(appendField(nil, 1, []byte("hparams")), 2, appendField(nil, field, info))
	var value []byte
	value = appendField(value, 1, []byte("_hparams_/"+tag))
	value = appendField(value, 8, []byte("\x08\x01\x12\x02\x12\x00")) // TensorProto: float32, shape [0]
	value = appendField(value, 9, appendField(nil, 1, plugin))
	return appendField(nil, 1, value)
}

// started returns the SessionStartInfo of a run.
func started(r sdt.Run, begun time.Time, all []setting) (info []byte) {
	for _, s := range all {
		var value []byte // a google.protobuf.Value
		switch v := s.value().(type) {
		case float64:
			value = appendDouble(nil, 2, v)
		case bool:
			value = protowire.AppendTag(nil, 4, protowire.VarintType)
			value = protowire.AppendVarint(value, protowire.EncodeBool(v))
		case string:
			value = appendField(nil, 3, []byte(strings.ToValidUTF8(v, "\uFFFD")))
		}
		info = appendField(info, 1, appendField(appendField(nil, 1, []byte(s.name)), 2, value))
	}
	info = appendField(info, 4, []byte(identity(r)))
	return appendDouble(info, 5, seconds(begun))
}

// statusOf returns SUCCESS, or RUNNING for a run with a training that is not done.
func statusOf(r sdt.Run) int {
	if underWay(r) {
		return 3
	}
	return 1
}

// underWay reports whether a training of the run is not done.
func underWay(r sdt.Run) bool {
	for _, s := range r.Stages {
		if s.UnderWay != nil {
			return true
		}
	}
	return false
}

// seconds returns a time as TensorBoard has it, 0 if it is unknown.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixNano()) / 1e9
}

// appendField appends a string, bytes or a message.
func appendField(b []byte, field protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), content)
}

func appendDouble(b []byte, field protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}
