package plots

import (
	"fmt"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// HeldOutMistakes draws what the images of held-out classes, which have no labelled target
// image, are wrongly taken for: for each evaluation a bar of two pieces, the share of these
// images, in percent, that is taken for another held-out class, and the share that is taken
// for a class with labelled target images. What is missing to 100 % is right, and is written
// beside the evaluation's name. The table has all three shares and the count of the images.
//
// Each evaluation is drawn over its own held-out classes; without an image of them it has no
// bar, and dashes in the table. It panics as [PerClassAccuracy] does, and if an evaluation
// holds out no class.
func HeldOutMistakes(evals ...sdt.Evaluation) Chart {
	checkEvaluations("HeldOutMistakes", evals)
	names := evaluationNames(evals)
	t := Table{Caption: "What the images of held-out classes are taken for, %",
		Head: []string{"method", "images", "right", "another held-out class", "class with labelled target images"}}
	labels, among, beyond := make([]string, len(evals)), make([]opts.BarData, len(evals)), make([]opts.BarData, len(evals))
	var summary []string
	for i, e := range evals {
		if len(e.HeldOut) == 0 {
			panic(fmt.Sprintf("plots.HeldOutMistakes: evaluation %d (%s) holds out no class", i, evaluationName(e)))
		}
		n, shares := heldOutShares(e)
		row := []string{names[i], fmt.Sprint(n)}
		for _, s := range shares {
			row = append(row, figure(s, 1))
		}
		t.Rows = append(t.Rows, row)
		if labels[i] = isolate(names[i]); n > 0 {
			labels[i] += ", " + row[2] + "\u00a0%\u00a0right" // on one line
		}
		among[i], beyond[i] = mistakesBar(shares[1]), mistakesBar(shares[2])
		summary = append(summary, fmt.Sprintf("%s: %s %% right, %s %% taken for another held-out class, %s %% for a class with labelled target images", isolate(names[i]), row[2], row[3], row[4]))
	}
	c := Chart{title: "What held-out images are mistaken for", summary: strings.Join(summary, "; ") + ".", tables: []Table{t}, maxWidth: 760}
	c.subtitle = "Test images of " + domains(evals) + " in " + heldOutClasses(evals) + ": no labelled target image in training."
	c.option = heldOutMistakesBars(&c, labels, among, beyond)
	return c
}

// heldOutShares returns how many test images of an evaluation are of its held-out classes, and
// the shares of these, in percent, that are right, taken for another held-out class, and taken
// for a class that is not held out; NaN without images.
func heldOutShares(e sdt.Evaluation) (n int, shares [3]float64) {
	held := heldOut([]sdt.Evaluation{e})
	var counts [3]int
	for i, y := range e.Labels {
		if !held[y] {
			continue
		}
		n++
		switch p := e.Predictions[i]; {
		case p == y:
			counts[0]++
		case held[p]:
			counts[1]++
		default:
			counts[2]++
		}
	}
	for i, c := range counts {
		shares[i] = 100 * float64(c) / float64(n)
	}
	return n, shares
}

// mistakesBar returns a piece of a bar with its share, in percent, written in it.
func mistakesBar(share float64) opts.BarData {
	return opts.BarData{Value: number(share), Label: &opts.Label{Show: opts.Bool(true), Formatter: figure(share, 1), Position: "inside"}}
}

// heldOutClasses names the classes that the evaluations hold out.
func heldOutClasses(evals []sdt.Evaluation) string {
	if scopes := scopesOf(evals); len(scopes) == 1 {
		return counted(len(scopes[0].held), "held-out class", "held-out classes")
	}
	return "the classes that each holds out"
}

// heldOutMistakesBars returns the option for rows with these labels, and sets the size of the
// chart.
func heldOutMistakesBars(c *Chart, labels []string, among, beyond []opts.BarData) map[string]any {
	room := labelWidth(labels, 140)
	texts, lines := wrapped(labels, room)
	c.height = 112 + max(44, 14+15*lines)*len(labels)
	c.minWidth = max(narrow, room+190)
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", ValueFormatter: "sdt.percent", AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		legendOf(true, ""),
		charts.WithGridOpts(opts.Grid{Left: fmt.Sprint(room + 20), Right: "24", Top: "52", Bottom: "48"}))
	style := func(colour string) charts.SeriesOpts {
		return charts.WithItemStyleOpts(opts.ItemStyle{Color: colour, BorderColor: "rgba(128,128,128,.6)", BorderWidth: 1})
	}
	stack := charts.WithBarChartOpts(opts.BarChart{Stack: "images", BarCategoryGap: "28%"})
	bar.AddSeries("another held-out class", among, stack, style(skyBlue))
	bar.AddSeries("class with labelled target images", beyond, stack, style(orange))
	return option(bar, map[string]any{
		"xAxis": map[string]any{"type": "value", "min": 0, "name": "images of held-out classes, %", "nameLocation": "middle", "nameGap": 28, "splitLine": map[string]any{"show": true}},
		"yAxis": map[string]any{"type": "category", "data": texts, "inverse": true, "name": "method", "nameLocation": "start", "nameGap": 8, "nameTextStyle": beforeAxis,
			"axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true, "width": room + 4, "overflow": "break", "lineHeight": 15}},
		"series": map[string]any{"barMaxWidth": 30, "labelLayout": "sdt.within"},
	})
}
