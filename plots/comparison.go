package plots

import (
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Comparison draws the mean accuracy of each method in percent, with a bar of one standard
// error to either side, and each trial as a pale dot. With one task the axis has the methods;
// with several it has the tasks, and the methods are side by side. The axis does not begin at
// zero. A single trial has neither bar nor pale dot.
//
// Tasks and methods appear in the order of their first occurrence. The table is
// [ResultTable]. If an accuracy is not finite, its mean is a dash and a gap. It panics without
// trials, or if a pair of task and method occurs twice.
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
		symbolLegend(!alone, "circle"),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "60", Top: map[bool]string{true: "16", false: "40"}[alone], Bottom: "8", ContainLabel: opts.Bool(false)}))
	for i, m := range methods {
		var data []opts.CustomData
		for j, task := range tasks {
			t, ok := find(trials, task, m)
			if !ok || len(t.Accuracies) == 0 {
				continue
			}
			slot, dodge := j, beside(i, grouped)
			if alone {
				slot, dodge = i, math.NaN()
			}
			data = append(data, errorBar(t, slot, dodge, &lo, &hi))
		}
		custom.AddSeries(m.String(), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: methodColours(methods)[i]}),
			charts.WithEncodeOpts(opts.Encode{X: 0, Y: 1}))
	}
	lo, hi = accuracyRange(lo, hi)
	px := slotName(len(axis))
	texts, lines := wrapped(axis, px)
	lines = max(2, lines)
	t := ResultTable(trials...)
	return Chart{
		title:    "Accuracy of the methods",
		subtitle: comparisonNote(trials, lo),
		summary:  summaryOf(t), height: 350 + 15*lines, minWidth: besideSlots + len(axis)*max(widestLine(texts, px)+betweenSlots, 24*grouped), maxWidth: 1100, tables: []Table{t},
		option: option(custom, map[string]any{
			"xAxis": map[string]any{"type": "category", "data": texts, "name": map[bool]string{true: "method", false: "task"}[alone], "axisTick": map[string]any{"show": false},
				"axisLabel": map[string]any{"interval": 0, "show": true, "overflow": "break", "width": px, "lineHeight": 15}},
			"yAxis": map[string]any{"type": "value", "min": lo, "max": hi, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 42,
				"splitLine": map[string]any{"show": true}},
			"tooltip": map[string]any{"formatter": "sdt.trials"},
			"series":  map[string]any{"renderItem": "sdt.errorBar", "clip": false},
			"grid":    map[string]any{"bottom": 22 + 15*lines},
		}),
	}
}

// slotName returns the room for the name of a method or task below one of n slots, in px: less
// if a page then has room for all of them.
func slotName(n int) int { return min(96, max(72, (pageWidth-besideSlots)/n-betweenSlots)) }

// besideSlots is the width of what is beside the slots, betweenSlots what is between the names of
// two, in px.
const besideSlots, betweenSlots = 130, 8

// beside returns the place of the i-th of n methods in the slot of a task, −½…½ of its width.
func beside(i, n int) float64 { return (float64(i) - float64(n-1)/2) / float64(n) * 0.8 }

// errorBar returns the data from which draw.js draws a mean, its standard error and its trials,
// in percent, and widens the range of the axis to include them. dodge is NaN for a method that
// has a slot to itself.
func errorBar(t Trials, slot int, dodge float64, lo, hi *float64) opts.CustomData {
	mean, se := 100*t.Mean(), 100*t.StandardError()
	value := []any{slot, number(mean), number(se), len(t.Accuracies), number(dodge)}
	ends := []float64{mean, mean - se, mean + se}
	for _, a := range t.Accuracies {
		value, ends = append(value, number(100*a)), append(ends, 100*a)
	}
	for _, v := range ends {
		if finite(v) {
			*lo, *hi = min(*lo, v), max(*hi, v)
		}
	}
	return opts.CustomData{Value: value}
}

// accuracyRange widens a range of percents to round numbers within 0…100.
func accuracyRange(lo, hi float64) (float64, float64) {
	least, most := min(0, lo), max(100, hi) // values outside 0…100 stay on the axis too
	lo, hi = roundRange(lo, hi)
	return max(least, lo), min(most, hi)
}

// roundRange widens a range of percents to round numbers; if the range is not finite, it
// returns 0 to 100.
func roundRange(lo, hi float64) (float64, float64) {
	if !finite(lo) || !finite(hi) || !finite(hi-lo) {
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
	if !(lo < hi) || !finite(lo) || !finite(hi) { // numbers so large that adding 5 changes nothing
		return 0, 100
	}
	return lo, hi
}

// summaryOf returns a short table as a sentence.
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

// trialsNote says how many trials there are and, if several, what is drawn.
func trialsNote(trials []Trials, several string) string {
	switch lo, hi := fewestAndMost(trials); {
	case hi > 1:
		return several + "; pale dots: single trials."
	case lo == 1:
		return "One trial each."
	case hi == 1:
		return "At most one trial each."
	}
	return "No trials."
}

// comparisonNote says what the marks mean, and if the axis does not begin at zero.
func comparisonNote(trials []Trials, lo float64) string {
	note := trialsNote(trials, "Mean ± standard error")
	if lo > 0 {
		note += " The axis does not begin at zero."
	}
	return note
}
