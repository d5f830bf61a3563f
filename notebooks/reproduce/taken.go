package main

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/sdtlab/sdtlab/sdt"
)

// shares are percentages by problem and column.
type shares map[string]map[string]float64

// sharesTaken returns, for each problem with held-out classes, the mean share of their examples
// that is classified as one of the other classes.
func sharesTaken(entries []entry) shares {
	all := map[string]map[string][]float64{}
	for _, e := range entries {
		if len(e.HeldOut) == 0 || e.Method == sdt.TargetOnly {
			continue
		}
		if all[e.Problem] == nil {
			all[e.Problem] = map[string][]float64{}
		}
		all[e.Problem][e.column] = append(all[e.Problem][e.column], 100*e.Taken)
	}
	means := shares{}
	for name, columns := range all {
		means[name] = map[string]float64{}
		for column, trials := range columns {
			means[name][column] = stat.Mean(trials, nil)
		}
	}
	return means
}

// average adds a row of averages, of the columns that all of its problems have.
func (s shares) average(row averaged) {
	all := map[string][]float64{}
	for _, name := range row.problems {
		for column, share := range s[name] {
			all[column] = append(all[column], share)
		}
	}
	s[row.name] = map[string]float64{}
	for column, of := range all {
		if len(of) == len(row.problems) {
			s[row.name][column] = stat.Mean(of, nil)
		}
	}
}

// takenNotes says the shares taken, a sentence for each problem that has any.
func (s summary) takenNotes() []string {
	var notes []string
	for _, p := range s.problems {
		var parts []string
		for _, column := range s.columns {
			if share, ok := s.taken[p.name][column]; ok {
				parts = append(parts, fmt.Sprintf("%s %.1f", column, share))
			}
		}
		if parts != nil {
			notes = append(notes, fmt.Sprintf("%s: taken for a class with labelled target images, percent: %s.", p.name, strings.Join(parts, "; ")))
		}
	}
	return notes
}
