package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

const (
	shownValues   = 400 // of a raw curve; its extremes are kept
	shownMeans    = 200 // of a running mean
	shownRows     = 21  // of the table
	smoothedSteps = 100 // shortest history that gets a running mean
)

// curve is one measured quantity of a [sdt.History].
type curve struct {
	symbol string // as in the paper
	panel  int
	colour string
	dash   string // echarts line type where histories have colours of their own
	scale  float64
	unit   string
	values func(sdt.History) []float64
}

var curves = []curve{
	{"L_C", 0, blue, "solid", 1, "nats", func(h sdt.History) []float64 { return h.ClassLoss }},
	{"L_soft", 0, green, "dashed", 1, "nats", func(h sdt.History) []float64 { return h.SoftLoss }},
	{"L_D", 1, orange, "dashed", 1, "nats", func(h sdt.History) []float64 { return h.DomainLoss }},
	{"L_conf", 1, vermillion, "solid", 1, "nats", func(h sdt.History) []float64 { return h.ConfusionLoss }},
	{"domain accuracy", 2, purple, "solid", 100, "%", func(h sdt.History) []float64 { return h.DomainAccuracy }},
}

// LossCurves draws what histories measured against the step, in up to three
// panels one above the other: L_C and L_soft in nats; L_D and L_conf in nats with
// the line ln D, where an undecided domain classifier has both, and which L_conf
// never goes below; the accuracy of the domain classifier on the batch in percent,
// with the line of chance, 1/D. A panel that no history has data for is left out.
//
// From 100 steps on the line is a running mean, over a thirtieth of the steps,
// centred, and the subtitle says so; with one history the values themselves stand
// behind it, pale. With several the colour is the history's. Long curves are
// thinned to the extremes of 200 even stretches, means to 200 steps; the table
// has the values themselves at 21 steps or fewer.
//
// It panics if a history's non-empty losses are not as long as its Step.
func LossCurves(histories ...sdt.History) Chart {
	checkHistories(histories)
	names, colours := historyNames(histories), historyColours(histories)
	var panels []int // that have data
	for p := range 3 {
		if slices.ContainsFunc(curves, func(c curve) bool {
			return c.panel == p && slices.ContainsFunc(histories, func(h sdt.History) bool { return len(c.values(h)) > 0 })
		}) {
			panels = append(panels, p)
		}
	}
	lo, hi := stepRange(histories)
	c := Chart{title: "Losses, step by step", height: 60}
	if len(histories) == 1 {
		c.title = "Losses, step by step: " + names[0]
	}
	line := charts.NewLine()
	line.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "line"}}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Type: "scroll", Top: "0", Left: "center", Icon: "roundRect", ItemHeight: 4}))
	var x, y, grids []any
	for at, p := range panels {
		height := []int{220, 220, 160}[p]
		grids = append(grids, map[string]any{"left": 64, "right": 92, "top": c.height - 20, "height": height - 34})
		c.height += height
		last := at == len(panels)-1
		x = append(x, map[string]any{"type": "value", "gridIndex": at, "min": lo, "max": hi, "minInterval": 1, "name": map[bool]string{true: "step"}[last],
			"nameLocation": "middle", "nameGap": 26, "axisLabel": map[string]any{"show": last, "showMinLabel": true, "hideOverlap": true},
			"splitLine": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false}})
		axis := map[string]any{"type": "value", "gridIndex": at, "name": []string{"class losses, nats", "domain losses, nats", "domain accuracy, %"}[p],
			"nameLocation": "middle", "nameGap": 40, "axisLabel": map[string]any{"show": true}, "splitNumber": []int{5, 5, 2}[p], "scale": p == 1}
		if p == 2 {
			axis["min"], axis["max"] = 0, 100
		}
		y = append(y, axis)
		marks := referenceLines(p, histories)
		for i, h := range histories {
			own := ""
			if len(histories) > 1 {
				own = colours[i]
			}
			for _, cv := range curves {
				if v := cv.values(h); cv.panel == p && len(v) > 0 {
					addCurve(line, cv, h, v, at, names[i], own, marks, i)
					marks = nil // once for each panel
				}
			}
		}
	}
	c.subtitle = lossSubtitle(histories, panels)
	c.option = option(line, map[string]any{"xAxis": x, "yAxis": y, "grid": grids, "tooltip": map[string]any{"formatter": "sdt.steps"},
		"axisPointer": map[string]any{"link": []any{map[string]any{"xAxisIndex": "all"}}}})
	c.height, c.minWidth = c.height+4, 480
	if len(panels) == 0 {
		c.option, c.html = nil, `<p class="sdt-note">No step was measured.</p>`
	}
	var ends []string
	for i, h := range histories {
		t := historyTable(h, names[i])
		c.tables = append(c.tables, t)
		if n := len(t.Rows); n > 0 {
			ends = append(ends, fmt.Sprintf("%s ends at step %s with L_C %s nats", names[i], t.Rows[n-1][0], t.Rows[n-1][1]))
		}
	}
	c.summary = fmt.Sprintf("Line charts, %d panels. %s.", len(panels), strings.Join(ends, "; "))
	return c
}

