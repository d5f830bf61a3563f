package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// wholeMatrix is the largest K whose K×K numbers are written out in full.
const wholeMatrix = 50

// SoftLabels draws the soft labels as a heat map: row k is l^(k), the class that
// images are of, column i the class that mass goes to. The colour is the
// logarithm of the mass, because the diagonal takes nearly all of it and what is
// similar to what stands in the rest. The scale ends at 1 and begins where a
// tenth of the cells lie below it, at 10⁻⁶ at the lowest.
//
// The first table lists, for each class, the mass on itself, the entropy in nats
// and the classes most similar to it; the second, up to 50 classes, holds the
// matrix in percent.
//
// It panics unless L has K rows of K numbers.
func SoftLabels(s sdt.SoftLabels) Chart {
	checkSoftLabels("SoftLabels", s)
	floor := softFloor(s.L)
	var data []opts.HeatMapData
	for k, row := range s.L {
		for i, v := range row {
			data = append(data, opts.HeatMapData{Value: []any{i, k, number(math.Max(math.Log10(v), math.Log10(floor))), number(v)}})
		}
	}
	o := heatMap(heatMapOf{classes: s.Classes, data: data, tooltip: "sdt.similar", lo: math.Log10(floor), hi: 0,
		text: []string{"100 %", percent(floor)}, x: "mass on", y: "images of", format: "sdt.power"})

	similar := Table{Caption: fmt.Sprintf("What each class resembles, by the soft labels at τ = %v", s.Temperature),
		Head: []string{"class", "images", "on itself, %", "entropy, nats", "most similar"}, Text: []int{4}}
	for k, row := range s.L {
		images := "–"
		if k < len(s.Counts) {
			images = fmt.Sprint(s.Counts[k])
		}
		similar.Rows = append(similar.Rows, []string{s.Classes[k], images, figure(100*row[k], 1), figure(entropy(row), 2), mostSimilar(s.Classes, row, k, 4)})
	}
	c := Chart{
		title:    "Soft labels: what the source network finds similar",
		subtitle: fmt.Sprintf("Row k: mean softmax at τ = %v over source images of class k. Colour: mass, on a logarithmic scale.", s.Temperature),
		summary:  fmt.Sprintf("Heat map of %d by %d classes, brightest on the diagonal.", len(s.Classes), len(s.Classes)),
		option:   o, tables: []Table{similar},
	}
	c.height, c.maxWidth = heatMapSize(s.Classes)
	if len(s.Classes) <= wholeMatrix {
		c.tables = append(c.tables, matrixTable("Soft labels, %: row, images of; column, mass on", s.Classes, s.L))
	}
	return c
}

