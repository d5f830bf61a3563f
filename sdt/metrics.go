package sdt

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteCSV writes what runs measured as a table with one number per line and the columns
//
//	run, directory, method, stage, key, step, class, metric, unit, value
//
// run counts from 1. step is empty except for losses and the domain classifier's accuracy
// (metrics L_C, L_D, L_conf, L_soft, discrepancy, domain accuracy), class is empty except
// for metrics of one class (accuracy, images). The overall accuracy and the mean per class
// are over the reported classes. A number that is not finite, such as the accuracy on a
// class without images, has no line. Numbers are written so that reading them returns the
// same values.
//
// The same holds for names, which are quoted where necessary, with two exceptions for the
// programs that read such files. Bytes that are not UTF-8, and the character NUL, become
// U+FFFD. A name that a spreadsheet would take for a formula, because it begins with = + - @,
// a tab or a carriage return and is not a number, gets an apostrophe in front. [WriteJSON]
// does without these.
//
// It returns w's error.
func WriteCSV(w io.Writer, runs ...Run) error {
	out := csv.NewWriter(w)
	out.Write([]string{"run", "directory", "method", "stage", "key", "step", "class", "metric", "unit", "value"}) // csv.Writer keeps the error
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

// csvName returns a name as a field of a CSV file.
func csvName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "\uFFFD")
	if name != "" && strings.ContainsRune("=+-@\t\r", rune(name[0])) {
		if _, err := strconv.ParseFloat(name, 64); err != nil || strings.Trim(name, "+-.0123456789eE") != "" {
			return "'" + name
		}
	}
	return name
}

// lines calls line for each number of a history.
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

// lines calls line for each number of an evaluation.
func (e Evaluation) lines(line func(step, class, metric, unit string, value float64)) {
	line("", "", "accuracy", "0…1", e.Accuracy())
	line("", "", "mean per class", "0…1", e.MeanPerClass())
	counts := e.Counts()
	for k, accuracy := range e.PerClass() {
		line("", e.Classes[k], "images", "images", float64(counts[k]))
		line("", e.Classes[k], "accuracy", "0…1", accuracy)
	}
}

// WriteJSON writes complete runs as a JSON array with an object for each: the run directory;
// the method; the settings (null if unknown, zero if one has no effect, PretrainSteps omitted
// if unknown); accuracy and mean of the reported classes (0…1, null if there is none); and
// each stage with its provenance. It returns w's error.
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
