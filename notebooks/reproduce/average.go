package main

import "gonum.org/v1/gonum/stat"

// percents are accuracies by problem, column and trial.
type percents map[string]map[string]map[int]float64

func (p percents) add(problem, column string, trial int, x float64) {
	if p[problem] == nil {
		p[problem] = map[string]map[int]float64{}
	}
	if p[problem][column] == nil {
		p[problem][column] = map[int]float64{}
	}
	p[problem][column][trial] = x
}

// averaged is a row of averages over problems.
type averaged struct {
	name     string
	problems []string
}

// average adds a row of averages: for each column and trial that all of its problems have, the
// mean. So its error is over trials, each a complete table. It reports whether the row has any
// value.
func (p percents) average(row averaged, columns []string) (some bool) {
	problems := row.problems
	for _, column := range columns {
		for trial := range p[problems[0]][column] {
			var all []float64
			for _, name := range problems {
				if x, ok := p[name][column][trial]; ok {
					all = append(all, x)
				}
			}
			if len(all) == len(problems) {
				p.add(row.name, column, trial, stat.Mean(all, nil))
				some = true
			}
		}
	}
	return some
}
