package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// LossCurves draws what histories measured at each step, in up to seven panels one above
// the other: L_C, L_soft and L_pseudo in nats; L_D and L_conf in nats, with the line ln D, which both have
// for an undecided domain classifier, and below which L_conf never falls; the accuracy of the
// domain classifier on the batch in percent, with the line of chance, 1/D; for the baselines
// that have them L_MMD, L_CORAL or L_CSA, in squared units of the features; λ, if the method
// has a loss weighted by it; the share of unlabelled rows with a pseudo-label in percent;
// the entropy of the unlabelled target, for MME and entropy minimization, in nats.
// Panels without data are omitted.
//
// From 100 steps on the line is a centred running mean over a thirtieth of the steps, and the
// subtitle says so. With one history the values themselves are behind it, pale; with several
// each history has its colour. Long curves are thinned to the extremes of 200 equal intervals,
// means to 200 steps; the table has the values themselves at no more than 21 steps.
//
// It panics if a history's non-empty losses are not as long as its Step.
func LossCurves(histories ...sdt.History) Chart { return lossCurves(finished, histories) }

func lossCurves(d detail, histories []sdt.History) Chart {
	checkHistories(histories)
	names, colours := historyNames(histories), historyColours(histories)
	var drawn []int // panels that have data
	for p := range panels {
		if slices.ContainsFunc(curves, func(c curve) bool {
			return c.panel == p && slices.ContainsFunc(histories, func(h sdt.History) bool { return len(c.values(h)) > 0 })
		}) {
			drawn = append(drawn, p)
		}
	}
	lo, hi := stepRange(histories, d.steps)
	c := Chart{title: "Losses, step by step", height: 60}
	if len(histories) == 1 {
		c.title = "Losses, step by step: " + isolate(names[0])
	}
	line := charts.NewLine()
	line.SetGlobalOptions(charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "line"}}),
		legendOf(true, "path://M0,0h25v4h-25z"))
	right := 32 // half a number of the step
	if slices.ContainsFunc(drawn, func(p int) bool { return len(referenceLines(p, histories)) > 0 }) {
		right = 92 // the names of the lines
	}
	var x, y, grids []any
	for at, p := range drawn {
		height := panels[p].height
		grids = append(grids, map[string]any{"left": 64, "right": right, "top": c.height - 20, "height": height - 34})
		c.height += height
		x = append(x, stepAxis(at, lo, hi, at == len(drawn)-1))
		y = append(y, panelAxis(p, at))
		marks := referenceLines(p, histories)
		for i, h := range histories {
			own := ""
			if len(histories) > 1 {
				own = colours[i]
			}
			for _, cv := range curves {
				if v := cv.values(h); cv.panel == p && len(v) > 0 {
					addCurve(line, historyCurve{cv, h, v, i, names[i], own}, d, at, marks)
					marks = nil // once for each panel
				}
			}
		}
	}
	c.subtitle = lossSubtitle(histories, drawn)
	c.option = option(line, map[string]any{"xAxis": x, "yAxis": y, "grid": grids,
		"tooltip":     map[string]any{"formatter": "sdt.steps"},
		"axisPointer": map[string]any{"link": []any{map[string]any{"xAxisIndex": "all"}}}})
	c.height, c.minWidth = c.height+4, narrow
	if len(drawn) == 0 {
		c.option, c.html = nil, `<p class="sdt-note">No step was measured.</p>`
	}
	var ends []string
	for i, h := range histories {
		if len(h.Step) == 0 { // the training was stopped before its first step
			continue
		}
		c.tables = append(c.tables, historyTable(h, names[i]))
		if n := len(h.ClassLoss); n > 0 {
			ends = append(ends, fmt.Sprintf("%s ends at step %d with L_C %s nats", isolate(names[i]), h.Step[n-1], figure(h.ClassLoss[n-1], 4)))
		}
	}
	c.summary = fmt.Sprintf("Line charts, %s.", counted(len(drawn), "panel", "panels"))
	if len(ends) > 0 {
		c.summary += " " + strings.Join(ends, "; ") + "."
	}
	return c
}

// stepAxis returns the option of the horizontal axis of the panel at a place, from step lo to
// hi. Only the last panel's is labelled.
func stepAxis(at, lo, hi int, last bool) map[string]any {
	return map[string]any{"type": "value", "gridIndex": at, "min": lo, "max": hi, "minInterval": 1, "name": map[bool]string{true: "step"}[last],
		"nameLocation": "middle", "nameGap": 26, "axisLabel": map[string]any{"show": last, "showMinLabel": true, "hideOverlap": true},
		"splitLine": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false}}
}

// panelAxis returns the option of the vertical axis of panel p, drawn at a place.
func panelAxis(p, at int) map[string]any {
	axis := map[string]any{"type": "value", "gridIndex": at, "name": panels[p].name,
		"nameLocation": "middle", "nameGap": 40, "axisLabel": map[string]any{"show": true}, "splitNumber": panels[p].ticks, "scale": p == 1}
	if p == 2 || p == 5 {
		axis["min"], axis["max"] = 0, 100
	}
	if p == 4 { // one letter beside long numbers; keeps a constant λ off the frame
		axis["nameRotate"], axis["nameGap"], axis["boundaryGap"], axis["min"] = 0, 52, []string{"0%", "20%"}, 0
	}
	return axis
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
			s += "; pale: the steps themselves"
		} else {
			s = "Running means over a thirtieth of the steps"
		}
		parts = append(parts, s+".")
	}
	if len(histories) > 1 && slices.ContainsFunc(histories, func(h sdt.History) bool { return len(h.SoftLoss)+len(h.DomainLoss) > 0 }) {
		parts = append(parts, "Solid: L_C, L_conf; dashed: L_soft, L_D.")
	}
	if len(histories) > 1 && slices.ContainsFunc(histories, func(h sdt.History) bool { return len(h.PseudoLoss) > 0 }) {
		parts = append(parts, "Dotted: L_pseudo.")
	}
	if slices.Contains(panels, 1) {
		parts = append(parts, "Dotted: ln D and 1/D, a domain classifier that cannot decide.")
	}
	return strings.Join(parts, " ")
}

func checkHistories(histories []sdt.History) {
	for i, h := range histories {
		for _, cv := range curves {
			if n := len(cv.values(h)); n != 0 && n != len(h.Step) {
				panic(fmt.Sprintf("plots.LossCurves: history %d (%s, %v): %s has %d values, want %d, one for each step", i, h.Stage, h.Method, cv.symbol, n, len(h.Step)))
			}
		}
	}
}