// SoftLabelBars draws l^(k), the soft label of one class, as bars in percent on a
// logarithmic axis, largest mass first, at most 12 of the other classes.
//
// It panics if s has no such class.
func SoftLabelBars(s sdt.SoftLabels, class string) Chart {
	checkSoftLabels("SoftLabelBars", s)
	k := slices.Index(s.Classes, class)
	if k < 0 {
		panic(fmt.Sprintf("plots.SoftLabelBars: no class %q among %q", class, s.Classes))
	}
	order := bySimilarity(s.L[k], k)
	shown := append([]int{k}, order[:min(12, len(order))]...)
	t := Table{Caption: fmt.Sprintf("Soft label of %s at τ = %v", class, s.Temperature), Head: []string{"class", "mass, %"}}
	var axis []string
	var data []opts.BarData
	floor := 1.0
	for _, i := range append([]int{k}, order...) {
		t.Rows = append(t.Rows, []string{s.Classes[i], percentDigits(s.L[k][i])})
	}
	for _, i := range shown {
		axis = append(axis, s.Classes[i])
		bar := opts.BarData{Value: number(100 * s.L[k][i]), ItemStyle: &opts.ItemStyle{Color: blue}}
		if i == k {
			bar.ItemStyle.Color = grey
		}
		if v := s.L[k][i]; v > 1e-6 {
			floor = math.Min(floor, v)
		} else {
			bar.Value = gap // a logarithm has no zero
		}
		data = append(data, bar)
	}
	bar := charts.NewBar()
	bar.SetGlobalOptions(charts.WithAnimation(false), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "32", Top: "8", Bottom: "28", ContainLabel: opts.Bool(true)}))
	bar.AddSeries("mass, %", data)
	low := math.Pow(10, math.Floor(math.Log10(100*floor)))
	return Chart{
		title:    "Soft label of " + isolate(class),
		subtitle: fmt.Sprintf("Mean softmax at τ = %v over its source images; logarithmic axis.", s.Temperature),
		summary:  fmt.Sprintf("Bars: %s on itself, then %s.", percent(s.L[k][k]), mostSimilar(s.Classes, s.L[k], k, 3)),
		height:   50 + 24*len(shown), maxWidth: 640, tables: []Table{t},
		option: option(bar, map[string]any{
			"xAxis": map[string]any{"type": "log", "min": math.Min(low, 10), "max": 100, "name": "mass, %", "nameLocation": "middle", "nameGap": 26, "splitLine": map[string]any{"show": true}},
			"yAxis": map[string]any{"type": "category", "data": axis, "inverse": true, "axisTick": map[string]any{"show": false}, "axisLabel": map[string]any{"interval": 0, "show": true}},
		}),
	}
}

func checkSoftLabels(caller string, s sdt.SoftLabels) {
	if len(s.L) != len(s.Classes) || len(s.L) == 0 {
		panic(fmt.Sprintf("plots.%s: %d rows want K = %d, at least 1", caller, len(s.L), len(s.Classes)))
	}
	for k, row := range s.L {
		if len(row) != len(s.Classes) {
			panic(fmt.Sprintf("plots.%s: row %d has %d numbers want K = %d", caller, k, len(row), len(s.Classes)))
		}
	}
}

// softFloor returns the mass at which the colour scale begins.
func softFloor(l [][]float64) float64 {
	all := slices.Sorted(slices.Values(slices.Concat(l...)))
	return math.Min(0.1, math.Max(1e-6, all[len(all)/10]))
}

// bySimilarity returns the classes other than k, largest mass first.
func bySimilarity(row []float64, k int) []int {
	var order []int
	for i := range row {
		if i != k {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	return order
}

// mostSimilar lists the n classes other than k with the largest mass.
func mostSimilar(classes []string, row []float64, k, n int) string {
	var parts []string
	for _, i := range bySimilarity(row, k) {
		if len(parts) == n {
			break
		}
		parts = append(parts, isolate(classes[i])+" "+percent(row[i]))
	}
	if parts == nil {
		return "–"
	}
	return strings.Join(parts, ", ")
}

// entropy is −Σ lᵢ log lᵢ, in nats.
func entropy(l []float64) float64 {
	h := 0.0
	for _, v := range l {
		if v > 0 {
			h -= v * math.Log(v)
		}
	}
	return h
}

func percent(v float64) string { return percentDigits(v) + " %" }

// percentDigits writes a share in percent with as many decimals as it needs.
func percentDigits(v float64) string {
	switch p := 100 * v; {
	case p >= 10 || p == 0:
		return figure(p, 0+1)
	case p >= 0.1:
		return figure(p, 2)
	case math.IsNaN(p):
		return "–"
	default:
		return fmt.Sprintf("%.2g", p)
	}
}

// matrixTable writes a K×K matrix of shares, in percent.
func matrixTable(caption string, classes []string, m [][]float64) Table {
	t := Table{Caption: caption, Head: append([]string{"class"}, classes...)}
	for k, row := range m {
		cells := []string{classes[k]}
		for _, v := range row {
			cells = append(cells, percentDigits(v))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
