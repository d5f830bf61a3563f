package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

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

// Comparison draws the mean accuracy in percent of each method with a bar of one
// standard error to either side, and each trial as a pale dot. With one task the
// methods stand along the axis, with several the tasks do and the methods stand
// side by side. The axis does not begin at zero. A single trial has
// neither bar nor pale dot.
//
// Tasks and methods come in the order of their first occurrence. The table is
// [ResultTable]. It panics without trials, or if a pair of task and method
// occurs twice.
func Comparison(trials ...Trials) Chart {
	tasks, methods := tasksAndMethods("Comparison", trials)
	alone := len(tasks) == 1
	axis, grouped := tasks, len(methods)
	if alone {
		axis, grouped = nil, 1
		for _, m := range methods {
			axis = append(axis, m.String())
		}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	custom := charts.NewCustom()
	custom.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(!alone), Type: "scroll", Top: "0", Left: "center", Icon: "circle"}),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "60", Top: map[bool]string{true: "16", false: "40"}[alone], Bottom: "8", ContainLabel: opts.Bool(false)}))
	for i, m := range methods {
		var data []opts.CustomData
		for j, task := range tasks {
			k := slices.IndexFunc(trials, func(t Trials) bool { return t.Task == task && t.Method == m })
			if k < 0 || len(trials[k].Accuracies) == 0 {
				continue
			}
			t := trials[k]
			slot, dodge := j, (float64(i)-float64(grouped-1)/2)/float64(grouped)*0.8
			if alone {
				slot, dodge = i, 0
			}
			mean, se := 100*t.Mean(), 100*t.StandardError()
			value := []any{slot, number(mean), number(se), len(t.Accuracies), number(dodge)}
			for _, a := range t.Accuracies {
				value = append(value, number(100*a))
				lo, hi = math.Min(lo, 100*a), math.Max(hi, 100*a)
			}
			if finite(se) {
				lo, hi = math.Min(lo, mean-se), math.Max(hi, mean+se)
			}
			data = append(data, opts.CustomData{Value: value})
		}
		custom.AddSeries(m.String(), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: methodColours(methods)[i]}),
			charts.WithEncodeOpts(opts.Encode{X: 0, Y: 1}))
	}
	lo, hi = accuracyRange(lo, hi)
	t := ResultTable(trials...)
	return Chart{
		title:    "Accuracy of the methods",
		subtitle: "Mean ± standard error; pale dots: single trials. The axis does not begin at zero.",
		summary:  summaryOf(t), height: 380, minWidth: 130 + len(axis)*max(100, 24*grouped), maxWidth: 1100, tables: []Table{t},
		option: option(custom, map[string]any{
			"xAxis": map[string]any{"type": "category", "data": axis, "name": map[bool]string{true: "method", false: "task"}[alone], "axisTick": map[string]any{"show": false},
				"axisLabel": map[string]any{"interval": 0, "show": true, "overflow": "break", "width": 96, "lineHeight": 15}},
			"yAxis": map[string]any{"type": "value", "min": lo, "max": hi, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 42,
				"splitLine": map[string]any{"show": true}},
			"tooltip": map[string]any{"formatter": "sdt.trials"},
			"series":  map[string]any{"renderItem": "sdt.errorBar", "clip": false},
			"grid":    map[string]any{"bottom": 52},
		}),
	}
}

// ResultTable returns a table of methods (rows) by tasks (columns): mean ±
// standard error in percent, the mean alone for one trial, a dash for none; with
// several tasks last the mean of the means, for methods that have them all. It
// panics as [Comparison] does.
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
			k := slices.IndexFunc(trials, func(t Trials) bool { return t.Task == task && t.Method == m })
			if k < 0 {
				row, sum = append(row, "–"), math.NaN()
				continue
			}
			cell := figure(100*trials[k].Mean(), 1)
			if se := trials[k].StandardError(); finite(se) {
				cell += " ± " + figure(100*se, 1)
			}
			row, sum = append(row, cell), sum+trials[k].Mean()
		}
		if len(tasks) > 1 {
			row = append(row, figure(100*sum/float64(len(tasks)), 1))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tasksAndMethods lists both in the order of their first occurrence.
func tasksAndMethods(caller string, trials []Trials) (tasks []string, methods []sdt.Method) {
	if len(trials) == 0 {
		panic("plots." + caller + ": no trials")
	}
	for i, t := range trials {
		if slices.ContainsFunc(trials[:i], func(o Trials) bool { return o.Task == t.Task && o.Method == t.Method }) {
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

// trialCounts says how many trials there are: "5 trials", "3 to 5 trials".
func trialCounts(trials []Trials) string {
	lo, hi := len(trials[0].Accuracies), len(trials[0].Accuracies)
	for _, t := range trials {
		lo, hi = min(lo, len(t.Accuracies)), max(hi, len(t.Accuracies))
	}
	switch {
	case lo == 1 && hi == 1:
		return "1 trial"
	case lo == hi:
		return fmt.Sprintf("%d trials", lo)
	}
	return fmt.Sprintf("%d to %d trials", lo, hi)
}

// accuracyRange widens a range of percents to round numbers within 0…100.
func accuracyRange(lo, hi float64) (float64, float64) {
	if !finite(lo) || !finite(hi) {
		return 0, 100
	}
	step := 1.0
	for _, s := range []float64{2, 5, 10, 20} {
		if hi-lo > 4*step {
			step = s
		}
	}
	pad := (hi - lo) / 20
	lo, hi = step*math.Floor((lo-pad)/step), step*math.Ceil((hi+pad)/step)
	if lo == hi {
		lo, hi = lo-5, hi+5
	}
	return math.Max(0, lo), math.Min(100, hi)
}

// summaryOf reads a short table out.
func summaryOf(t Table) string {
	var parts []string
	for _, row := range t.Rows {
		for i, cell := range row[1:] {
			parts = append(parts, fmt.Sprintf("%s, %s: %s", row[0], t.Head[i+1], cell))
		}
	}
	if len(parts) > 12 {
		parts = append(parts[:12], "and more in the table")
	}
	return strings.Join(parts, "; ") + "."
}
