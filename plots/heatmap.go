package plots

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// heatMapOf describes a K×K heat map over one class list, first class at the top left.
type heatMapOf struct {
	classes []string
	cells   []any    // made by at and offScale
	tooltip string   // formatter of draw.js
	lo, hi  float64  // ends of the colour scale
	text    []string // labels of its top and bottom end
	x, y    string   // names of the axes
	zero    bool     // cells without data are zero, not missing
}

// at returns a cell with the colour of value on the scale; its tooltip shows shown.
func at(row, column int, value, shown float64) any {
	return []any{column, row, number(value), number(shown)}
}

// offScale returns a cell without a colour, in a frame. The colours in the middle of the scale
// are greys: a grey cell would look like one of them.
func offScale(row, column int, shown float64) any {
	return map[string]any{"value": []any{column, row, 0, number(shown)}, "visualMap": false,
		"itemStyle": map[string]any{"color": "transparent", "borderColor": "$muted", "borderWidth": 1}}
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
	axis := func(name string, every int, label map[string]any) map[string]any {
		label["show"] = true
		label["interval"] = every - 1 // names in between are omitted, to stay legible
		return map[string]any{"type": "category", "data": h.classes, "name": name, "nameLocation": "middle",
			"axisLabel": label, "axisTick": map[string]any{"show": false}, "axisLine": map[string]any{"show": false}, "splitLine": map[string]any{"show": false}}
	}
	size := heatMapSizeOf(h.classes)
	labels, tall := size.labels, size.labels*7/8 // beside the y axis; below the x axis, at 60°
	x := axis(h.x, apart(16, size.narrow/len(h.classes)), map[string]any{"rotate": 60, "width": labels, "overflow": "truncate"})
	x["nameGap"] = tall + 16
	y := axis(h.y, apart(14, size.cells/len(h.classes)), map[string]any{"width": labels, "overflow": "truncate"})
	y["nameGap"], y["inverse"] = labels+14, true
	grid := map[string]any{"left": labels + 34, "bottom": tall + 36}
	if h.zero {
		grid["show"], grid["backgroundColor"], grid["borderWidth"] = true, cividis[0], 0
	}
	return option(chart, map[string]any{
		"xAxis": x, "yAxis": y, "grid": grid,
		"tooltip":   map[string]any{"formatter": h.tooltip},
		"visualMap": map[string]any{"min": h.lo, "max": h.hi, "dimension": 2, "itemHeight": min(180, size.cells*3/5)},
		"series":    map[string]any{"data": h.cells, "itemStyle": map[string]any{"borderWidth": 0}, "progressive": 0},
	})
}

// highest is the largest height of a drawing, in px: at two screen pixels each, what browsers
// allow for a canvas.
const highest = 16000

// pageWidth is roughly the width that notebooks and reports have for a figure, in px.
const pageWidth = 820

// besideCells is the width of a heat map's axis name and scale, in px.
const besideCells = 130

// heatMapSize is the size of the parts of a heat map, in px.
type heatMapSize struct {
	cells  int // side of the square of cells
	narrow int // least width of the cells, if the page has no room for the square
	labels int // room for the names
}

func heatMapSizeOf(classes []string) heatMapSize {
	k := len(classes)
	cells := max(120, min(highest-1000, k*min(40, max(6, 600/k))))
	return heatMapSize{cells: cells, narrow: min(cells, max(400, min(600, 16*k))),
		labels: labelWidth(classes, min(300, max(150, pageWidth-besideCells-min(cells, 480))))}
}

// apart returns how many cells of cell px each lie from one name to the next if names must be
// px apart.
func apart(px, cell int) int { return (px + max(1, cell) - 1) / max(1, cell) }

// sizes returns the height and the largest width of the drawing, which make the cells square,
// and the smallest width that is legible.
func (s heatMapSize) sizes() (height, minWidth, maxWidth int) {
	return s.cells + s.labels*7/8 + 44, s.narrow + s.labels + besideCells, s.cells + s.labels + besideCells
}
