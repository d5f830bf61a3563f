package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// results are the accuracies of a table, by problem and method, in order of trials.
type results struct {
	title    string
	problems []string
	methods  []sdt.Method
	accuracy map[string]map[sdt.Method][]float64 // 0…1
}

func newResults(title string) *results {
	return &results{title: title, accuracy: map[string]map[sdt.Method][]float64{}}
}

// add files one cell's accuracy.
func (r *results) add(c cell, accuracy float64) {
	if r.accuracy[c.problem] == nil {
		r.problems = append(r.problems, c.problem)
		r.accuracy[c.problem] = map[sdt.Method][]float64{}
	}
	if !slices.Contains(r.methods, c.method) {
		r.methods = append(r.methods, c.method)
	}
	r.accuracy[c.problem][c.method] = append(r.accuracy[c.problem][c.method], accuracy)
}

// markdown prints the table: a row for each problem, mean ± standard error in percent,
// and the full method's paired difference from source + target.
func (r *results) markdown(w io.Writer) error {
	text := "| " + r.title
	rule := "|---"
	for _, m := range r.methods {
		text += " | " + m.String()
		rule += "|---"
	}
	paired := slices.Contains(r.methods, sdt.Full) && slices.Contains(r.methods, sdt.SourceTarget)
	if paired {
		text += " | full − source + target"
		rule += "|---"
	}
	text += " |\n" + rule + "|\n"
	for _, p := range r.problems {
		text += "| " + p
		for _, m := range r.methods {
			text += " | " + percent(r.accuracy[p][m], "%.1f ± %.1f")
		}
		if paired {
			a, b := r.accuracy[p][sdt.Full], r.accuracy[p][sdt.SourceTarget]
			var difference []float64
			for i := range min(len(a), len(b)) {
				difference = append(difference, a[i]-b[i])
			}
			text += " | " + percent(difference, "%+.1f ± %.1f")
		}
		text += " |\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

// percent formats the mean and the standard error of x, in percent; of one value, the
// value alone.
func percent(x []float64, format string) string {
	if len(x) == 0 {
		return "–"
	}
	mean, squares := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	if len(x) == 1 {
		one, _, _ := strings.Cut(format, " ")
		return fmt.Sprintf(one, 100*mean)
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	n := float64(len(x))
	return fmt.Sprintf(format, 100*mean, 100*math.Sqrt(squares/(n-1)/n))
}
