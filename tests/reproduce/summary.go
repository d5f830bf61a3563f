package main

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/sdtlab/sdtlab/sdt"
)

// summary is a table: of each problem and method, what the trials say together.
type summary struct {
	title    string
	methods  []sdt.Method
	problems []problem
	notes    []string // sentences below
}

// problem is one row of a table.
type problem struct {
	name       string
	accuracy   map[sdt.Method]estimate // percent
	difference map[sdt.Method]estimate // from source + target, trial by trial, percentage points
	published  map[sdt.Method]string   // figures of others, with their mark; nil: none
}

// estimate is the mean of n trials with its standard error, and the half-width of its
// 95 % confidence interval by Student's t. Of one trial, both are NaN.
type estimate struct {
	mean, standardError, halfWidth float64
	n                              int
}

// estimateOf returns the estimate of x; of nothing, n is 0.
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

// percents are accuracies by problem, method and trial.
type percents map[string]map[sdt.Method]map[int]float64

func (p percents) add(problem string, m sdt.Method, trial int, x float64) {
	if p[problem] == nil {
		p[problem] = map[sdt.Method]map[int]float64{}
	}
	if p[problem][m] == nil {
		p[problem][m] = map[int]float64{}
	}
	p[problem][m][trial] = x
}

// summarise puts results together, problems and methods in the order in which they come.
func summarise(t table, results []result) summary {
	s := summary{title: t.title, notes: slices.Concat(cappedNotes(results), t.notes)}
	var names []string
	percent := percents{}
	for _, r := range results {
		if percent[r.Problem] == nil {
			names = append(names, r.Problem)
		}
		if !slices.Contains(s.methods, r.Method) {
			s.methods = append(s.methods, r.Method)
		}
		percent.add(r.Problem, r.Method, r.Trial, 100*r.Accuracy)
	}
	if percent.average(t.average, s.methods) {
		names = append(names, averageRow)
	}
	for _, name := range names {
		p := problem{name: name, accuracy: map[sdt.Method]estimate{}, difference: map[sdt.Method]estimate{}, published: t.published[name]}
		base := percent[name][sdt.SourceTarget]
		for m, trials := range percent[name] {
			var all, differences []float64
			for _, trial := range slices.Sorted(maps.Keys(trials)) {
				all = append(all, trials[trial])
				if b, both := base[trial]; both && m != sdt.SourceTarget {
					differences = append(differences, trials[trial]-b)
				}
			}
			p.accuracy[m], p.difference[m] = estimateOf(all), estimateOf(differences)
		}
		s.problems = append(s.problems, p)
	}
	if slices.ContainsFunc(s.problems, func(p problem) bool { return p.published != nil }) {
		s.notes = append(s.notes, marks)
	}
	return s
}
