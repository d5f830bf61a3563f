package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// PerClassAccuracy draws the accuracy on each class in percent, evaluations side by side in the
// given order, classes in the order of the class list, and last the mean over the reported
// classes. Classes that an evaluation holds out are marked. A class without test images has no
// bar, and a dash in the table; the table also counts the images and has the accuracy over
// them. If evaluations hold out different classes, the table says which ones do, and has a row
// of means for each set of classes. If their test images differ, it counts those of each.
//
// It panics without evaluations, if their class lists differ, or if one contradicts itself: if
// it does not have a prediction for each label, or if a label, a prediction or a held-out class
// is not one of its classes.
func PerClassAccuracy(evals ...sdt.Evaluation) Chart { return PerClassAccuracyIn(AsGiven, evals...) }

// PerClassAccuracyIn is [PerClassAccuracy] with the classes in another order.
// Classes without test images come last.
func PerClassAccuracyIn(order Order, evals ...sdt.Evaluation) Chart {
	checkEvaluations("PerClassAccuracy", evals)
	names, held, scopes := evaluationNames(evals), heldOut(evals), scopesOf(evals)
	acc := make([][]float64, len(evals)) // [evaluations][K]
	for i, e := range evals {
		acc[i] = e.PerClass()
	}
	classes := ordered(order, acc)

	axis := make([]string, 0, len(classes)+1) // the classes, and last the mean
	for _, k := range classes {
		axis = append(axis, evals[0].Classes[k]+map[bool]string{true: heldOutMark}[held[k]])
	}
	axis = append(axis, "mean"+map[bool]string{true: heldOutMark}[slices.Contains(held, true) && len(scopes) == 1])

	c := Chart{title: "Accuracy on each class", tables: []Table{perClassTable(evals, names, acc, classes)}}
	more := perClassAxes(&c, axis, len(evals))
	c.option = option(perClassBars(evals, names, acc, classes), more)
	c.subtitle = "Test images of " + domains(evals) + "." + heldOutNote(scopes, names)
	switch order {
	case ByGain:
		c.subtitle += fmt.Sprintf(" Classes by the gain of %s over %s.", names[len(names)-1], names[0])
	case ByAccuracy:
		c.subtitle += fmt.Sprintf(" Classes by the accuracy of %s.", names[len(names)-1])
	}
	var means []string
	for _, s := range scopes {
		for _, i := range s.evals {
			means = append(means, fmt.Sprintf("%s %s %%", names[i], figure(100*evals[i].MeanPerClass(), 1)))
		}
		means[len(means)-1] += " (mean of " + s.classes(scopes, names) + ")"
	}
	c.summary = fmt.Sprintf("Bars for %s. %s.", counted(len(classes), "class", "classes"), strings.Join(means, ", "))
	return c
}

// perClassBars returns bars for each class and the mean, for each evaluation.
func perClassBars(evals []sdt.Evaluation, names []string, acc [][]float64, classes []int) *charts.Bar {
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", ValueFormatter: "sdt.percent", AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		legendOf(len(evals) > 1, ""),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "48", Top: "40"}))
	colours := methodColours(methodsOf(evals))
	for i, e := range evals {
		data := make([]opts.BarData, 0, len(classes)+1)
		for _, k := range classes {
			data = append(data, opts.BarData{Value: number(100 * acc[i][k])})
		}
		data = append(data, opts.BarData{Value: number(100 * e.MeanPerClass())})
		bar.AddSeries(names[i], data, barStyle(colours, i), charts.WithBarChartOpts(opts.BarChart{BarGap: "0%", BarCategoryGap: "25%"}))
	}
	return bar
}

// perClassAxes returns the part of the option for axes with these names, the last one bold, and
// sets the size of the chart.
func perClassAxes(c *Chart, names []string, evals int) map[string]any {
	var axis []any
	for _, name := range names[:len(names)-1] {
		axis = append(axis, name)
	}
	axis = append(axis, map[string]any{"value": names[len(names)-1], "textStyle": map[string]any{"fontWeight": "bold"}})
	classes := len(names) - 1
	labels := labelWidth(append([]string{"mean" + heldOutMark}, names...), 260) // bold is wider
	// At 50° the names extend to the left, those of the first classes beyond the axis.
	left := 64
	for i, text := range names[:classes] {
		left = max(left, min(labels, textWidth(text))*9/14-14*i)
	}
	slanted := map[string]any{"interval": 0, "rotate": 50, "show": true, "width": labels, "overflow": "truncate"}
	category := map[string]any{"type": "category", "data": axis, "name": "class", "nameLocation": "end", "axisTick": map[string]any{"show": false},
		"axisLabel": slanted, "splitLine": map[string]any{"show": false}}
	value := map[string]any{"type": "value", "min": 0, "max": 100, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 38,
		"splitLine": map[string]any{"show": true}}
	more := map[string]any{"xAxis": category, "yAxis": value, "series": map[string]any{"barMaxWidth": 48}, "grid": map[string]any{"left": left, "bottom": labels*7/8 + 12}}
	c.height, c.minWidth = 330+labels*7/8, left+96+min(600-160, classes*max(14, 4*evals))
	if classes > 40 || classes*evals > 130 { // too many bars for the width of a page: horizontal bars
		category["axisLabel"] = map[string]any{"interval": 0, "show": true, "width": labels, "overflow": "truncate"}
		category["inverse"], category["nameLocation"], category["nameGap"] = true, "start", 10
		category["nameTextStyle"] = beforeAxis
		value["nameGap"], value["position"] = 26, "top"
		more["xAxis"], more["yAxis"] = value, category
		more["grid"] = map[string]any{"top": 80, "left": labels + 20, "bottom": 8}
		c.height, c.minWidth = min(highest, 90+len(axis)*max(18, 5*evals+8)), labels+270
	} else if flat := 112 + len(axis)*labels; flat <= 1000 {
		// Names are horizontal if the page is wide enough.
		level := map[string]any{"xAxis": map[string]any{"axisLabel": map[string]any{"rotate": 0}}, "grid": map[string]any{"left": 64, "bottom": 28}}
		more["media"] = []any{map[string]any{"query": map[string]any{"minWidth": flat}, "option": level},
			map[string]any{"option": map[string]any{"xAxis": map[string]any{"axisLabel": map[string]any{"rotate": 50}}, "grid": more["grid"]}}}
		c.height = 340 + labels/2
	}
	return more
}

func methodsOf(evals []sdt.Evaluation) []sdt.Method {
	methods := make([]sdt.Method, len(evals))
	for i, e := range evals {
		methods[i] = e.Method
	}
	return methods
}

// domains lists the tested domains, each once.
func domains(evals []sdt.Evaluation) string {
	var names []string
	for _, e := range evals {
		if !slices.Contains(names, e.Domain) {
			names = append(names, e.Domain)
		}
	}
	for i := range names {
		names[i] = isolate(names[i])
	}
	return strings.Join(names, ", ")
}
