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

// Candidate is a run from which validators choose.
type Candidate struct {
	Name     string                    // its settings: "τ = 2, λ = 0.01"
	Accuracy float64                   // as the oracle sees it, 0…1
	Scores   map[sdt.Validator]float64 // larger is better; the same validators for all candidates
}

// Selection draws the accuracy of each candidate against the rank of its score, 1 being the
// lowest, in a panel for each validator: if the points rise, the validator is reliable. It
// uses ranks because a run that has gone wrong can score thousands below the others; the
// tooltips show the scores. The run that the validator chooses, the first of those with its
// largest score, is a diamond of another colour; the dotted line is the best accuracy of all.
//
// The table has, for each validator, Spearman's ρ and Kendall's τ_b of score and accuracy, from
// −1 to 1, its choice, and the regret: by how many percentage points that is below the best;
// then the oracle's choice, and the average of a random choice. A second table has the scores.
//
// Candidates with the same name are numbered from the second on. A candidate with an accuracy
// or score that is not finite, because no image of the reported classes was tested, for
// example, has dashes in the tables and no point: it is not ranked, never chosen, and not part
// of the random choice.
//
// It panics without candidates, or unless all are scored by the same validators, at least one.
func Selection(candidates ...Candidate) Chart {
	validators, candidates := scoredBy(candidates), withNames(candidates)
	accuracies := make([]float64, len(candidates))
	for i, c := range candidates {
		accuracies[i] = 100 * c.Accuracy
	}
	oracle := largest(accuracies)
	top, mean := orNaN(accuracies, oracle), meanFinite(accuracies)
	t := Table{Caption: fmt.Sprintf("How %s ranked and chosen: Spearman's ρ and Kendall's τ_b of score and accuracy; regret in percentage points", counted(len(candidates), "run is", "runs are")),
		Head: []string{"validator", "ρ", "τ_b", "choice", "accuracy, %", "regret"}, Text: []int{3}}
	scatter := charts.NewScatter()
	scatter.SetGlobalOptions(charts.WithAnimation(false), charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0", Left: "center", ItemWidth: 12, ItemHeight: 12, Data: []string{"run", "chosen run"}}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}))
	var x, y, grids []any
	const columns, rowHeight = 3, 260
	for at, v := range validators {
		p := panelOf(v, candidates)
		t.Rows = append(t.Rows, []string{v.String(), figure(spearman(p.scores, p.accuracies), 2), figure(kendall(p.scores, p.accuracies), 2),
			p.name(p.choice), figure(orNaN(p.accuracies, p.choice), 1), figure(top-orNaN(p.accuracies, p.choice), 1)})
		left := at % columns
		grids = append(grids, map[string]any{"left": fmt.Sprintf("%d%%", 7+left*32), "width": "25%", "top": 44 + at/columns*rowHeight, "height": rowHeight - 84})
		x = append(x, map[string]any{"type": "value", "gridIndex": at, "min": 0, "max": len(candidates) + 1, "name": "rank by " + v.String(), "nameLocation": "middle", "nameGap": 26,
			"minInterval": 1, "splitNumber": 4, "axisLabel": map[string]any{"show": true, "showMaxLabel": false}, "splitLine": map[string]any{"show": false}, "axisLine": map[string]any{"onZero": false}})
		y = append(y, map[string]any{"type": "value", "gridIndex": at, "min": 0, "name": "accuracy, %", "nameLocation": "middle", "nameGap": 34,
			"splitNumber": 4, "axisLabel": map[string]any{"show": true}, "axisLine": map[string]any{"onZero": false}, "splitLine": map[string]any{"show": true}})
		p.draw(scatter, top, at)
	}
	chosen := dash
	if oracle >= 0 {
		chosen = candidates[oracle].Name
	}
	t.Foot = [][]string{{"oracle", "", "", chosen, figure(top, 1), figure(top-top, 1)},
		{"at random, on average", "", "", "", figure(mean, 1), figure(top-mean, 1)}}
	rows := (len(validators) + columns - 1) / columns
	return Chart{
		title:    "How validators without target labels rank the runs",
		subtitle: fmt.Sprintf("%s; rank 1 is the lowest score; dotted: the best accuracy, %s.", counted(len(candidates), "run", "runs"), percent(top/100)),
		summary:  selectionSummary(t), height: 20 + rows*rowHeight, minWidth: 740, maxWidth: 1000, tables: []Table{t, scoreTable(candidates, validators)}, lead: true,
		option: option(scatter, map[string]any{"xAxis": x, "yAxis": y, "grid": grids, "tooltip": map[string]any{"formatter": "sdt.point"}}),
	}
}

// withNames returns the candidates under distinct names.
func withNames(candidates []Candidate) []Candidate {
	names := make([]string, len(candidates))
	for i, c := range candidates {
		names[i] = c.Name
	}
	named := slices.Clone(candidates)
	for i, name := range distinct(names) {
		named[i].Name = name
	}
	return named
}

// panel is one validator's view of the candidates that it can rank.
type panel struct {
	ranked     []Candidate // those with a finite score and accuracy
	scores     []float64   // of ranked
	accuracies []float64   // of ranked, in percent
	choice     int         // index in ranked; −1: none is ranked
}

func panelOf(v sdt.Validator, candidates []Candidate) panel {
	var p panel
	for _, c := range candidates {
		if finite(c.Scores[v]) && finite(100*c.Accuracy) {
			p.ranked, p.scores, p.accuracies = append(p.ranked, c), append(p.scores, c.Scores[v]), append(p.accuracies, 100*c.Accuracy)
		}
	}
	p.choice = largest(p.scores)
	return p
}

// name returns the name of ranked candidate i, a dash for −1.
func (p panel) name(i int) string {
	if i < 0 {
		return dash
	}
	return p.ranked[i].Name
}

// orNaN returns percents[i], NaN for −1.
func orNaN(percents []float64, i int) float64 {
	if i < 0 {
		return math.NaN()
	}
	return percents[i]
}

// meanFinite returns the mean of the finite numbers; NaN if there are none.
func meanFinite(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if finite(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

// draw adds the runs of one panel, and on top of them the chosen one. top is the best accuracy.
func (p panel) draw(scatter *charts.Scatter, top float64, at int) {
	var runs, chosen []opts.ScatterData
	for i, place := range ranks(p.scores) {
		point := opts.ScatterData{Value: []any{place, number(p.accuracies[i]), fmt.Sprintf("%s: score %s", isolate(p.ranked[i].Name), digits(p.scores[i]))}}
		if i == p.choice {
			chosen = append(chosen, point)
		} else {
			runs = append(runs, point)
		}
	}
	series := func(symbol string, size int, colour string, opacity float32) charts.SeriesOpts {
		return charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			s.XAxisIndex, s.YAxisIndex, s.Symbol, s.SymbolSize = at, at, symbol, size
			s.ItemStyle = &opts.ItemStyle{Color: colour, Opacity: opts.Float(opacity)}
		})
	}
	scatter.AddSeries("run", runs, series("circle", 8, skyBlue, 0.9))
	scatter.AddSeries("chosen run", chosen, series("diamond", 15, vermillion, 1),
		charts.WithSeriesOpts(func(s *charts.SingleSeries) {
			if finite(top) {
				s.MarkLines = referenceStyle()
				s.MarkLines.Label = &opts.Label{Show: opts.Bool(false)}
				s.MarkLines.Data = append(s.MarkLines.Data, opts.MarkLineNameYAxisItem{Name: "best", YAxis: number(top)})
			}
		}))
}

// scoredBy returns the validators that scored the candidates, in their order.
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
				panic(fmt.Sprintf("plots.Selection: candidate %q is scored by %d validators, want the %d of %q", c.Name, len(c.Scores), len(validators), candidates[0].Name))
			}
		}
	}
	return validators
}

// scoreTable returns the table of every validator's score for each run.
func scoreTable(candidates []Candidate, validators []sdt.Validator) Table {
	t := Table{Caption: "Scores", Head: []string{"run", "accuracy, %"}}
	for _, v := range validators {
		unit := "nats"
		if v == sdt.Oracle {
			unit = "0…1" // it is the accuracy
		}
		t.Head = append(t.Head, v.String()+", "+unit)
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
