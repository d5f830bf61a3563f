package plots

import (
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/sdtlab/sdtlab/sdt"
)

// Differences draws, for each task, by how many percentage points the accuracy of each method
// exceeds that of base, trial by trial: the mean with a bar of one standard error to either
// side, and each trial as a pale dot. What trials have in common, such as an easy split,
// cancels in their differences. If all of several tasks have as many trials, the mean of the
// tasks comes last, again trial by trial. A task without base, or with base only, is omitted.
//
// The table has the means with their 95 % confidence intervals by Student's t, for two or more
// trials, and a dash for accuracies that are not finite. The i-th accuracies of two methods on
// one task form a pair. It panics if one method has more of them than the other, if there is
// no pair, or as [Comparison] does.
func Differences(base sdt.Method, trials ...Trials) Chart {
	tasksAndMethods("Differences", trials)
	pairs := paired(base, trials)
	if len(pairs) == 0 {
		panic(fmt.Sprintf("plots.Differences: no task has trials of both %v and another method", base))
	}
	tasks, methods := tasksAndMethods("Differences", pairs)
	named := distinct(append(slices.Clone(tasks), meanTask)) // a task may have this name too
	if mean := meanOfTasks(pairs, tasks, methods, named[len(tasks)]); mean != nil {
		pairs, tasks = append(pairs, mean...), named
	}
	custom := charts.NewCustom()
	custom.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		symbolLegend(true, "circle"),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "28", Top: "40", Bottom: "52"}))
	t := Table{Caption: fmt.Sprintf("Accuracy minus %s, percentage points: mean and 95 %% confidence interval over %s", base, trialCounts(pairs)), Head: []string{"task"}}
	for _, task := range tasks {
		t.Rows = append(t.Rows, []string{task})
	}
	lo, hi := 0.0, 0.0
	for i, m := range methods {
		t.Head = append(t.Head, m.String())
		var data []opts.CustomData
		for slot, task := range tasks {
			p, ok := find(pairs, task, m)
			if !ok {
				t.Rows[slot] = append(t.Rows[slot], "–")
				continue
			}
			t.Rows[slot] = append(t.Rows[slot], interval(p))
			data = append(data, errorBar(p, slot, beside(i, len(methods)), &lo, &hi))
		}
		custom.AddSeries(m.String(), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: methodColours(methods)[i]}),
			charts.WithEncodeOpts(opts.Encode{X: 0, Y: 1}), charts.WithSeriesOpts(func(s *charts.SingleSeries) {
				if i == 0 {
					s.MarkLines = referenceStyle()
					s.MarkLines.Label = &opts.Label{Show: opts.Bool(false)}
					s.MarkLines.Data = append(s.MarkLines.Data, opts.MarkLineNameYAxisItem{Name: "no difference", YAxis: 0})
				}
			}))
	}
	lo, hi = roundRange(lo, hi)
	px := slotName(len(tasks))
	texts, lines := wrapped(tasks, px)
	note := trialsNote(pairs, "Mean ± standard error of the paired differences")
	return Chart{
		title:    "Accuracy gained over " + base.String(),
		subtitle: note + " Dotted: no difference.", summary: summaryOf(t),
		height: 338 + 15*lines, minWidth: besideSlots + len(tasks)*max(widestLine(texts, px)+betweenSlots, 20*len(methods)), maxWidth: 1100, tables: []Table{t},
		option: option(custom, map[string]any{
			"xAxis": map[string]any{"type": "category", "data": texts, "name": "task", "axisTick": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false},
				"nameLocation": "middle", "nameGap": 12 + 15*lines, "axisLabel": map[string]any{"interval": 0, "show": true, "overflow": "break", "width": px, "lineHeight": 15}},
			"yAxis": map[string]any{"type": "value", "min": lo, "max": hi, "name": "difference, percentage points", "nameLocation": "middle",
				"nameGap": 42, "splitLine": map[string]any{"show": true}},
			"tooltip": map[string]any{"formatter": "sdt.differences"},
			"series":  map[string]any{"renderItem": "sdt.errorBar", "clip": false},
			"grid":    map[string]any{"bottom": 34 + 15*lines},
		}),
	}
}

// meanTask is the name of the mean of the tasks.
const meanTask = "mean of tasks"

// paired returns the differences from base as trials, 0…1.
func paired(base sdt.Method, trials []Trials) (pairs []Trials) {
	for _, t := range trials {
		b, ok := find(trials, t.Task, base)
		if !ok || t.Method == base {
			continue
		}
		if len(b.Accuracies) != len(t.Accuracies) {
			panic(fmt.Sprintf("plots.Differences: %d trials of %v on %q, want %d as for %v", len(t.Accuracies), t.Method, t.Task, len(b.Accuracies), base))
		}
		if len(b.Accuracies) == 0 {
			continue
		}
		p := Trials{Task: t.Task, Method: t.Method}
		for i, a := range t.Accuracies {
			p.Accuracies = append(p.Accuracies, a-b.Accuracies[i])
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// meanOfTasks returns for each method the mean over the tasks, trial by trial; nil if there is
// only one task, or if a method has no trials on a task or not as many.
func meanOfTasks(pairs []Trials, tasks []string, methods []sdt.Method, name string) (mean []Trials) {
	if len(tasks) < 2 {
		return nil
	}
	n := len(pairs[0].Accuracies)
	for _, m := range methods {
		all := Trials{Task: name, Method: m, Accuracies: make([]float64, n)}
		for _, task := range tasks {
			p, ok := find(pairs, task, m)
			if !ok || len(p.Accuracies) != n {
				return nil
			}
			for i, d := range p.Accuracies {
				all.Accuracies[i] += d / float64(len(tasks))
			}
		}
		mean = append(mean, all)
	}
	return mean
}

// interval returns the mean of differences and, if there are several, its 95 % confidence
// interval.
func interval(p Trials) string {
	mean, se := 100*p.Mean(), 100*p.StandardError()
	if !finite(se) || !finite(mean) {
		return signed(mean, 1)
	}
	half := se * distuv.StudentsT{Sigma: 1, Nu: float64(len(p.Accuracies) - 1)}.Quantile(0.975)
	return fmt.Sprintf("%s [%s, %s]", signed(mean, 1), signed(mean-half, 1), signed(mean+half, 1))
}
