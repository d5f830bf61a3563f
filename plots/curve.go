package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// smoothedSteps is the shortest history that gets a running mean.
const smoothedSteps = 100

// detail is how much of its histories a figure shows.
type detail struct {
	values int // most points of a raw curve; its extremes are kept
	means  int // most points of a running mean
	steps  int // last step on the axis; 0: the last one measured
}

// finished is the detail of a finished figure.
var finished = detail{values: 400, means: 200}

// curve is one measured quantity of a [sdt.History].
type curve struct {
	symbol string // as in the paper
	panel  int
	colour string
	dash   string // echarts line type if histories have their own colours
	scale  float64
	unit   string
	values func(sdt.History) []float64
	exact  bool // not noisy: no running mean
}

// head names the curve and its unit.
func (c curve) head() string {
	if c.unit == "" {
		return c.symbol
	}
	return c.symbol + ", " + c.unit
}

var curves = []curve{
	{"L_C", 0, blue, "solid", 1, "nats", func(h sdt.History) []float64 { return h.ClassLoss }, false},
	{"L_soft", 0, green, "dashed", 1, "nats", func(h sdt.History) []float64 { return h.SoftLoss }, false},
	{"L_D", 1, orange, "dashed", 1, "nats", func(h sdt.History) []float64 { return h.DomainLoss }, false},
	{"L_conf", 1, vermillion, "solid", 1, "nats", func(h sdt.History) []float64 { return h.ConfusionLoss }, false},
	{"L_pseudo", 0, purple, "dotted", 1, "nats", func(h sdt.History) []float64 { return h.PseudoLoss }, false},
	{"entropy", 6, skyBlue, "solid", 1, "nats", func(h sdt.History) []float64 { return h.Entropy }, false},
	{"L_MMD, L_CORAL, L_CSA", 3, skyBlue, "solid", 1, "squared feature units", func(h sdt.History) []float64 { return h.Discrepancy }, false},
	{"confident", 5, purple, "solid", 100, "%", func(h sdt.History) []float64 { return h.Confident }, false},
	{"domain accuracy", 2, purple, "solid", 100, "%", func(h sdt.History) []float64 { return h.DomainAccuracy }, false},
	{"λ", 4, grey, "solid", 1, "", func(h sdt.History) []float64 { return h.Lambda }, true},
}

// panels are the panels of a figure, from top to bottom.
var panels = []struct {
	name   string // of the axis
	height int    // px
	ticks  int
}{{"class losses, nats", 220, 5}, {"domain losses, nats", 220, 5}, {"domain accuracy, %", 160, 2}, {"discrepancy", 200, 4}, {"λ", 110, 2}, {"confident rows, %", 160, 2}, {"entropy, nats", 160, 3}}

// historyCurve is a curve of one of a figure's histories.
type historyCurve struct {
	curve   curve
	history sdt.History
	values  []float64 // of the curve, one for each step of the history
	index   int       // of the history in the figure
	name    string    // of the history
	own     string    // colour of the history; empty if it is the only one
}

// addCurve adds the series of one curve to the panel at a place: the values, and their running
// mean if there are enough. marks are the panel's reference lines.
func addCurve(line *charts.Line, c historyCurve, d detail, at int, marks []opts.MarkLineNameYAxisItem) {
	cv, values := c.curve, c.values
	name, colour, dash, symbol := c.name, c.own, cv.dash, cv.symbol
	alone := c.own == ""
	if alone {
		name, colour, dash, symbol = cv.symbol, cv.colour, "solid", ""
	}
	point := func(i int, v float64) opts.LineData {
		return opts.LineData{Value: []any{c.history.Step[i], number(cv.scale * v), symbol, cv.unit}}
	}
	smooth := len(values) >= smoothedSteps && !cv.exact
	var raw, mean []opts.LineData
	if !smooth || alone {
		for _, i := range extremes(values, d.values) {
			raw = append(raw, point(i, values[i]))
		}
	}
	if smooth {
		m := runningMean(values, window(len(values)))
		for _, i := range evenly(len(m), d.means) {
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
		s.Id = fmt.Sprintf("raw %d %s", c.index, cv.symbol)
	} else if raw != nil {
		line.AddSeries(name, raw, style(2, 1, false))
	}
}

// window returns over how many steps a running mean of n steps is taken: odd, about n/30.
func window(n int) int { return n/60*2 + 1 }

// referenceLines returns ln D for the domain losses and 1/D for the accuracy, for each D that
// occurs.
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
