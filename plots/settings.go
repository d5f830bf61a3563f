package plots

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// symbols are the paper's symbols, for the settings that have one.
var symbols = map[string]string{"Lambda": "λ", "Nu": "ν", "Temperature": "τ"}

// setting is one setting of a run, in words.
type setting struct{ name, value string }

// zeroCounts are the settings for which zero is a value.
var zeroCounts = []string{"Method", "Optimizer", "Policy", "Seed"}

// settings returns the settings of a run, in the order of [sdt.Config]'s fields, and what else
// its results depend on. A setting that is zero, has no effect in the run, or is unknown is a
// dash.
func settings(r sdt.Run) []setting {
	var all []setting
	config := r.Config()
	known := config != nil
	if !known {
		config = &sdt.Config{Method: r.Method()}
	}
	c := reflect.ValueOf(*config)
	for i := range c.NumField() {
		f, v := c.Type().Field(i), c.Field(i)
		if f.Name == "Network" || f.Name == "NetworkTag" { // both are in the network's fingerprint
			continue
		}
		value := dash
		if f64, ok := v.Interface().(float64); ok && !finite(f64) {
			value = dash
		} else if w, ok := v.Interface().(*network.Weights); ok && w != nil {
			value = w.Network + " " + short(w.SHA256)
		} else if f.Name == "Patience" && v.Int() == sdt.Off {
			value = "off"
		} else if f.Name == "Method" || known && slices.Contains(zeroCounts, f.Name) || !v.IsZero() {
			value = fmt.Sprint(v.Interface())
		}
		name := f.Name
		if symbol := symbols[name]; symbol != "" {
			name = symbol + " " + name
		}
		all = append(all, setting{name, value})
	}
	p := r.Provenance()
	protocol := p.Data.Protocol
	if protocol != "" {
		protocol += fmt.Sprintf(", seed %d", p.Data.Seed)
	}
	return append(all, setting{"soft labels", cmp.Or(r.SoftLabelsFrom(), dash)}, setting{"network", short(p.Inputs.Network)}, setting{"back end", backend(p)},
		setting{"task", p.Data.Name}, setting{"protocol", protocol}, setting{"data", short(fingerprint(p.Data))})
}

// backend names the back end of a result as in $GOMLX_BACKEND. A stage's inputs have GoMLX's
// name for it, and the environment its description of itself.
func backend(p sdt.Provenance) string {
	switch p.Inputs.Backend {
	case "Go Backend":
		return "go"
	case "onnxruntime":
		if strings.Contains(p.Environment.Backend, "CUDA") {
			return "onnx:cuda"
		}
		return "onnx:cpu"
	case "xla", "xla-cpu":
		if plugin, _, ok := strings.Cut(p.Environment.Backend, " - "); ok { // "xla:cpu - PJRT …"
			return plugin
		}
	}
	return p.Inputs.Backend
}

// fingerprint returns one fingerprint of all the sets of examples and their roles.
func fingerprint(data sdt.TaskSummary) string {
	h := sha256.New()
	for _, p := range data.Sets {
		fmt.Fprintln(h, p.Role, p.SHA256)
	}
	fmt.Fprintln(h, data.HeldOut)
	return hex.EncodeToString(h.Sum(nil))
}

// short returns the beginning of a fingerprint.
func short(sum string) string { return sum[:min(12, len(sum))] }

// Settings returns the settings of runs as two tables: those that differ, and those that all
// runs share. For a single run all are in the second. The first has a column for each run, or a
// row for each if there are more runs than settings that differ. It panics if a run has no
// stage.
func Settings(runs ...sdt.Run) (differing, common Table) {
	checkRuns("Settings", runs)
	differing = Table{Caption: "Settings that differ", Head: append([]string{"setting"}, RunNames(runs...)...)}
	common = Table{Caption: "Settings that all runs have", Head: []string{"setting", "value"}, Text: []int{1}}
	if len(runs) == 1 {
		common.Caption = "Settings"
	}
	for _, row := range byRow(runs) {
		switch {
		case differs(row):
			differing.Rows = append(differing.Rows, row)
		case row[1] != "–" && row[1] != "":
			common.Rows = append(common.Rows, row[:2])
		}
	}
	if n := len(differing.Rows); n > 0 && n < len(runs) {
		differing = differing.turned("run")
	}
	for i := range differing.Head[1:] {
		differing.Text = append(differing.Text, i+1)
	}
	return differing, common
}

// turned returns the table with its columns as rows.
func (t Table) turned(first string) Table {
	rows := make([][]string, len(t.Head)-1)
	head := []string{first}
	for i := range rows {
		rows[i] = []string{t.Head[i+1]}
	}
	for _, row := range t.Rows {
		head = append(head, row[0])
		for i, value := range row[1:] {
			rows[i] = append(rows[i], value)
		}
	}
	t.Head, t.Rows = head, rows
	return t
}

// byRow returns a row for each setting: its name, then its value in each run.
func byRow(runs []sdt.Run) [][]string {
	var rows [][]string
	for _, r := range runs {
		for i, s := range settings(r) {
			if len(rows) <= i {
				rows = append(rows, []string{s.name})
			}
			rows[i] = append(rows[i], s.value)
		}
	}
	return rows
}

// differs reports whether a row's values are not all the same.
func differs(row []string) bool { return len(slices.Compact(slices.Clone(row[1:]))) > 1 }