// addCurve adds the series of one curve: the values, and their running mean if
// there are enough. own is the history's colour, empty if it stands alone.
func addCurve(line *charts.Line, cv curve, h sdt.History, values []float64, at int, name, own string, marks []opts.MarkLineNameYAxisItem, history int) {
	colour, dash, symbol := cv.colour, "solid", ""
	alone := own == ""
	if alone {
		name = cv.symbol
	} else {
		colour, dash, symbol = own, cv.dash, cv.symbol
	}
	point := func(i int, v float64) opts.LineData {
		return opts.LineData{Value: []any{h.Step[i], number(cv.scale * v), symbol, cv.unit}}
	}
	smooth := len(values) >= smoothedSteps
	var raw, mean []opts.LineData
	if !smooth || alone {
		for _, i := range extremes(values, shownValues) {
			raw = append(raw, point(i, values[i]))
		}
	}
	if smooth {
		m := runningMean(values, window(len(values)))
		for _, i := range evenly(len(m), shownMeans) {
			mean = append(mean, point(i, m[i]))
		}
	}
	style := func(width, opacity float32, quiet bool) charts.SeriesOpts {
		return charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.XAxisIndex, s.YAxisIndex = at, at
			s.ShowSymbol = opts.Bool(!quiet && len(values) == 1)
			s.LineStyle = &opts.LineStyle{Width: width, Opacity: opts.Float(opacity), Type: dash, Color: colour}
			s.ItemStyle = &opts.ItemStyle{Color: colour}
			if len(marks) > 0 {
				s.MarkLines = referenceStyle()
				for _, m := range marks {
					s.MarkLines.Data = append(s.MarkLines.Data, m)
				}
				marks = nil
			}
		})
	}
	if mean != nil {
		line.AddSeries(name, mean, style(2, 1, false))
	}
	if raw != nil && mean != nil {
		line.AddSeries(name, raw, style(1, 0.3, true), charts.WithSeriesTooltipOpts(opts.SeriesTooltip{}))
		s := &line.MultiSeries[len(line.MultiSeries)-1]
		s.Id = fmt.Sprintf("raw %d %s", history, cv.symbol)
	} else if raw != nil {
		line.AddSeries(name, raw, style(2, 1, false))
	}
}

// window is how many steps a running mean of n steps is over: odd, n/30 about.
func window(n int) int { return n/60*2 + 1 }

// referenceLines returns ln D for the domain losses and 1/D for the accuracy, for
// each D that occurs.
func referenceLines(panel int, histories []sdt.History) []opts.MarkLineNameYAxisItem {
	var marks []opts.MarkLineNameYAxisItem
	var seen []int
	for _, h := range histories {
		d := h.Domains
		if d < 2 || slices.Contains(seen, d) || len(h.DomainLoss)+len(h.ConfusionLoss)+len(h.DomainAccuracy) == 0 {
			continue
		}
		seen = append(seen, d)
		switch panel {
		case 1:
			marks = append(marks, opts.MarkLineNameYAxisItem{Name: fmt.Sprintf("ln %d = %.3f", d, math.Log(float64(d))), YAxis: math.Log(float64(d))})
		case 2:
			marks = append(marks, opts.MarkLineNameYAxisItem{Name: fmt.Sprintf("1/%d", d), YAxis: number(100 / float64(d))})
		}
	}
	return marks
}

