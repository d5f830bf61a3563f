package plots

import (
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// perClassTable returns the table of [PerClassAccuracy]: acc is [evaluations][K], classes is
// the order of its rows.
func perClassTable(evals []sdt.Evaluation, names []string, acc [][]float64, classes []int) Table {
	t := Table{Caption: "Accuracy on each class, %", Head: []string{"class"}}
	scopes := scopesOf(evals)
	marked := slices.Contains(heldOut(evals), true)
	switch {
	case marked && len(scopes) > 1:
		t.Head, t.Text = append(t.Head, "held out by"), []int{1}
	case marked:
		t.Head, t.Text = append(t.Head, "held out"), []int{1}
	}
	counted := countsOf(evals)
	for i := range counted {
		head := "images"
		if len(counted) > 1 {
			head += ", " + isolate(names[i])
		}
		t.Head = append(t.Head, head)
	}
	before := len(t.Head)
	t.Head = append(t.Head, names...)
	for _, k := range classes {
		row := []string{evals[0].Classes[k]}
		if by := heldOutBy(scopes, k); marked && len(scopes) > 1 {
			row = append(row, listed(names, by))
		} else if marked {
			row = append(row, map[bool]string{true: "yes"}[len(by) > 0])
		}
		for _, counts := range counted {
			row = append(row, fmt.Sprint(counts[k]))
		}
		for i := range evals {
			row = append(row, figure(100*acc[i][k], 1))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, s := range scopes {
		over := s.classes(scopes, names)
		mean, overall := make([]string, before+len(evals)), make([]string, before+len(evals))
		mean[0], overall[0] = "mean of "+over, s.images(over)
		for i, e := range evals {
			mean[before+i], overall[before+i] = dash, dash
			if slices.Contains(s.evals, i) {
				mean[before+i], overall[before+i] = figure(100*e.MeanPerClass(), 1), figure(100*e.Accuracy(), 1)
			}
		}
		t.Foot = append(t.Foot, mean, overall)
	}
	return t
}

// countsOf returns how many test images of each class each evaluation has, [evaluations][K];
// only those of the first if all have the same.
func countsOf(evals []sdt.Evaluation) [][]int {
	var all [][]int
	for _, e := range evals {
		all = append(all, e.Counts())
	}
	if len(slices.CompactFunc(slices.Clone(all), slices.Equal[[]int])) == 1 {
		return all[:1]
	}
	return all
}
