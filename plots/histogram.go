package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// histogramBins is how many bins a [Histogram] has.
const histogramBins = 32

// Values are the numbers of one group of a [Histogram].
type Values struct {
	Name string    // in the legend
	X    []float64 // in the unit of the axis
}

// Histogram draws how groups of numbers are distributed, as overlaid bars in 32 bins that all
// groups share: percent of each group. x names the axis with its unit. The bins lie between
// the 1st and the 99th percentile of all numbers; numbers beyond count in the outermost bins.
// Numbers that are not finite are omitted.
func Histogram(title, subtitle, x string, groups ...Values) Chart {
	var all []float64
	for _, g := range groups {
		for _, v := range g.X {
			if finite(v) {
				all = append(all, v)
			}
		}
	}
	slices.Sort(all)
	lo, hi := 0.0, 1.0
	if n := len(all); n > 0 {
		lo, hi = all[n/100], all[n-1-n/100]
	}
	if pad := max(0.5, math.Abs(lo)/1e6); lo == hi {
		lo, hi = lo-pad, hi+pad
	}
	width := max(hi/histogramBins-lo/histogramBins, math.SmallestNonzeroFloat64) // hi-lo may overflow
	axis := make([]string, histogramBins)
	for b := range axis {
		mid := lo + (float64(b)+0.5)*width
		if decimals := max(0, 1-int(math.Floor(math.Log10(width)))); decimals <= 6 {
			axis[b] = figure(mid, decimals)
		} else {
			axis[b] = digits(mid)
		}
	}
	t := Table{Caption: fmt.Sprintf("%s: percent of each group by the middle of the bin, each %s wide", title, digits(width)), Head: []string{x}}
	for _, mid := range axis {
		t.Rows = append(t.Rows, []string{mid})
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis"}),
		legendOf(true, ""),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "28", Top: "40", Bottom: "52"}))
	for i, g := range groups {
		counts, n := make([]float64, histogramBins), 0.0
		for _, v := range g.X {
			if finite(v) {
				counts[int(max(0, min(histogramBins-1, math.Floor((v-lo)/width))))]++
				n++
			}
		}
		data := make([]opts.BarData, histogramBins)
		for b, count := range counts {
			share := 100 * count / n
			data[b] = opts.BarData{Value: number(share)}
			t.Rows[b] = append(t.Rows[b], figure(share, 1))
		}
		t.Head = append(t.Head, g.Name+", %")
		bar.AddSeries(seriesName(g.Name), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: cycle[i%len(cycle)], Opacity: opts.Float(0.75)}),
			charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "10%", BarGap: "-100%"}))
	}
	return Chart{
		title: title, subtitle: subtitle, height: 320, minWidth: narrow, maxWidth: 760, tables: []Table{t},
		summary: fmt.Sprintf("%s over %d bins from %s to %s.", counted(len(groups), "group", "groups"), histogramBins, digits(lo), digits(hi)),
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "category", "data": axis, "name": x, "nameLocation": "middle", "nameGap": 30},
			"yAxis": map[string]any{"type": "value", "min": 0, "name": "share, %", "nameLocation": "middle", "nameGap": 44, "splitLine": map[string]any{"show": true}},
		}),
	}
}