func referenceStyle() *opts.MarkLines {
	return &opts.MarkLines{MarkLineStyle: opts.MarkLineStyle{Symbol: []string{"none", "none"},
		Label:     &opts.Label{Show: opts.Bool(true), Formatter: "{b}", Position: "end", Color: "$text"},
		LineStyle: &opts.LineStyle{Type: "dotted", Width: 1.5, Color: "$text"}}}
}

func lossSubtitle(histories []sdt.History, panels []int) string {
	var parts []string
	longestRun := 0
	for _, h := range histories {
		longestRun = max(longestRun, len(h.Step))
	}
	if longestRun >= smoothedSteps {
		s := fmt.Sprintf("Running mean over %d steps", window(longestRun))
		if len(histories) == 1 {
			s += "; pale, the steps themselves"
		} else {
			s = "Running means over a thirtieth of the steps"
		}
		parts = append(parts, s+".")
	}
	if len(histories) > 1 && slices.ContainsFunc(histories, func(h sdt.History) bool { return len(h.SoftLoss)+len(h.DomainLoss) > 0 }) {
		parts = append(parts, "Solid: L_C, L_conf; dashed: L_soft, L_D.")
	}
	if slices.Contains(panels, 1) {
		parts = append(parts, "Dotted: ln D and 1/D, a domain classifier that cannot decide.")
	}
	return strings.Join(parts, " ")
}

// historyTable holds the values themselves, at evenly spaced steps.
func historyTable(h sdt.History, name string) Table {
	rows := evenly(len(h.Step), shownRows)
	t := Table{Caption: fmt.Sprintf("Losses of %s", name), Head: []string{"step"}}
	if len(rows) < len(h.Step) {
		t.Caption += fmt.Sprintf(", %d of %d steps", len(rows), len(h.Step))
	}
	var shown []curve
	for _, cv := range curves {
		if len(cv.values(h)) > 0 {
			shown = append(shown, cv)
			t.Head = append(t.Head, cv.symbol+", "+cv.unit)
		}
	}
	for _, i := range rows {
		row := []string{fmt.Sprint(h.Step[i])}
		for _, cv := range shown {
			row = append(row, figure(cv.scale*cv.values(h)[i], map[string]int{"nats": 4, "%": 1}[cv.unit]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// historyNames names histories by method, and by stage too if both stages occur.
func historyNames(histories []sdt.History) []string {
	names := make([]string, len(histories))
	for i, h := range histories {
		names[i] = h.Method.String()
		if h.Stage == "pretrain" {
			names[i] = "source pretraining"
		}
	}
	return distinct(names)
}

// stepRange returns the first and the last step of all histories, or the steps
// around one that is alone.
func stepRange(histories []sdt.History) (lo, hi int) {
	var steps []int
	for _, h := range histories {
		steps = append(steps, h.Step...)
	}
	if len(steps) == 0 {
		return 0, 1
	}
	if lo, hi = slices.Min(steps), slices.Max(steps); lo == hi {
		return lo - 1, hi + 1
	}
	return lo, hi
}

func historyColours(histories []sdt.History) []string {
	methods := make([]sdt.Method, len(histories))
	for i, h := range histories {
		methods[i] = h.Method
	}
	return methodColours(methods)
}

func checkHistories(histories []sdt.History) {
	for i, h := range histories {
		for _, cv := range curves {
			if n := len(cv.values(h)); n != 0 && n != len(h.Step) {
				panic(fmt.Sprintf("plots.LossCurves: history %d (%s, %v): %s has %d values want %d, one for each step", i, h.Stage, h.Method, cv.symbol, n, len(h.Step)))
			}
		}
	}
}
