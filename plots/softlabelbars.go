package plots

import (
	"fmt"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// shownSimilar is how many classes [SoftLabelBars] draws.
const shownSimilar = 12

// SoftLabelBars draws l^(k), the soft label of one class: its mass, in percent, on the 12 other
// classes that it resembles most, largest first. The mass on the class itself, many times
// larger, is in the subtitle; the table has all K.
//
// It panics if s has no such class, and as [SoftLabels] does.
func SoftLabelBars(s sdt.SoftLabels, class string) Chart {
	checkSoftLabels("SoftLabelBars", s)
	k := slices.Index(s.Classes, class)
	if k < 0 {
		panic(fmt.Sprintf("plots.SoftLabelBars: no class %q among %q", class, s.Classes))
	}
	subtitle := fmt.Sprintf("Mean softmax at τ = %s over its source images: %s on itself, the rest on what it resembles.", digits(s.Temperature), percent(s.L[k][k]))
	switch none := hasNone(s.L[k]); {
	case none && s.Given():
		subtitle = "The soft labels that were given have none for this class."
	case none:
		subtitle = "This class has no source images, and so no soft label."
	case s.Given():
		subtitle = fmt.Sprintf("Given to the training, at τ = %s, and not made from its source network: %s on itself.", digits(s.Temperature), percent(s.L[k][k]))
	}
	s = withGaps(s)
	row, order := s.L[k], bySimilarity(s.L[k], k)
	t := Table{Caption: fmt.Sprintf("Soft label of %s at τ = %s", isolate(class), digits(s.Temperature)), Head: []string{"class", "mass, %"}}
	for _, i := range append([]int{k}, order...) {
		t.Rows = append(t.Rows, []string{s.Classes[i], percentDigits(row[i])})
	}
	axis, data := []string{}, []opts.BarData{}
	for _, i := range order[:min(shownSimilar, len(order))] {
		axis = append(axis, s.Classes[i])
		data = append(data, opts.BarData{Value: number(100 * row[i])})
	}
	labels := labelWidth(axis, 300)
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithGridOpts(opts.Grid{Left: fmt.Sprint(max(labels, 36) + 16), Right: "32", Top: "24", Bottom: "44"}))
	bar.AddSeries("mass, %", data, charts.WithItemStyleOpts(opts.ItemStyle{Color: blue}), charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "30%"}))
	return Chart{
		title:    "Soft label of " + isolate(class),
		subtitle: subtitle,
		summary:  fmt.Sprintf("Bars: %s.", mostSimilar(s.Classes, row, k, 5)),
		height:   80 + 22*len(data), minWidth: max(narrow, labels+210), maxWidth: max(640, labels+490), tables: []Table{t},
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "value", "min": 0, "name": "mass, %", "nameLocation": "middle", "nameGap": 26, "splitLine": map[string]any{"show": true}},
			"yAxis": map[string]any{"type": "category", "data": axis, "inverse": true, "name": "class", "nameLocation": "start", "nameGap": 8, "nameTextStyle": beforeAxis,
				"axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true, "width": labels, "overflow": "truncate"}},
		}),
	}
}
