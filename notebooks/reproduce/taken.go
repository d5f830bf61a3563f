package main

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/sdtlab/sdtlab/sdt"
)

// taken returns the share of the held-out classes' test examples, 0…1, that are classified
// as a class with labelled target examples: a network fine-tuned only on those classes errs
// towards them.
func taken(e sdt.Evaluation) float64 {
	of, n := 0, 0
	for i, y := range e.Labels {
		if !slices.Contains(e.HeldOut, int(y)) {
			continue
		}
		if n++; !slices.Contains(e.HeldOut, int(e.Predictions[i])) {
			of++
		}
	}
	return float64(of) / float64(max(n, 1))
}

// takenNotes says for each problem with held-out classes how many of their examples are
// classified as one of the others, by column: a sentence for each.
func takenNotes(entries []entry) []string {
	var problems, columns []string
	shares := map[string]map[string][]float64{}
	for _, e := range entries {
		if len(e.HeldOut) == 0 || e.Method == sdt.TargetOnly {
			continue
		}
		if shares[e.Problem] == nil {
			problems, shares[e.Problem] = append(problems, e.Problem), map[string][]float64{}
		}
		if !slices.Contains(columns, e.column) {
			columns = append(columns, e.column)
		}
		shares[e.Problem][e.column] = append(shares[e.Problem][e.column], 100*e.Taken)
	}
	var notes []string
	for _, p := range problems {
		var parts []string
		for _, column := range columns {
			if s := shares[p][column]; s != nil {
				parts = append(parts, fmt.Sprintf("%s %.1f", column, stat.Mean(s, nil)))
			}
		}
		notes = append(notes, fmt.Sprintf("%s: taken for a class with labelled target images, percent: %s.", p, strings.Join(parts, "; ")))
	}
	return notes
}
