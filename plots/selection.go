package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// Candidate is a run among which validators choose.
type Candidate struct {
	Name     string                    // its settings: "τ = 2, λ = 0.01"
	Accuracy float64                   // that the oracle sees, 0…1
	Scores   map[sdt.Validator]float64 // larger is better; the same validators for all candidates
}

// Selection draws the accuracy of each candidate against the rank of its score, 1 being
// the lowest, in a panel for each validator that has scored: a rising cloud is a validator
// that can be relied on. Ranks, because a run that has gone wrong can score thousands below
// the others; the scores stand in the tooltips. The run that the validator chooses, the
// first of those with its largest score, is a diamond of another colour; the dotted line is
// the best accuracy of all.
//
// The table has, for each validator, Spearman's ρ and Kendall's τ_b of score and accuracy,
// from −1 to 1, what it chooses, and the regret: how many percentage points that is below
// the best; then the oracle's choice, and what a choice at random has on average. A second
// one has the scores.
//
// It panics without candidates, or if they are not scored by the same validators, by one
// at least.
func Selection(candidates ...Candidate) Chart {
	validators := scoredBy(candidates)
	accuracies := make([]float64, len(candidates))
	mean := 0.0
	for i, c := range candidates {
		accuracies[i] = 100 * c.Accuracy
		mean += accuracies[i] / float64(len(candidates))
	}
	top := accuracies[best(accuracies)]
	t := Table{Caption: fmt.Sprintf("How %d runs are ranked and chosen: Spearman's ρ and Kendall's τ_b of score and accuracy; regret in percentage points", len(candidates)),
		Head: []string{"validator", "ρ", "τ_b", "it chooses", "accuracy, %", "regret"}, Text: []int{3}}
	scatter := charts.NewScatter()
	scatter.SetGlobalOptions(charts.WithAnimation(false), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0", Left: "center", Data: []string{"a run", "the run it chooses"}}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}))
	var x, y, grids []any
	const columns, rowHeight = 3, 260
	for at, v := range validators {
		scores := make([]float64, len(candidates))
		for i, c := range candidates {
			scores[i] = c.Scores[v]
		}
		choice := best(scores)
		t.Rows = append(t.Rows, []string{v.String(), figure(spearman(scores, accuracies), 2), figure(kendall(scores, accuracies), 2),
			candidates[choice].Name, figure(accuracies[choice], 1), figure(top-accuracies[choice], 1)})
		left := at % columns
		grids = append(grids, map[string]any{"left": fmt.Sprintf("%d%%", 7+left*32), "width": "25%", "top": 44 + at/columns*rowHeight, "height": rowHeight - 84})
		x = append(x, map[string]any{"type": "value", "gridIndex": at, "min": 0, "max": len(candidates) + 1, "name": "rank by " + v.String(), "nameLocation": "middle", "nameGap": 26,
			"minInterval": 1, "splitNumber": 4, "axisLabel": map[string]any{"show": true, "showMaxLabel": false}, "splitLine": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false}})
		y = append(y, map[string]any{"type": "value", "gridIndex": at, "min": 0, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 34,
			"splitNumber": 4, "axisLabel": map[string]any{"show": true}, "axisLine": map[string]any{"onZero": false}, "splitLine": map[string]any{"show": true}})
		addCandidates(scatter, candidates, scores, accuracies, choice, at)
	}
	t.Foot = [][]string{{"oracle", "", "", candidates[best(accuracies)].Name, figure(top, 1), "0.0"},
		{"at random, on average", "", "", "", figure(mean, 1), figure(top-mean, 1)}}
	rows := (len(validators) + columns - 1) / columns
	return Chart{
		title:    "What validators without target labels make of the runs",
		subtitle: fmt.Sprintf("%d runs; rank 1 is the lowest score; dotted: the best accuracy, %s %%.", len(candidates), figure(top, 1)),
		summary:  selectionSummary(t), height: 20 + rows*rowHeight, minWidth: 660, maxWidth: 1000, tables: []Table{t, scoreTable(candidates, validators)}, lead: true,
		option: option(scatter, map[string]any{"xAxis": x, "yAxis": y, "grid": grids, "tooltip": map[string]any{"formatter": "sdt.point"}}),
	}
}

// addCandidates adds the runs of one panel, and over them the chosen one.
func addCandidates(scatter *charts.Scatter, candidates []Candidate, scores, accuracies []float64, choice, panel int) {
	var runs []opts.ScatterData
	places := ranks(scores)
	point := func(i int) opts.ScatterData {
		return opts.ScatterData{Value: []any{places[i], number(accuracies[i]), fmt.Sprintf("%s: score %v", candidates[i].Name, number(scores[i]))}}
	}
	for i := range candidates {
		if i != choice {
			runs = append(runs, point(i))
		}
	}
	series := func(symbol string, size int, colour string, opacity float32) charts.SeriesOpts {
		return charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.XAxisIndex, s.YAxisIndex, s.Symbol, s.SymbolSize = panel, panel, symbol, size
			s.ItemStyle = &opts.ItemStyle{Color: colour, Opacity: opts.Float(opacity)}
		})
	}
	scatter.AddSeries("a run", runs, series("circle", 8, skyBlue, 0.9))
	scatter.AddSeries("the run it chooses", []opts.ScatterData{point(choice)}, series("diamond", 15, vermillion, 1),
		charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.MarkLines = referenceStyle()
			s.MarkLines.Label = &opts.Label{Show: opts.Bool(false)}
			s.MarkLines.Data = append(s.MarkLines.Data, opts.MarkLineNameYAxisItem{Name: "best", YAxis: number(slices.Max(accuracies))})
		}))
}

// scoredBy returns the validators of the candidates, in their order.
func scoredBy(candidates []Candidate) (validators []sdt.Validator) {
	if len(candidates) == 0 {
		panic("plots.Selection: no candidates")
	}
	for v := range candidates[0].Scores {
		validators = append(validators, v)
	}
	slices.Sort(validators)
	if len(validators) == 0 {
		panic("plots.Selection: no validator has scored")
	}
	for _, c := range candidates {
		for _, v := range validators {
			if _, ok := c.Scores[v]; !ok || len(c.Scores) != len(validators) {
				panic(fmt.Sprintf("plots.Selection: candidate %q is scored by %d validators want the %d of %q", c.Name, len(c.Scores), len(validators), candidates[0].Name))
			}
		}
	}
	return validators
}

// scoreTable has what everyone makes of each run.
func scoreTable(candidates []Candidate, validators []sdt.Validator) Table {
	t := Table{Caption: "Scores, nats", Head: []string{"run", "accuracy, %"}}
	for _, v := range validators {
		t.Head = append(t.Head, v.String())
	}
	for _, c := range candidates {
		row := []string{c.Name, figure(100*c.Accuracy, 1)}
		for _, v := range validators {
			row = append(row, figure(c.Scores[v], 3))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func selectionSummary(t Table) string {
	var parts []string
	for _, r := range t.Rows {
		parts = append(parts, fmt.Sprintf("%s: ρ %s, regret %s points", r[0], r[1], r[5]))
	}
	return "Scatter charts, one for each validator. " + strings.Join(parts, "; ") + "."
}
