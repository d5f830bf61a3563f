package main

import (
	"context"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// glyphCells are catalogue→webcam of Glyphs31 in the paper's two protocols.
func glyphCells(_ context.Context, _ string, trials int) ([]cell, error) {
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{})
	if err != nil {
		return nil, err
	}
	// λ is the paper's; ν, τ and the domain classifier's low rate suit a small network whose
	// features have a large norm.
	config := sdt.Config{Network: sdt.ConvNet, Nu: 1, Temperature: 4, SourceBatch: 32, TargetBatch: 32,
		LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, PretrainSteps: 200, AdaptSteps: 200}
	var cells []cell
	for _, p := range []struct {
		name  string
		build func(source, target sdt.Labelled, p datasets.Protocol) (sdt.Task, error)
	}{{"catalogue→webcam", datasets.Supervised}, {"catalogue→webcam, held-out classes", datasets.SemiSupervised}} {
		for trial := range trials {
			task := sync.OnceValues(func() (sdt.Task, error) {
				return p.build(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{Seed: uint64(trial)})
			})
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: p.name, trial: trial, method: m, task: task, config: config})
			}
		}
	}
	return cells, nil
}
