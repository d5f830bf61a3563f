package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// chooser is the validator that chooses among a method's settings, in each trial from that
// trial's unlabelled target examples.
const chooser = sdt.InformationMaximization

// entries puts results into columns. The validator chooses one of a method's settings for
// the method's column; the best of them goes into the next, the oracle's. In a table of
// settings each has its own column.
func (t table) entries(results []result) []entry {
	type place struct {
		problem string
		column  string
		trial   int
	}
	var places []place
	tried := map[place][]result{}
	var all []entry
	for _, r := range results {
		p := place{r.Problem, r.Method.String() + r.Variant, r.Trial}
		if tried[p] == nil {
			places = append(places, p)
		}
		tried[p] = append(tried[p], r)
	}
	for _, p := range places {
		add := func(column string, r result, chosen bool) {
			all = append(all, entry{r, column, chosen})
		}
		settings := tried[p]
		switch {
		case settings[0].Setting == "":
			add(p.column, settings[0], false)
		case t.settings:
			for _, r := range settings {
				add(p.column+", "+r.Setting, r, false)
			}
		default:
			add(p.column, best(settings, func(r result) float64 { return r.Scores[chooser] }), true)
			add(p.column+", oracle", best(settings, func(r result) float64 { return r.Accuracy }), false)
		}
	}
	return all
}

// best returns the first of the results with the highest score.
func best(results []result, score func(result) float64) result {
	return slices.MaxFunc(results, func(a, b result) int {
		switch d := score(a) - score(b); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
}

// choiceNotes says how often the validator chose each setting, by problem and method or, for a
// table by method, by protocol and method, in one sentence; none if it chose nothing.
func choiceNotes(entries []entry, byMethod bool) []string {
	count := map[string]map[string]int{}
	for _, e := range entries {
		if !e.chosen {
			continue
		}
		name := e.Problem + ", " + e.column
		if byMethod {
			_, protocol, _ := strings.Cut(e.Problem, ", ")
			name = strings.TrimPrefix(protocol+", ", ", ") + e.column
		}
		if count[name] == nil {
			count[name] = map[string]int{}
		}
		count[name][e.Setting]++
	}
	if len(count) == 0 {
		return nil
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(count)) {
		var times []string
		for _, setting := range slices.Sorted(maps.Keys(count[name])) {
			times = append(times, fmt.Sprintf("%s in %d", setting, count[name][setting]))
		}
		parts = append(parts, name+": "+strings.Join(times, ", "))
	}
	return []string{fmt.Sprintf("Chosen by %s, which sees no target label, trial by trial; the oracle chooses by the test labels. %s.", chooser, strings.Join(parts, "; "))}
}

// with returns the cell once for each λ to choose among; without any, unchanged.
func (c cell) with(lambda ...float64) []cell {
	if len(lambda) == 0 {
		return []cell{c}
	}
	var all []cell
	for _, l := range lambda {
		c.setting, c.config.Lambda = fmt.Sprint("λ = ", l), l
		all = append(all, c)
	}
	return all
}

// tuned returns the cells, with each baseline once for each λ to choose among, unless it has
// settings: the best value varies a hundredfold between tasks, except that of CCSA, whose λ is a
// share. The paper's method has the paper's value.
func tuned(cells []cell) []cell {
	var all []cell
	for _, c := range cells {
		var lambda []float64
		if slices.Contains(sdt.Baselines(), c.method) && c.setting == "" {
			lambda = []float64{0.01, 0.1, 1}
			if c.method == sdt.CCSA { // a share: at 1 it would have no L_C
				lambda = []float64{0.1, 0.25, 0.5}
			}
		}
		all = append(all, c.with(lambda...)...)
	}
	return all
}
