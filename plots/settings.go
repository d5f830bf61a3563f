package plots

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// symbols are the paper's, for the settings that have one.
var symbols = map[string]string{"Lambda": "λ", "Nu": "ν", "Temperature": "τ"}

// setting is one of a run's, in words.
type setting struct{ name, value string }

// settings returns those of a run, in the order of [sdt.Config]'s fields, and what else its
// results depend on. One that is zero, or counts for nothing in the run, is a dash.
func settings(r sdt.Run) []setting {
	var all []setting
	c := reflect.ValueOf(r.Config())
	for i := range c.NumField() {
		f, v := c.Type().Field(i), c.Field(i)
		if f.Name == "Network" || f.Name == "Features" { // both are in the network's fingerprint
			continue
		}
		value := "–"
		if f64, ok := v.Interface().(float64); ok && !finite(f64) {
			value = dash
		} else if w, ok := v.Interface().(*sdt.Weights); ok && w != nil {
			value = w.Network + " " + short(w.SHA256)
		} else if f.Name == "Method" || f.Name == "Seed" || f.Name == "Optimizer" || f.Name == "Policy" || !v.IsZero() {
			value = fmt.Sprint(v.Interface())
		}
		name := f.Name
		if symbol := symbols[name]; symbol != "" {
			name = symbol + " " + name
		}
		all = append(all, setting{name, value})
	}
	in, data := r.Provenance().Inputs, r.Provenance().Data
	protocol := data.Protocol
	if protocol != "" {
		protocol += fmt.Sprintf(", seed %d", data.Seed)
	}
	return append(all, setting{"network", short(in.Network)}, setting{"back end", in.Backend},
		setting{"task", data.Name}, setting{"protocol", protocol}, setting{"data", short(in.Data)})
}

// short is the beginning of a fingerprint.
func short(sum string) string { return sum[:min(12, len(sum))] }

// Settings returns the settings of runs as two tables: those in which they differ, a column
// for each run, and those that all have. Of a single run all are in the second. It panics if
// a run has no stage.
func Settings(runs ...sdt.Run) (differing, common Table) {
	checkRuns("Settings", runs)
	differing = Table{Caption: "Settings that differ", Head: append([]string{"setting"}, RunNames(runs...)...)}
	common = Table{Caption: "Settings that all runs have", Head: []string{"setting", "value"}, Text: []int{1}}
	if len(runs) == 1 {
		common.Caption = "Settings"
	}
	for _, row := range byRow(runs) {
		switch {
		case len(slices.Compact(slices.Clone(row[1:]))) > 1:
			differing.Rows = append(differing.Rows, row)
		case row[1] != "–" && row[1] != "":
			common.Rows = append(common.Rows, row[:2])
		}
	}
	for i := range runs {
		differing.Text = append(differing.Text, i+1)
	}
	return differing, common
}

// byRow returns a row for each setting: its name, its value in each run.
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

// RunNames names runs by method; runs of one method by the settings too in which they
// differ, and by their directory; and by number where nothing tells them apart.
func RunNames(runs ...sdt.Run) []string {
	names := make([]string, len(runs))
	for i, r := range runs {
		names[i] = r.Method().String()
		var alike []sdt.Run
		for _, other := range runs {
			if other.Method() == r.Method() {
				alike = append(alike, other)
			}
		}
		var more []string
		mine := settings(r)
		for at, row := range byRow(alike) {
			if len(slices.Compact(slices.Clone(row[1:]))) > 1 {
				name, _, _ := strings.Cut(row[0], " ")
				more = append(more, name+" = "+mine[at].value)
			}
		}
		if slices.ContainsFunc(alike, func(o sdt.Run) bool { return o.Dir != r.Dir }) {
			more = append(more, "in "+filepath.Base(r.Dir))
		}
		if len(more) > 3 {
			more = append(more[:2], "…")
		}
		if len(more) > 0 {
			names[i] += ", " + strings.Join(more, ", ")
		}
	}
	return distinct(names)
}
