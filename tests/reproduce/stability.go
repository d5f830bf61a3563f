package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// stabilityCells are the full method on amazon→webcam of Office-Caltech-10's features,
// with the paper's λ and with ten times that, as the paper trains it and with each of the
// options against collapse.
func stabilityCells(ctx context.Context, o options) ([]cell, error) {
	all, err := officeCaltechFeatures(ctx, o)
	if err != nil {
		return nil, err
	}
	options := []struct {
		name string
		set  func(*sdt.Config)
	}{
		{"as it is", func(*sdt.Config) {}},
		{"features normalised", func(c *sdt.Config) { c.NormalizeFeatures = true }},
		{"gradients clipped", func(c *sdt.Config) { c.ClipNorm = 1 }},
		{"λ ramp", func(c *sdt.Config) { c.LambdaRamp = true }},
		{"early stop", func(c *sdt.Config) { c.EarlyStop = chooser }},
	}
	options = append(options, struct {
		name string
		set  func(*sdt.Config)
	}{"all four", func(c *sdt.Config) {
		for _, o := range options[1:5] {
			o.set(c)
		}
	}})
	var cells []cell
	for _, lambda := range []float64{0.01, 0.1} {
		for c := range slices.Values(all) {
			if c.problem != "amazon→webcam" || c.method != sdt.SourceTarget && c.method != sdt.Full {
				continue
			}
			c.problem = fmt.Sprintf("amazon→webcam, λ = %v", lambda)
			c.config.Lambda = lambda
			if c.method == sdt.SourceTarget {
				cells = append(cells, c)
				continue
			}
			for _, o := range options {
				tried := c
				tried.setting = o.name
				o.set(&tried.config)
				cells = append(cells, tried)
			}
		}
	}
	return cells, nil
}
