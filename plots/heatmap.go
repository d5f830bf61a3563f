package plots

import (
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// heatMapOf is a K×K heat map over one class list, first class at the top left.
type heatMapOf struct {
	classes []string
	cells   []any    // made by at and offScale
	tooltip string   // formatter of draw.js
	lo, hi  float64  // ends of the colour scale
	text    []string // at its top and bottom end
	x, y    string   // names of the axes
	zero    bool     // cells without data are zero, not missing
}

// at is a cell that the scale colours by value; the tooltip shows what is shown.
func at(row, column int, value, shown float64) any {
	return []any{column, row, number(value), number(shown)}
}

// offScale is a grey cell.
func offScale(row, column int, shown float64) any {
	return map[string]any{"value": []any{column, row, 0, number(shown)}, "visualMap": false, "itemStyle": map[string]any{"color": grey}}
}

// heatMap returns the echarts option.
func heatMap(h heatMapOf) map[string]any {
	chart := charts.NewHeatMap()
	chart.SetGlobalOptions(charts.WithAnimation(false), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}),
		charts.WithVisualMapOpts(opts.VisualMap{Type: "continuous", Calculable: opts.Bool(false), Text: h.text, Dimension: "2",
			Orient: "vertical", Right: "0", Top: "center", InRange: &opts.VisualMapInRange{Color: cividis}}),
		charts.WithGridOpts(opts.Grid{Right: "96", Top: "8", ContainLabel: opts.Bool(false)}))
	chart.AddSeries(h.y, nil)
	axis := func(name string, label map[string]any) map[string]any {
		label["show"] = true
		label["interval"] = len(h.classes) / 41 * 2 // names of so many classes are left out between two, to be legible
		return map[string]any{"type": "category", "data": h.classes, "name": name, "nameLocation": "middle",
			"axisLabel": label, "axisTick": map[string]any{"show": false}, "axisLine": map[string]any{"show": false}, "splitLine": map[string]any{"show": false}}
	}
	labels, tall := labelWidth(h.classes), labelWidth(h.classes)*7/8 // along the axis y; below the axis x, at 60°
	x := axis(h.x, map[string]any{"rotate": 60, "width": labels, "overflow": "truncate"})
	x["nameGap"] = tall + 16
	y := axis(h.y, map[string]any{"width": labels, "overflow": "truncate"})
	y["nameGap"], y["inverse"] = labels+14, true
	grid := map[string]any{"left": labels + 34, "bottom": tall + 36}
	if h.zero {
		grid["show"], grid["backgroundColor"], grid["borderWidth"] = true, cividis[0], 0
	}
	return option(chart, map[string]any{
		"xAxis": x, "yAxis": y, "grid": grid,
		"tooltip":   map[string]any{"formatter": h.tooltip},
		"visualMap": map[string]any{"min": h.lo, "max": h.hi, "dimension": 2, "itemHeight": min(180, cellsSize(h.classes)*3/5)},
		"series":    map[string]any{"data": h.cells, "itemStyle": map[string]any{"borderWidth": 0}, "progressive": 0},
	})
}

// cellsSize is the side of the square of cells, px.
func cellsSize(classes []string) int {
	return max(120, len(classes)*min(40, max(6, 600/len(classes))))
}

// heatMapSize returns the height and the largest width of the drawing, which make
// cells square, and the smallest width that can be read.
func heatMapSize(classes []string) (height, minWidth, maxWidth int) {
	cells, labels := cellsSize(classes), labelWidth(classes)
	return cells + labels*7/8 + 44, min(cells, 400) + labels + 130, cells + labels + 130
}

// labelWidth estimates the width of the longest name in a 12 px font, 150 px at
// the most, where names are cut.
func labelWidth(names []string) int {
	widest := 0
	for _, name := range names {
		w := 4
		for _, r := range name {
			switch w += 7; {
			case r >= 0x1100: // scripts that are about square
				w += 6
			case strings.ContainsRune("mwMW@%", r):
				w += 5
			}
		}
		widest = max(widest, w)
	}
	return min(widest, 150)
}
