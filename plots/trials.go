package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// Trials are the accuracies that one method reached on one task.
type Trials struct {
	Task       string     // name: "amazon → webcam"; may be empty if there is one task
	Method     sdt.Method //
	Accuracies []float64  // one for each trial (seed or split), 0…1
}

// Mean returns the mean accuracy, 0…1; NaN without trials.
func (t Trials) Mean() float64 {
	sum := 0.0
	for _, a := range t.Accuracies {
		sum += a
	}
	return sum / float64(len(t.Accuracies))
}

// StandardError returns the standard error of the mean, s/√n with
// s² = Σ (aᵢ − mean)²/(n−1); NaN for fewer than two trials.
func (t Trials) StandardError() float64 {
	n := float64(len(t.Accuracies))
	if n < 2 {
		return math.NaN()
	}
	mean, sum := t.Mean(), 0.0
	for _, a := range t.Accuracies {
		sum += (a - mean) * (a - mean)
	}
	return math.Sqrt(sum / (n - 1) / n)
}

// percent returns mean ± standard error in percent, only the mean for a single trial.
func (t Trials) percent() string {
	text := figure(100*t.Mean(), 1)
	if se := t.StandardError(); finite(se) {
		text += " ± " + figure(100*se, 1)
	}
	return text
}

// find returns the trials of a method on a task.
func find(trials []Trials, task string, m sdt.Method) (Trials, bool) {
	i := slices.IndexFunc(trials, func(t Trials) bool { return t.Task == task && t.Method == m })
	if i < 0 {
		return Trials{}, false
	}
	return trials[i], true
}

// ResultTable returns a table of methods (rows) by tasks (columns): mean ± standard error in
// percent, only the mean for a single trial, a dash for none. With several tasks the last column
// is the mean of the means, for methods that have them all. It panics as [Comparison] does.
func ResultTable(trials ...Trials) Table {
	tasks, methods := tasksAndMethods("ResultTable", trials)
	t := Table{Caption: "Accuracy, %: mean ± standard error over " + trialCounts(trials), Head: []string{"method"}}
	for _, task := range tasks {
		if task == "" {
			task = "accuracy, %"
		}
		t.Head = append(t.Head, task)
	}
	if len(tasks) > 1 {
		t.Head = append(t.Head, "mean")
	}
	for _, m := range methods {
		row, sum := []string{m.String()}, 0.0
		for _, task := range tasks {
			t, ok := find(trials, task, m)
			if !ok {
				row, sum = append(row, "–"), math.NaN()
				continue
			}
			row, sum = append(row, t.percent()), sum+t.Mean()
		}
		if len(tasks) > 1 {
			row = append(row, figure(100*sum/float64(len(tasks)), 1))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tasksAndMethods lists tasks and methods in the order of their first occurrence.
func tasksAndMethods(caller string, trials []Trials) (tasks []string, methods []sdt.Method) {
	if len(trials) == 0 {
		panic("plots." + caller + ": no trials")
	}
	for i, t := range trials {
		if _, twice := find(trials[:i], t.Task, t.Method); twice {
			panic(fmt.Sprintf("plots.%s: trials of %q on %q occur twice", caller, t.Method, t.Task))
		}
		if !slices.Contains(tasks, t.Task) {
			tasks = append(tasks, t.Task)
		}
		if !slices.Contains(methods, t.Method) {
			methods = append(methods, t.Method)
		}
	}
	return tasks, methods
}

// fewestAndMost returns the smallest and the largest count of trials.
func fewestAndMost(trials []Trials) (lo, hi int) {
	lo = len(trials[0].Accuracies)
	for _, t := range trials {
		lo, hi = min(lo, len(t.Accuracies)), max(hi, len(t.Accuracies))
	}
	return lo, hi
}

// trialCounts says how many trials there are: "5 trials", "3 to 5 trials".
func trialCounts(trials []Trials) string {
	lo, hi := fewestAndMost(trials)
	if lo == hi {
		return counted(lo, "trial", "trials")
	}
	return fmt.Sprintf("%d to %d trials", lo, hi)
}
