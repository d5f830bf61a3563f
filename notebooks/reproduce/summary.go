package main

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/sdtlab/sdtlab/sdt"
)

// summary is a table: for each problem and column, which is a method or one of a method's
// settings, the combined trials.
type summary struct {
	title    string
	columns  []string
	problems []problem
	taken    shares     // of held-out classes' examples
	parts    []averaged // of a table by method: which problems are in a table together; nil: a row for each problem
	notes    []string   // sentences below
}

// problem is one row of a table.
type problem struct {
	name       string
	accuracy   map[string]estimate   // percent, by column
	difference map[string]estimate   // from source + target, trial by trial, percentage points
	published  map[sdt.Method]string // figures of others, with their mark; nil: none
}

// estimate is the mean of n trials with its standard error, and the half-width of its 95 %
// confidence interval by Student's t. For one trial, both are NaN.
type estimate struct {
	mean, standardError, halfWidth float64
	n                              int
}

// estimateOf returns the estimate of x; n is 0 if x is empty.
func estimateOf(x []float64) estimate {
	e := estimate{n: len(x), standardError: math.NaN(), halfWidth: math.NaN()}
	if len(x) == 0 {
		return e
	}
	if e.mean = stat.Mean(x, nil); len(x) == 1 {
		return e
	}
	e.standardError = stat.StdErr(stat.StdDev(x, nil), float64(len(x)))
	e.halfWidth = e.standardError * distuv.StudentsT{Sigma: 1, Nu: float64(len(x) - 1)}.Quantile(0.975)
	return e
}

// base is the column from which differences are taken.
var base = sdt.SourceTarget.String()

// summarise combines results, with problems and columns in order of appearance.
func summarise(t table, results []result) summary {
	entries := t.entries(results)
	s := summary{title: t.title, taken: sharesTaken(entries)}
	if t.byMethod {
		s.parts = t.averages
		for _, row := range t.averages {
			s.taken.average(row)
		}
	}
	var names []string
	percent := percents{}
	for _, e := range entries {
		if percent[e.Problem] == nil {
			names = append(names, e.Problem)
		}
		if !slices.Contains(s.columns, e.column) {
			s.columns = append(s.columns, e.column)
		}
		percent.add(e.Problem, e.column, e.Trial, 100*e.Accuracy)
	}
	for _, row := range t.averages {
		if percent.average(row, s.columns) {
			names = append(names, row.name)
		}
	}
	for _, name := range names {
		p := problem{name: name, accuracy: map[string]estimate{}, difference: map[string]estimate{}, published: t.published[name]}
		for column, trials := range percent[name] {
			var all, differences []float64
			for _, trial := range slices.Sorted(maps.Keys(trials)) {
				all = append(all, trials[trial])
				if b, both := percent[name][base][trial]; both && column != base {
					differences = append(differences, trials[trial]-b)
				}
			}
			p.accuracy[column], p.difference[column] = estimateOf(all), estimateOf(differences)
		}
		s.problems = append(s.problems, p)
	}
	s.notes = cappedNotes(results)
	if !t.byMethod {
		s.notes = append(s.notes, s.takenNotes()...)
	}
	s.notes = slices.Concat(s.notes, choiceNotes(entries, t.byMethod), t.notes)
	if slices.ContainsFunc(s.problems, func(p problem) bool { return p.published != nil }) {
		s.notes = append(s.notes, marks)
	}
	return s
}
