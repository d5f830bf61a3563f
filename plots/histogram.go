package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// histogramBins is how many bins a [Histogram] has at most between the percentiles that it covers.
const histogramBins = 32

// Values are the numbers of one group of a [Histogram].
type Values struct {
	Name string    // in the legend
	X    []float64 // in the unit of the axis
}

// Histogram draws how groups of numbers are distributed, as overlaid bars in bins that all
// groups share: percent of each group. x names the axis with its unit. The bins, about 13 to 40,
// begin and end at round numbers and cover the 1st to the 99th percentile of all numbers; numbers
// beyond count in the outermost bins. Numbers that are not finite are omitted.
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
	b := binsFor(lo, hi)
	axis := make([]string, b.count)
	for i := range axis {
		if decimals := max(0, 1-int(math.Floor(math.Log10(b.width)))); decimals <= 6 {
			axis[i] = figure(b.middle(i), decimals)
		} else {
			axis[i] = digits(b.middle(i))
		}
	}
	t := Table{Caption: fmt.Sprintf("%s: percent of each group by the middle of the bin, each %s wide", title, digits(b.width)), Head: []string{x}}
	for _, mid := range axis {
		t.Rows = append(t.Rows, []string{mid})
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", ValueFormatter: "sdt.percent"}),
		legendOf(true, ""),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "28", Top: "40", Bottom: "52"}))
	for i, g := range groups {
		counts, n := make([]float64, b.count), 0.0
		for _, v := range g.X {
			if finite(v) {
				counts[b.of(v)]++
				n++
			}
		}
		data := make([]opts.BarData, b.count)
		for k, count := range counts {
			share := 100 * count / n
			data[k] = opts.BarData{Value: []any{b.middle(k), number(share)}}
			t.Rows[k] = append(t.Rows[k], figure(share, 1))
		}
		t.Head = append(t.Head, g.Name+", %")
		bar.AddSeries(seriesName(g.Name), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: cycle[i%len(cycle)], Opacity: opts.Float(0.75)}),
			charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "10%", BarGap: "-100%"}))
	}
	return Chart{
		title: title, subtitle: subtitle, height: 320, minWidth: narrow, maxWidth: 760, tables: []Table{t},
		summary: fmt.Sprintf("%s over %d bins from %s to %s.", counted(len(groups), "group", "groups"), b.count, digits(b.lo), digits(b.hi)),
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "value", "min": b.lo, "max": b.hi, "interval": b.tick, "name": x, "nameLocation": "middle", "nameGap": 30,
				"splitLine": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false}},
			"yAxis": map[string]any{"type": "value", "min": 0, "name": "share, %", "nameLocation": "middle", "nameGap": 44, "splitLine": map[string]any{"show": true}},
		}),
	}
}

// bins are the bins of a histogram, between lo and hi.
type bins struct {
	lo, hi, width float64
	tick          float64 // from one number on the axis to the next
	count         int
}

// binsFor returns bins that cover lo to hi, both finite, lo < hi: as wide as a round number, from
// one round number to another, unless the numbers are so large or so close that none are.
func binsFor(lo, hi float64) bins {
	least := max(hi/histogramBins-lo/histogramBins, math.SmallestNonzeroFloat64) // hi-lo may overflow
	plain := bins{lo, hi, least, 8 * least, histogramBins}
	if least < 1e-300 || least > 1e300 {
		return plain
	}
	unit := math.Pow(10, math.Floor(math.Log10(least)))
	for _, round := range []struct{ width, inTick float64 }{{1, 5}, {2, 5}, {5, 4}, {10, 5}} {
		width := round.width * unit
		if width < least*(1-1e-9) {
			continue
		}
		tick := round.inTick * width
		first, last := math.Floor(lo/tick), math.Ceil(hi/tick)
		if max(-first, last) > 1e9 {
			break
		}
		return bins{twelve(first * tick), twelve(last * tick), twelve(width), twelve(tick), int((last - first) * round.inTick)}
	}
	return plain
}

// twelve returns v with twelve significant digits, without those that a multiplication made up.
func twelve(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil { // the largest numbers round to infinity
		return v
	}
	return r
}

// middle returns the middle of bin i.
func (b bins) middle(i int) float64 {
	share := (float64(i) + 0.5) / float64(b.count)
	return twelve(b.lo*(1-share) + b.hi*share) // hi-lo may overflow
}

// of returns the bin of a number, which begins there if two bins meet there; numbers beyond all
// bins are in the outermost.
func (b bins) of(v float64) int {
	return int(max(0, min(float64(b.count-1), math.Floor((v-b.lo)/b.width+1e-9))))
}
