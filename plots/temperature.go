package plots

import (
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// SoftLabelsByTemperature is the heat map of [SoftLabels] with a slider for τ, which has the
// given temperatures, in ascending order, and starts at the first. The colour scale is the same
// for all, so the effect of a larger τ on the mass shows in the colours as well as in the
// table, which lists for each class what it resembles.
//
// at returns the soft labels at a temperature, like the method of [sdt.SourceLogits]; it may be
// called from several goroutines. With [Chart.Explore] the program computes them for any τ in
// between.
//
// It panics without temperatures, if they do not ascend from above zero, if the classes differ
// between temperatures, and as [SoftLabels] does.
func SoftLabelsByTemperature(at func(temperature float64) sdt.SoftLabels, temperatures ...float64) Chart {
	if len(temperatures) == 0 {
		panic("plots.SoftLabelsByTemperature: no temperatures")
	}
	var all []sdt.SoftLabels
	checked := func(τ float64) sdt.SoftLabels {
		s := at(τ)
		checkSoftLabels("SoftLabelsByTemperature", s)
		if len(all) > 0 && !slices.Equal(s.Classes, all[0].Classes) {
			panic(fmt.Sprintf("plots.SoftLabelsByTemperature: at τ = %v the classes are %q, want %q as at %v", τ, s.Classes, all[0].Classes, temperatures[0]))
		}
		return withGaps(s)
	}
	before, lo, hi := 0.0, 1.0, 0.0
	for _, τ := range temperatures {
		if !(τ > before) || !finite(τ) {
			panic(fmt.Sprintf("plots.SoftLabelsByTemperature: temperatures %v, want ascending ones above zero", temperatures))
		}
		s := checked(τ)
		l, h := softScale(s.L)
		before, lo, hi, all = τ, min(lo, l), max(hi, h), append(all, s)
	}
	seen := func(τ float64, s sdt.SoftLabels) version {
		return version{
			Name: "τ = " + digits(τ), Value: τ, Subtitle: softLabelsSubtitle(s), Summary: softLabelsSummary(s),
			Option: map[string]any{"series": softHeatMap(s, lo, hi)["series"]}, Tables: []Table{similarTable(s)},
		}
	}
	c := Chart{title: softLabelsTitle(all[0]), choices: &choices{Label: "Temperature", Slider: true, answer: func(τ float64) version { return seen(τ, checked(τ)) }}}
	for i, s := range all {
		c.choices.All = append(c.choices.All, seen(temperatures[i], s))
	}
	first := c.choices.All[0]
	c.subtitle, c.summary, c.option, c.tables = first.Subtitle, first.Summary, softHeatMap(all[0], lo, hi), c.choices.tables()
	c.height, c.minWidth, c.maxWidth = heatMapSizeOf(all[0].Classes).sizes()
	return c
}
