package plots

import (
	"fmt"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Distribution is a probability for each class.
type Distribution struct {
	Name string    // in the legend
	P    []float64 // [K], 0…1
}

// Distributions draws probabilities over all K classes in percent, the bars of the
// distributions side by side, as the paper's figure 8 does for an image's prediction and the
// soft label that it was trained with. One that has the name of a method has its colour, as in
// other figures.
//
// A probability that is not finite has no bar, and a dash in the table. It panics unless every
// distribution has a number for each class.
func Distributions(title, subtitle string, classes []string, all ...Distribution) Chart {
	labels := labelWidth(classes, 300)
	t := Table{Caption: title + ", %", Head: []string{"class"}}
	for _, class := range classes {
		t.Rows = append(t.Rows, []string{class})
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		legendOf(true, ""),
		charts.WithGridOpts(opts.Grid{Left: fmt.Sprint(max(labels, 36) + 16), Right: "32", Top: "46", Bottom: "44"}))
	var most []string
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.Name
	}
	colours := namedColours(names)
	for i, d := range all {
		if len(d.P) != len(classes) {
			panic(fmt.Sprintf("plots.Distributions: %q has %d probabilities for %d classes", d.Name, len(d.P), len(classes)))
		}
		t.Head = append(t.Head, d.Name)
		data := make([]opts.BarData, len(classes))
		for k, p := range d.P {
			data[k] = opts.BarData{Value: number(100 * p)}
			t.Rows[k] = append(t.Rows[k], percentDigits(p))
		}
		if k := largest(d.P); k >= 0 {
			most = append(most, fmt.Sprintf("%s: most on %s, %s", isolate(d.Name), isolate(classes[k]), percent(d.P[k])))
		}
		bar.AddSeries(seriesName(d.Name), data, barStyle(colours, i),
			charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "25%", BarGap: "0%"}))
	}
	return Chart{
		title: title, subtitle: subtitle, summary: strings.Join(most, "; ") + ".",
		height: min(highest, 102+9*(len(all)+1)*len(classes)), minWidth: max(narrow, labels+210), maxWidth: 760, tables: []Table{t},
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "value", "min": 0, "name": "probability, %", "nameLocation": "middle", "nameGap": 26, "splitLine": map[string]any{"show": true}},
			"yAxis": map[string]any{"type": "category", "data": classes, "inverse": true, "name": "class", "nameLocation": "start", "nameGap": 8, "nameTextStyle": beforeAxis,
				"axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true, "width": labels, "overflow": "truncate"}},
		}),
	}
}
