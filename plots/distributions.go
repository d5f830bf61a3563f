package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Distribution is a probability for each class.
type Distribution struct {
	Name string    // in the legend
	P    []float64 // [K], 0…1
}

// Distributions draws probabilities over all K classes, one bar for each distribution side
// by side, in percent, as the paper's figure 8 does with an image's prediction and the soft
// label that taught it.
//
// It panics if a distribution has not a number for each class.
func Distributions(title, subtitle string, classes []string, all ...Distribution) Chart {
	t := Table{Caption: title + ", %", Head: []string{"class"}}
	for _, class := range classes {
		t.Rows = append(t.Rows, []string{class})
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Type: "scroll", Top: "0", Left: "center"}),
		charts.WithGridOpts(opts.Grid{Left: fmt.Sprint(max(labelWidth(classes), 36) + 16), Right: "32", Top: "40", Bottom: "44"}))
	var most []string
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
		if len(classes) > 0 {
			k := slices.Index(d.P, slices.Max(d.P))
			most = append(most, fmt.Sprintf("%s: most on %s, %s", d.Name, isolate(classes[max(k, 0)]), percent(d.P[max(k, 0)])))
		}
		bar.AddSeries(d.Name, data, charts.WithItemStyleOpts(opts.ItemStyle{Color: cycle[i%len(cycle)]}),
			charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "25%", BarGap: "0%"}))
	}
	return Chart{
		title: title, subtitle: subtitle, summary: strings.Join(most, "; ") + ".",
		height: 96 + 9*(len(all)+1)*len(classes), minWidth: 360, maxWidth: 760, tables: []Table{t},
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "value", "min": 0, "name": "probability, %", "nameLocation": "middle", "nameGap": 26, "splitLine": map[string]any{"show": true}},
			"yAxis": map[string]any{"type": "category", "data": classes, "inverse": true, "name": "class", "nameLocation": "start", "nameGap": 8, "nameTextStyle": beforeAxis,
				"axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true, "width": 150, "overflow": "truncate"}},
		}),
	}
}
