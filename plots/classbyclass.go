package plots

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// namedMistakes is how many wrong classes [ClassByClass] draws by name.
const namedMistakes = 5

// ClassByClass draws what the images of one class were taken for, as a bar of 100 % for each
// evaluation: first the share that is right, the accuracy on the class, then the five classes
// most often predicted instead, then all others together. The reader picks the class from a
// list. It starts with the class that gains most accuracy from the first evaluation to the
// last, of the held-out ones if there are any. The table counts the images and every wrong
// prediction.
//
// It panics as [PerClassAccuracy] does, and if there are no classes.
func ClassByClass(evals ...sdt.Evaluation) Chart {
	checkEvaluations("ClassByClass", evals)
	if len(evals[0].Classes) == 0 {
		panic("plots.ClassByClass: no classes")
	}
	names, held, scopes := evaluationNames(evals), heldOut(evals), scopesOf(evals)
	acc := make([][]float64, len(evals)) // [evaluations][K]
	matrices := make([][][]int, len(evals))
	for i, e := range evals {
		acc[i], matrices[i] = e.PerClass(), e.ConfusionMatrix()
	}
	c := Chart{title: "One class at a time: what its images are taken for", choices: &choices{Label: "Class"}, minWidth: 480, maxWidth: 900}
	byGain := ordered(ByGain, acc)
	c.choices.At = byGain[max(0, slices.IndexFunc(byGain, func(k int) bool { return held[k] }))]
	labels := make([]string, len(held))
	for k, class := range evals[0].Classes {
		if labels[k] = class; held[k] {
			labels[k] += heldOutMark
		}
	}
	for k := range labels {
		rows := make([][]int, len(evals))
		for i := range evals {
			rows[i] = matrices[i][k]
		}
		v := oneClass(evals, rows, names, labels, k)
		switch by := heldOutBy(scopes, k); len(by) {
		case 0:
		case len(evals):
			v.Subtitle += " * held out: no labelled target image in training."
		default:
			v.Subtitle += fmt.Sprintf(" * held out by %s: no labelled target image in that training.", listed(names, by))
		}
		c.choices.All = append(c.choices.All, v)
	}
	first := c.choices.All[c.choices.At]
	c.subtitle, c.summary, c.tables = first.Subtitle, first.Summary, c.choices.tables()
	left := labelWidth(names, 150) + 40
	texts, lines := wrapped(names, left-20)
	row := max(38, 10+15*lines)
	c.height = 118 + row*len(evals)
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", ValueFormatter: "sdt.percent"}),
		legendOf(true, ""),
		charts.WithGridOpts(opts.Grid{Left: fmt.Sprint(left), Right: "32", Top: "52", Bottom: "48"}))
	c.option = option(bar, map[string]any{
		"xAxis": map[string]any{"type": "value", "min": 0, "max": 100, "name": "images of the class, %", "nameLocation": "middle", "nameGap": 28, "splitLine": map[string]any{"show": true}},
		"yAxis": map[string]any{"type": "category", "data": texts, "inverse": true, "name": "method", "nameLocation": "start", "nameGap": 8, "nameTextStyle": beforeAxis,
			"axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true, "width": left - 16, "overflow": "break", "lineHeight": 15}},
		"series": first.Option["series"],
	})
	return c
}

// oneClass returns the version for class k. rows are what its images were taken for,
// [evaluations][K].
func oneClass(evals []sdt.Evaluation, rows [][]int, names, labels []string, k int) version {
	total := make([]int, len(labels))
	for _, row := range rows {
		for i, n := range row {
			total[i] += n
		}
	}
	var wrong []int // most frequent first
	for i, n := range total {
		if i != k && n > 0 {
			wrong = append(wrong, i)
		}
	}
	slices.SortStableFunc(wrong, func(a, b int) int { return cmp.Compare(total[b], total[a]) })
	named := wrong[:min(namedMistakes, len(wrong))]
	if len(wrong) == namedMistakes+1 {
		named = wrong // a single one is not "others"
	}
	parts := [][]int{{k}} // the classes that each piece of a bar counts
	series := []string{"right: " + labels[k]}
	colours := []string{blue}
	for i, w := range named {
		parts, series, colours = append(parts, []int{w}), append(series, labels[w]), append(colours, []string{orange, skyBlue, vermillion, purple, green, grey}[i])
	}
	if rest := wrong[len(named):]; len(rest) > 0 {
		parts, series, colours = append(parts, rest), append(series, "other classes"), append(colours, grey)
	}
	t := Table{Caption: "Images of " + isolate(labels[k]), Head: []string{"method", "images", "right", "accuracy, %", "predicted instead"}, Text: []int{4}}
	bar := charts.NewBar()
	summary := ""
	for p, name := range distinct(series) {
		data := make([]opts.BarData, len(rows))
		for i, row := range rows {
			n, all := 0, 0
			for _, class := range parts[p] {
				n += row[class]
			}
			for _, count := range row {
				all += count
			}
			share := 100 * float64(n) / float64(all) // NaN without images
			data[i] = opts.BarData{Value: number(share)}
			if share >= 9 {
				data[i].Label = &opts.Label{Show: opts.Bool(true), Formatter: "sdt.series", Position: "inside"}
			}
			if p == 0 {
				t.Rows = append(t.Rows, []string{names[i], fmt.Sprint(all), fmt.Sprint(n), figure(share, 1), predictedInstead(evals[i].Classes, row, k)})
				summary += fmt.Sprintf("%s: %s %% right. ", names[i], figure(share, 1))
			}
		}
		bar.AddSeries(name, data, charts.WithBarChartOpts(opts.BarChart{Stack: "images", BarCategoryGap: "28%"}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: colours[p], BorderColor: "rgba(128,128,128,.6)", BorderWidth: 1}))
	}
	return version{Name: labels[k], Subtitle: fmt.Sprintf("Test images of %s that show %s.", domains(evals), isolate(evals[0].Classes[k])), Summary: "Bars for images of " + isolate(labels[k]) + ". " + summary,
		Option: map[string]any{"series": option(bar, map[string]any{"series": map[string]any{"barMaxWidth": 30,
			"label": map[string]any{"overflow": "truncate"}, "labelLayout": "sdt.within"}})["series"]}, Tables: []Table{t}}
}
