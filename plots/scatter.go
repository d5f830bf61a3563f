package plots

import (
	"cmp"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Points is one group of points of a [Scatter].
type Points struct {
	Name   string       // in the legend
	XY     [][2]float64 // in the units of the axes
	Labels []string     // name of each point, for its tooltip and the table; nil: no names

	Colour, Shape int // from 1: groups with the same number share it; 0: by the group's position
}

// ScatterText is the text of a [Scatter].
type ScatterText struct {
	Title, Subtitle string // above the figure
	X, Y            string // names of the axes with their unit: "accuracy, %"
}

// pointShapes distinguish groups if colours do not.
var pointShapes = []string{"circle", "triangle", "diamond", "rect", "arrow", "roundRect"}

// Scatter draws groups of points, each with a colour and a shape. Neither axis begins at zero.
// The table has the points if they have names; otherwise it has each group's count, mean and
// standard deviation along both axes. Points that are not finite are not drawn or counted;
// named ones have a dash in the table for what is not finite.
//
// It panics if a group has labels, but not one for each point, or a colour or shape below 0.
func Scatter(text ScatterText, groups ...Points) Chart {
	scatter := charts.NewScatter()
	scatter.SetGlobalOptions(charts.WithAnimation(false), charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		symbolLegend(len(groups) > 1, ""),
		charts.WithGridOpts(opts.Grid{Left: "64", Right: "28", Top: "40", Bottom: "52"}))
	named, points := false, 0
	for _, g := range groups {
		if g.Labels != nil && len(g.Labels) != len(g.XY) {
			panic(fmt.Sprintf("plots.Scatter: group %q has %d labels for %d points", g.Name, len(g.Labels), len(g.XY)))
		}
		if g.Colour < 0 || g.Shape < 0 {
			panic(fmt.Sprintf("plots.Scatter: group %q has colour %d and shape %d, want 0 or more", g.Name, g.Colour, g.Shape))
		}
		named, points = named || g.Labels != nil, points+len(drawn(g.XY))
	}
	size := 9
	if points > 200 {
		size = 5
	}
	for i, g := range groups {
		var data []opts.ScatterData
		for j, p := range g.XY {
			if !finite(p[0]) || !finite(p[1]) {
				continue
			}
			label := ""
			if g.Labels != nil {
				label = g.Labels[j]
			}
			data = append(data, opts.ScatterData{Value: []any{number(p[0]), number(p[1]), label}})
		}
		colour, shape := cmp.Or(g.Colour, i+1)-1, cmp.Or(g.Shape, i+1)-1
		scatter.AddSeries(seriesName(g.Name), data, charts.WithItemStyleOpts(opts.ItemStyle{Color: cycle[colour%len(cycle)], Opacity: opts.Float(0.9)}),
			charts.WithSeriesOpts(func(s *charts.SingleSeries) { s.Symbol, s.SymbolSize = pointShapes[shape%len(pointShapes)], size }))
	}
	t := pointTable(text, named, groups)
	axis := func(name string, gap int) map[string]any {
		return map[string]any{"type": "value", "scale": true, "name": name, "nameLocation": "middle", "nameGap": gap, "splitLine": map[string]any{"show": true}}
	}
	return Chart{
		title: text.Title, subtitle: text.Subtitle, height: 420, minWidth: narrow, maxWidth: 760, tables: []Table{t},
		summary: fmt.Sprintf("%s in %s, %s against %s.", counted(points, "point", "points"), counted(len(groups), "group", "groups"), text.Y, text.X),
		option: option(scatter, map[string]any{"xAxis": axis(text.X, 30), "yAxis": axis(text.Y, 44),
			"tooltip": map[string]any{"formatter": "sdt.point"}}),
	}
}

// drawn returns the points that can be drawn.
func drawn(xy [][2]float64) (some [][2]float64) {
	for _, p := range xy {
		if finite(p[0]) && finite(p[1]) {
			some = append(some, p)
		}
	}
	return some
}

// pointTable returns the table of a [Scatter].
func pointTable(text ScatterText, named bool, groups []Points) Table {
	if named {
		t := Table{Caption: text.Title, Head: []string{"point", "group", text.X, text.Y}, Text: []int{1}}
		for _, g := range groups {
			for j, p := range g.XY {
				label := ""
				if g.Labels != nil {
					label = g.Labels[j]
				}
				t.Rows = append(t.Rows, []string{label, g.Name, digits(p[0]), digits(p[1])})
			}
		}
		return t
	}
	t := Table{Caption: text.Title + ": mean ± standard deviation", Head: []string{"group", "points", text.X, text.Y}}
	for _, g := range groups {
		xy := drawn(g.XY)
		row := []string{g.Name, fmt.Sprint(len(xy))}
		for a := range 2 {
			var mean, square float64
			for _, p := range xy {
				mean += p[a] / float64(len(xy))
			}
			for _, p := range xy {
				square += (p[a] - mean) * (p[a] - mean) / float64(len(xy))
			}
			cell := dash
			if len(xy) > 0 {
				cell = figure(mean, 2) + " ± " + figure(math.Sqrt(square), 2)
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
