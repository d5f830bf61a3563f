package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// stabilityCells returns the cells of the full method on amazon→webcam of
// Office-Caltech-10's features, with the paper's λ, ten times and a hundred times that,
// trained as in the paper and with each of the options against collapse.
func stabilityCells(ctx context.Context, o options) ([]cell, error) {
	all, err := officeCaltechFeatures(ctx, o)
	if err != nil {
		return nil, err
	}
	type remedy struct {
		name string
		set  func(*sdt.Config)
	}
	four := []remedy{
		{"features normalised", func(c *sdt.Config) { c.NormalizeFeatures = true }},
		{"gradients clipped", func(c *sdt.Config) { c.ClipNorm = 1 }},
		{"λ ramp", func(c *sdt.Config) { c.LambdaRamp = true }},
		{"early stop", func(c *sdt.Config) { c.EarlyStop = chooser }},
	}
	remedies := slices.Concat([]remedy{{"as it is", func(*sdt.Config) {}}}, four, []remedy{{"all four", func(c *sdt.Config) {
		for _, r := range four {
			r.set(c)
		}
	}}})
	var cells []cell
	for _, lambda := range []float64{0.01, 0.1, 1} {
		for _, c := range all {
			if c.problem != "amazon→webcam" || c.method != sdt.SourceTarget && c.method != sdt.Full {
				continue
			}
			c.problem = fmt.Sprintf("amazon→webcam, λ = %v", lambda)
			c.config.Lambda = lambda
			if c.method == sdt.SourceTarget {
				cells = append(cells, c)
				continue
			}
			for _, r := range remedies {
				tried := c
				tried.setting = r.name
				r.set(&tried.config)
				cells = append(cells, tried)
			}
		}
	}
	return cells, nil
}
