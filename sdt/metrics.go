package sdt

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteCSV writes what runs measured as a table, one number a line, under the heads
//
//	run, directory, method, stage, key, step, class, metric, unit, value
//
// run counts from 1. step is empty but for losses and the domain classifier's accuracy
// (metrics L_C, L_D, L_conf, L_soft, discrepancy, domain accuracy), class but for what is
// of one class (accuracy, images). The overall accuracy and the mean of the classes are
// over the reported classes. A number that is none, such as the accuracy on a class
// without images, has no line. Numbers are written so that they are read back as they
// were.
//
// So are names, in quotes where they need them, with two exceptions for the programs that
// read such files: what is not UTF-8, and the character NUL, is U+FFFD; and a name that a
// spreadsheet would take for a formula, because it begins with = + - @, a tab or a carriage
// return and is no number, has an apostrophe before it. [WriteJSON] has it without.
//
// w's error is returned.
func WriteCSV(w io.Writer, runs ...Run) error {
	out := csv.NewWriter(w)
	out.Write([]string{"run", "directory", "method", "stage", "key", "step", "class", "metric", "unit", "value"}) // an error stays
	for i, r := range runs {
		for _, s := range r.Stages {
			line := func(step, class, metric, unit string, value float64) {
				if !finite(value) {
					return
				}
				out.Write([]string{strconv.Itoa(i + 1), csvName(r.Dir), r.Method().String(), s.Name(), s.Key, step, csvName(class), metric, unit,
					strconv.FormatFloat(value, 'g', -1, 64)})
			}
			if s.History != nil {
				s.History.lines(line)
			}
			if s.Evaluation != nil {
				s.Evaluation.lines(line)
			}
		}
	}
	out.Flush()
	return out.Error()
}

// csvName is a name as a field of a CSV file.
func csvName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "\uFFFD")
	if name != "" && strings.ContainsRune("=+-@\t\r", rune(name[0])) {
		if _, err := strconv.ParseFloat(name, 64); err != nil || strings.Trim(name, "+-.0123456789eE") != "" {
			return "'" + name
		}
	}
	return name
}

// lines gives each number of a history.
func (h History) lines(line func(step, class, metric, unit string, value float64)) {
	for i, step := range h.Step {
		for _, m := range measures {
			if values := m.Of(h); i < len(values) {
				line(strconv.Itoa(step), "", m.Name, m.Unit, values[i])
			}
		}
	}
	line("", "", "seconds", "s", h.Seconds)
}

// lines gives each number of an evaluation.
func (e Evaluation) lines(line func(step, class, metric, unit string, value float64)) {
	line("", "", "accuracy", "0…1", e.Accuracy())
	line("", "", "mean per class", "0…1", e.MeanPerClass())
	counts := e.Counts()
	for k, accuracy := range e.PerClass() {
		line("", e.Classes[k], "images", "images", float64(counts[k]))
		line("", e.Classes[k], "accuracy", "0…1", accuracy)
	}
}

// WriteJSON writes runs whole, as a JSON array with an object for each: the run directory,
// the method, the settings (null where they are not known, zero where one counts for nothing,
// PretrainSteps left out where it is not known), accuracy and mean of the reported classes (0…1, null where there is none), and
// each stage with where it comes from. w's error is returned.
func WriteJSON(w io.Writer, runs ...Run) error {
	type settings struct {
		*Config
		PretrainSteps int `json:",omitempty"`
	}
	type object struct {
		Run
		Method       Method    `json:"method"`
		Config       *settings `json:"config"`
		Accuracy     *float64  `json:"accuracy"`
		MeanPerClass *float64  `json:"mean_per_class"`
	}
	number := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	all := []object{}
	for _, r := range runs {
		o := object{Run: r, Method: r.Method()}
		if c := r.Config(); c != nil {
			o.Config = &settings{c, c.PretrainSteps}
		}
		if e := r.Evaluation(); e != nil {
			o.Accuracy, o.MeanPerClass = number(e.Accuracy()), number(e.MeanPerClass())
		}
		all = append(all, o)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(all)
}
