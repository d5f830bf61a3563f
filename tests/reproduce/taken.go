package main

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/sdtlab/sdtlab/sdt"
)

// taken returns the share of the held-out classes' test examples, 0…1, that are taken for
// a class with labelled target examples: a network that has been fine-tuned on those
// classes alone errs towards them.
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
// taken for one of the others, by method: a sentence for each.
func takenNotes(results []result) []string {
	var problems []string
	shares := map[string]map[sdt.Method][]float64{}
	var methods []sdt.Method
	for _, r := range results {
		if len(r.HeldOut) == 0 || r.Method == sdt.TargetOnly {
			continue
		}
		if shares[r.Problem] == nil {
			problems, shares[r.Problem] = append(problems, r.Problem), map[sdt.Method][]float64{}
		}
		if !slices.Contains(methods, r.Method) {
			methods = append(methods, r.Method)
		}
		shares[r.Problem][r.Method] = append(shares[r.Problem][r.Method], 100*r.Taken)
	}
	var notes []string
	for _, p := range problems {
		var parts []string
		for _, m := range methods {
			if s := shares[p][m]; s != nil {
				parts = append(parts, fmt.Sprintf("%s %.1f", m, stat.Mean(s, nil)))
			}
		}
		notes = append(notes, fmt.Sprintf("%s: taken for a class with labelled target images, percent: %s.", p, strings.Join(parts, ", ")))
	}
	return notes
}
