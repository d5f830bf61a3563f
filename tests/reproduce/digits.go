package main

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// publishedDigits are of E. Tzeng et al., CVPR 2017, table 1; from memory (m).
var publishedDigits = map[string]map[sdt.Method]string{
	"mnist→usps, no target labels": {sdt.SourceOnly: "75.2 (m)", sdt.ConfusionOnly: "79.1 (m)"},
}

// digitCells are MNIST→USPS with 2000 and 1800 images, reported on the 1800 as Long et al.
// (ICCV 2013) do: without target labels, and with 3 labels per class.
func digitCells(ctx context.Context, data string, trials int) ([]cell, error) {
	domains := sync.OnceValues(func() (domains [2]sdt.Labelled, err error) { // not read for a report
		dir := filepath.Join(data, "digits")
		mnist, err := datasets.Open(ctx, "mnist", dir, datasets.OpenConfig{Domains: []string{"test"}})
		if err != nil {
			return domains, err
		}
		usps, err := datasets.Open(ctx, "usps", dir, datasets.OpenConfig{Domains: []string{"train"}})
		if err != nil {
			return domains, err
		}
		domains[0] = mnist["test"]
		domains[1], err = datasets.Resize(usps["train"], 28, datasets.BiLinear)
		return domains, err
	})
	// λ and ν are the paper's; LeNet starts at random, so all its layers are new.
	config := sdt.Config{Network: sdt.LeNet, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, PretrainSteps: 600, AdaptSteps: 600}
	var cells []cell
	for _, p := range []struct {
		name      string
		perTarget int
		methods   []sdt.Method
	}{
		{"mnist→usps, no target labels", 0, []sdt.Method{sdt.SourceOnly, sdt.ConfusionOnly}},
		{"mnist→usps, 3 labels per class", 3, []sdt.Method{sdt.SourceOnly, sdt.SourceTarget, sdt.Full}},
	} {
		for trial := range trials {
			task := sync.OnceValues(func() (sdt.Task, error) {
				d, err := domains()
				if err != nil {
					return sdt.Task{}, err
				}
				return datasets.Unsupervised(d[0], d[1], sdt.Labelled{}, datasets.Sample{Seed: uint64(trial), Source: 2000, Target: 1800, PerTarget: p.perTarget})
			})
			for _, m := range p.methods {
				cells = append(cells, cell{problem: p.name, trial: trial, method: m, network: "LeNet", task: task, config: config})
			}
		}
	}
	return cells, nil
}
