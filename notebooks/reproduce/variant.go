package main

import (
	"fmt"

	"github.com/sdtlab/sdtlab/sdt"
)

// variant is a row of the table office beside the paper's: a method with settings among which
// the validator chooses, trial by trial.
type variant struct {
	method   sdt.Method
	name     string // after the method's name; "": the method as it is
	settings []setting
}

// setting is one of the settings to choose among.
type setting struct {
	name string
	set  func(*sdt.Config)
}

// of returns the cells of the row on the problem and trial of c.
func (v variant) of(c cell) []cell {
	var all []cell
	for _, s := range v.settings {
		tried := c
		tried.method, tried.variant, tried.setting = v.method, v.name, s.name
		s.set(&tried.config)
		all = append(all, tried)
	}
	return all
}

// each returns a setting for each value.
func each(symbol string, set func(c *sdt.Config, x float64), values ...float64) []setting {
	var all []setting
	for _, x := range values {
		all = append(all, setting{fmt.Sprint(symbol, " = ", x), func(c *sdt.Config) { set(c, x) }})
	}
	return all
}

// times returns every setting of a with every one of b.
func times(a, b []setting) []setting {
	var all []setting
	for _, x := range a {
		for _, y := range b {
			all = append(all, setting{x.name + ", " + y.name, func(c *sdt.Config) { x.set(c); y.set(c) }})
		}
	}
	return all
}

// The settings: λ around the paper's and the baselines' own, ν and τ upwards from the paper's
// 0.1 and 2, the threshold on both sides of 0.9, which is in use for pseudo-labels.
var (
	lambdas    = func(x ...float64) []setting { return each("λ", func(c *sdt.Config, x float64) { c.Lambda = x }, x...) }
	nus        = each("ν", func(c *sdt.Config, x float64) { c.Nu = x }, 0.1, 1)
	taus       = each("τ", func(c *sdt.Config, x float64) { c.Temperature = x }, 2, 4)
	thresholds = each("threshold", func(c *sdt.Config, x float64) { c.PseudoLabels, c.PseudoThreshold = 1, x }, 0.8, 0.95)
)

// pseudo ends the names of rows with confident pseudo-labels.
const pseudo = " + pseudo-labels"

// variants returns the rows of the table office beside the paper's own; for a slow network those
// that the paper's are to be compared with, at one setting.
func (o options) variants() []variant {
	if o.recipe.slow {
		one := each("threshold", func(c *sdt.Config, x float64) { c.PseudoLabels, c.PseudoThreshold = 1, x }, 0.9)
		one[0].name = ""
		return []variant{{sdt.SourceTarget, pseudo, one}, {sdt.Full, pseudo, one}}
	}
	rows := []variant{
		{sdt.Full, ", chosen", times(times(lambdas(0.01, 0.1), nus), taus)},
		{sdt.SourceTarget, pseudo, thresholds},
		{sdt.Full, pseudo, thresholds},
	}
	for _, m := range sdt.Baselines() {
		rows = append(rows, variant{m, "", lambdas(ownLambda[m]/10, ownLambda[m])})
	}
	return rows
}

// ownLambda is the λ of each baseline by its authors, or in their code: sdt.Config's default. It is
// tried, and a tenth of it; that of CCSA is a share, of which L_C has the rest.
var ownLambda = map[sdt.Method]float64{sdt.DANN: 1, sdt.DDC: 0.25, sdt.DeepCORAL: 1, sdt.MME: 0.1, sdt.EntropyMinimization: 0.1, sdt.CCSA: 0.25, sdt.CDAN: 1}
