package main

import (
	"context"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// glyphCells returns the cells for catalogue→webcam of Glyphs31 in the paper's two
// protocols. Each trial has its own drawing of the set, seeds 1, 2, …: the settings below
// were chosen on seed 0, which no trial uses.
func glyphCells(_ context.Context, o options) ([]cell, error) {
	// λ is the paper's; ν, τ and the domain classifier's low rate suit a small network with
	// features of large norm.
	config := sdt.Config{Network: network.ConvNet, Nu: 1, Temperature: 4,
		LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, Policy: sdt.Step, PretrainSteps: 200, AdaptSteps: 200}
	drawings := make([]func() (datasets.Glyphs, error), o.trials)
	for trial := range drawings {
		drawings[trial] = sync.OnceValues(func() (datasets.Glyphs, error) {
			return datasets.Glyphs31(datasets.GlyphsConfig{Seed: uint64(trial) + 1})
		})
	}
	var cells []cell
	for _, p := range []struct {
		name    string
		build   func(source, target sdt.Labelled, p datasets.Protocol) (sdt.Task, error)
		methods []sdt.Method
	}{{"catalogue→webcam", datasets.Supervised, o.methods()}, {"catalogue→webcam" + heldOut, datasets.SemiSupervised, o.heldOutMethods()}} {
		for trial := range o.trials {
			task := sync.OnceValues(func() (sdt.Task, error) {
				glyphs, err := drawings[trial]()
				if err != nil {
					return sdt.Task{}, err
				}
				return p.build(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{Seed: uint64(trial)})
			})
			for _, m := range p.methods {
				cells = append(cells, cell{problem: p.name, trial: trial, method: m, network: "ConvNet", task: task, config: config})
			}
		}
	}
	return cells, nil
}
