package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// PerClassAccuracy draws the accuracy on each class in percent, evaluations side
// by side in the order given, classes in the order of the class list, and last
// the mean over the classes that are reported on. Classes that an evaluation
// holds out are marked. A class without test images has no bar, and a dash in
// the table; the table also counts the images and gives the accuracy over them.
//
// It panics without evaluations, if their class lists differ, or if one contradicts itself:
// if it has not a prediction for each label, or a label, a prediction or a held-out class
// that is none of its classes.
func PerClassAccuracy(evals ...sdt.Evaluation) Chart { return PerClassAccuracyIn(AsGiven, evals...) }

// PerClassAccuracyIn is [PerClassAccuracy] with the classes in another order.
// Classes without test images come last.
func PerClassAccuracyIn(order Order, evals ...sdt.Evaluation) Chart {
	checkEvaluations("PerClassAccuracy", evals)
	names, held := evaluationNames(evals), heldOut(evals)
	acc := make([][]float64, len(evals)) // [evaluations][K]
	for i, e := range evals {
		acc[i] = e.PerClass()
	}
	classes := ordered(order, acc)

	t := Table{Caption: "Accuracy on each class, %", Head: []string{"class", "images"}}
	mean, overall := []string{"mean of classes", ""}, []string{"all images", ""}
	reported := ""
	if slices.Contains(held, true) {
		t.Head = slices.Insert(t.Head, 1, "held out")
		t.Text = []int{1}
		mean, overall = slices.Insert(mean, 1, ""), slices.Insert(overall, 1, "")
		reported = heldOutMark
		mean[0], overall[0] = "mean of held-out classes", "held-out images"
	}
	t.Head = append(t.Head, names...)
	var axis []any
	counts := evals[0].Counts()
	for _, k := range classes {
		row := []string{evals[0].Classes[k]}
		label := evals[0].Classes[k]
		if reported != "" {
			row = append(row, map[bool]string{true: "yes", false: ""}[held[k]])
		}
		if held[k] {
			label += heldOutMark
		}
		row = append(row, fmt.Sprint(counts[k]))
		for i := range evals {
			row = append(row, figure(100*acc[i][k], 1))
		}
		t.Rows = append(t.Rows, row)
		axis = append(axis, label)
	}
	axis = append(axis, map[string]any{"value": "mean" + reported, "textStyle": map[string]any{"fontWeight": "bold"}})

	across := len(classes) > 40 || len(classes)*len(evals) > 130 // too many bars for the width of a page
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
		mean, overall = append(mean, figure(100*e.MeanPerClass(), 1)), append(overall, figure(100*e.Accuracy(), 1))
	}
	t.Foot = [][]string{mean, overall}

	texts := []string{"mean" + heldOutMark} // of the axis, which has it in bold
	for _, k := range classes {
		texts = append(texts, evals[0].Classes[k]+map[bool]string{true: heldOutMark}[held[k]])
	}
	labels := labelWidth(texts, 260)
	// At 50° the names hang out to the left, of the first classes beyond the axis.
	left := 64
	for i, text := range texts[1:] {
		left = max(left, min(labels, textWidth(text))*9/14-14*i)
	}
	slanted := map[string]any{"interval": 0, "rotate": 50, "show": true, "width": labels, "overflow": "truncate"}
	category := map[string]any{"type": "category", "data": axis, "name": "class", "nameLocation": "end", "axisTick": map[string]any{"show": false},
		"axisLabel": slanted, "splitLine": map[string]any{"show": false}}
	value := map[string]any{"type": "value", "min": 0, "max": 100, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 38,
		"splitLine": map[string]any{"show": true}}
	more := map[string]any{"xAxis": category, "yAxis": value, "series": map[string]any{"barMaxWidth": 48}, "grid": map[string]any{"left": left, "bottom": labels*7/8 + 12}}
	height, minWidth := 330+labels*7/8, left+96+min(600-160, len(classes)*max(14, 4*len(evals)))
	if across {
		category["axisLabel"] = map[string]any{"interval": 0, "show": true, "width": labels, "overflow": "truncate"}
		category["inverse"], category["nameLocation"], category["nameGap"] = true, "start", 10
		category["nameTextStyle"] = beforeAxis
		value["nameGap"], value["position"] = 26, "top"
		more["xAxis"], more["yAxis"] = value, category
		more["grid"] = map[string]any{"top": 80, "left": labels + 20, "bottom": 8}
		minWidth = labels + 270
		height = min(highest, 90+len(axis)*max(18, 5*len(evals)+8))
	} else if flat := 112 + len(axis)*labels; flat <= 1000 {
		// Names stand beside one another where the page is wide enough for that.
		level := map[string]any{"xAxis": map[string]any{"axisLabel": map[string]any{"rotate": 0}}, "grid": map[string]any{"left": 64, "bottom": 28}}
		more["media"] = []any{map[string]any{"query": map[string]any{"minWidth": flat}, "option": level},
			map[string]any{"option": map[string]any{"xAxis": map[string]any{"axisLabel": map[string]any{"rotate": 50}}, "grid": more["grid"]}}}
		height = 340 + labels/2
	}

	c := Chart{title: "Accuracy on each class", option: option(bar, more), height: height, minWidth: minWidth, tables: []Table{t}}
	c.subtitle = "Test images of " + domains(evals) + "."
	if reported != "" {
		c.subtitle += " * held out: no labelled target image in training; the mean is over these."
	}
	switch order {
	case ByGain:
		c.subtitle += fmt.Sprintf(" Classes by the gain of %s over %s.", names[len(names)-1], names[0])
	case ByAccuracy:
		c.subtitle += fmt.Sprintf(" Classes by the accuracy of %s.", names[len(names)-1])
	}
	var means []string
	for i, e := range evals {
		means = append(means, names[i]+" "+figure(100*e.MeanPerClass(), 1)+" %")
	}
	c.summary = fmt.Sprintf("Bars for %d classes. Mean of classes: %s.", len(classes), strings.Join(means, ", "))
	return c
}

func methodsOf(evals []sdt.Evaluation) []sdt.Method {
	methods := make([]sdt.Method, len(evals))
	for i, e := range evals {
		methods[i] = e.Method
	}
	return methods
}

// domains lists the domains that were tested, each once.
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
