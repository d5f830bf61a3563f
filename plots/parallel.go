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

// SettingsAndAccuracy draws runs in parallel coordinates: an axis for each setting in which runs
// of one method differ, its values at equal distances, and on the right one for the accuracy in
// percent, which does not begin at zero. A thick line is the mean over the runs that differ only
// in their seeds, pale lines are these runs. The colours are the methods or, if there is
// one method, the values of the first setting; when no colour is free, they repeat.
//
// The table is [OverSeeds], which says what counts as a setting, and which runs are left out.
// Without a setting that differs there is only the table. It panics if a run has no stage.
func SettingsAndAccuracy(runs ...sdt.Run) Chart {
	checkRuns("SettingsAndAccuracy", runs)
	groups, axes := bySettings(runs)
	t := overSeedsTable(groups, axes)
	c := Chart{title: "Settings and accuracy", tables: []Table{t}, minWidth: narrow,
		summary: fmt.Sprintf("Parallel coordinates of %s; the table has their accuracy.", counted(len(groups), "combination of settings", "combinations of settings"))}
	if len(axes) == 0 {
		c.html = `<p class="sdt-note">The runs of a method differ in no setting but the seed.</p>`
		return c
	}
	p := parallel{groups: groups, lo: math.Inf(1), hi: math.Inf(-1)}
	for _, axis := range axes {
		p.axes = append(p.axes, parallelAxisOf(axis))
	}
	p.draw()
	c.option, c.height = p.option(), 400
	c.minWidth, c.maxWidth = max(narrow, p.width(p.between())), min(1100, max(narrow, p.width(400)))
	c.subtitle = p.note()
	return c
}

// parallelAxis is the axis of a setting.
type parallelAxis struct {
	name   string
	values []string // each once, in their order
	at     []int    // of each group's value
}

// parallelAxisOf returns the axis of a row as [bySettings] returns it.
func parallelAxisOf(row []string) parallelAxis {
	a := parallelAxis{name: shortName(row[0]), values: slices.Clone(row[1:])}
	slices.SortFunc(a.values, compareValues)
	a.values = slices.Compact(a.values)
	for _, value := range row[1:] {
		a.at = append(a.at, slices.Index(a.values, value))
	}
	return a
}

// valueWidth is the room for a value beside its axis, in px; longer ones are broken, then cut.
const valueWidth = 90

// parallel is a drawing in parallel coordinates.
type parallel struct {
	groups  []repeated
	axes    []parallelAxis // of the settings
	names   []string       // of the series
	chart   *charts.Parallel
	styles  []any // of the lines of each series
	lo, hi  float64
	several bool // runs that differ in their seeds
}

// draw adds a series for each colour.
func (p *parallel) draw() {
	p.chart = charts.NewParallel()
	p.chart.SetGlobalOptions(charts.WithAnimation(false), legendOf(true, "path://M0,0h25v4h-25z"),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item"}))
	series, colours := p.series()
	for s, members := range series {
		var data []opts.ParallelData
		var styles []any
		line := func(name string, i int, accuracy, width, opacity float64) {
			value := []any{}
			for _, a := range p.axes {
				value = append(value, a.at[i])
			}
			if finite(accuracy) {
				p.lo, p.hi = min(p.lo, 100*accuracy), max(p.hi, 100*accuracy)
			}
			data = append(data, opts.ParallelData{Name: name, Value: append(value, number(100*accuracy))})
			styles = append(styles, map[string]any{"lineStyle": map[string]any{"color": colours[s], "width": width, "opacity": opacity}})
		}
		for _, i := range members {
			g := p.groups[i]
			for _, a := range g.accuracies.Accuracies {
				if len(g.accuracies.Accuracies) > 1 {
					p.several = true
					line(p.name(i)+", one seed: "+percent(a), i, a, 1, 0.35)
				}
			}
		}
		for _, i := range members {
			of := p.groups[i].accuracies
			line(p.name(i)+": "+of.percent()+" %, "+counted(len(of.Accuracies), "seed", "seeds"), i, of.Mean(), 2.5, 0.95)
		}
		p.chart.AddSeries(p.names[s], data, charts.WithLineStyleOpts(opts.LineStyle{Color: colours[s]}))
		p.styles = append(p.styles, map[string]any{"data": styles})
	}
}

// series returns the groups of each colour, by index, and the colours, and names the series.
func (p *parallel) series() (members [][]int, colours []string) {
	var methods []sdt.Method
	for _, g := range p.groups {
		if !slices.Contains(methods, g.method) {
			methods = append(methods, g.method)
		}
	}
	if len(methods) > 1 {
		members = make([][]int, len(methods))
		for _, m := range methods {
			p.names = append(p.names, seriesName(m.String()))
		}
		for i, g := range p.groups {
			s := slices.Index(methods, g.method)
			members[s] = append(members[s], i)
		}
		return members, methodColours(methods)
	}
	first := p.axes[0]
	members = make([][]int, len(first.values))
	for s, value := range first.values {
		p.names, colours = append(p.names, first.name+" = "+value), append(colours, cycle[s%len(cycle)])
	}
	for i, s := range first.at {
		members[s] = append(members[s], i)
	}
	return members, colours
}

// name returns the name of a group: its method and what differs.
func (p *parallel) name(i int) string {
	words := []string{p.groups[i].method.String()}
	for _, a := range p.axes {
		words = append(words, isolate(a.name+" = "+a.values[a.at[i]]))
	}
	return strings.Join(words, ", ")
}

// option returns the option of the drawing.
func (p *parallel) option() map[string]any {
	// The values stand on the left of their axis, with the colour of the page around them, where
	// lines cross them.
	label := map[string]any{"show": true, "interval": 0, "width": valueWidth, "overflow": "break", "lineHeight": 14, "margin": -8, "align": "right", "textBorderColor": "$paper", "textBorderWidth": 4}
	var all []any
	for i, a := range p.axes {
		texts, _ := wrapped(a.values, valueWidth)
		all = append(all, map[string]any{"dim": i, "name": a.name, "type": "category", "data": texts, "nameGap": 14, "axisLabel": label, "axisTick": map[string]any{"show": false}})
	}
	lo, hi := accuracyRange(p.lo, p.hi)
	all = append(all, map[string]any{"dim": len(p.axes), "name": "accuracy, %", "type": "value", "min": lo, "max": hi, "nameGap": 14,
		"axisLabel": map[string]any{"show": true}})
	return option(p.chart, map[string]any{"parallelAxis": all, "series": p.styles, "tooltip": map[string]any{"formatter": "sdt.named"},
		"parallel": map[string]any{"left": p.left(), "right": parallelRight, "top": 66, "bottom": 24}})
}

// parallelRight is the room for the numbers of the accuracy, and for half of its name, in px.
const parallelRight = 52

// left returns the room for the values of the first axis, and for half of its name, in px.
func (p *parallel) left() int {
	return 12 + max(labelWidth(p.axes[0].values, valueWidth), textWidth(p.axes[0].name)/2)
}

// between returns how far apart the axes must be for their values and names, in px.
func (p *parallel) between() int {
	px := 70
	for i, a := range p.axes {
		name := textWidth(a.name)
		px = max(px, name+16, (name+textWidth("accuracy, %"))/2+16)
		if i > 0 {
			px = max(px, labelWidth(a.values, valueWidth)+30)
		}
	}
	return px
}

// width returns the width of the drawing with axes so far apart, in px.
func (p *parallel) width(between int) int { return p.left() + parallelRight + len(p.axes)*between }

// note says what the lines are.
func (p *parallel) note() string {
	text := "A line for each combination of settings."
	if p.several {
		text = "Thick: the mean over seeds; pale: single seeds."
	}
	if lo, _ := accuracyRange(p.lo, p.hi); lo > 0 {
		text += " The axis of the accuracy does not begin at zero."
	}
	return text + " Drag along an axis to pick out lines."
}
