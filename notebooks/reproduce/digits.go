package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// publishedDigits are from E. Tzeng et al., CVPR 2017, as a public re-implementation prints
// them.
var publishedDigits = map[string]map[sdt.Method]string{
	"mnist→usps, no target labels": {sdt.SourceOnly: "75.2 ± 1.6 (v)", sdt.ConfusionOnly: "79.1 ± 0.5 (v)", sdt.DANN: "77.1 ± 1.8 (v)"},
	"usps→mnist, no target labels": {sdt.SourceOnly: "57.1 ± 1.7 (v)", sdt.ConfusionOnly: "66.5 ± 3.3 (v)", sdt.DANN: "73.0 ± 2.0 (v)"},
}

// mnistBox is the side of the box that MNIST's digits fill, in the middle of 28×28 pixels.
const mnistBox = 20

// digitCells returns the cells for MNIST and USPS with 2000 and 1800 images, reported on
// the target images as in Long et al. (ICCV 2013): without target labels, and with 3 labels
// per class. USPS's digits fill their image, MNIST's do not: USPS is drawn as large as
// MNIST, and once, for comparison, to the edges.
func digitCells(ctx context.Context, o options) ([]cell, error) {
	read := func(name, part string) func() (sdt.Labelled, error) {
		return sync.OnceValues(func() (sdt.Labelled, error) { // not read for a report
			all, err := datasets.Open(ctx, name, filepath.Join(o.data, "digits"), datasets.OpenConfig{Domains: []string{part}})
			return all[part], err
		})
	}
	mnist, raw := read("mnist", "test"), read("usps", "train")
	usps := func(side int) func() (sdt.Labelled, error) {
		return sync.OnceValues(func() (sdt.Labelled, error) {
			u, err := raw()
			if err != nil {
				return u, err
			}
			if u, err = datasets.Resize(u, side, datasets.BiLinear); err != nil {
				return u, err
			}
			return datasets.Pad(u, 28)
		})
	}
	boxed, filled := usps(mnistBox), usps(28)
	type method struct {
		sdt.Method
		lambda []float64 // to choose among; nil: the method's own
	}
	alone := []method{{sdt.SourceOnly, nil}, {sdt.ConfusionOnly, []float64{0.01, 0.03, 0.1}}}
	if o.baselines {
		for _, m := range sdt.Baselines() {
			if !m.NeedsTargetLabels() {
				alone = append(alone, method{m, nil})
			}
		}
	}
	labelled := []method{{sdt.SourceOnly, nil}, {sdt.SourceTarget, nil}, {sdt.Full, nil}}
	var cells []cell
	var tasks kept
	for _, p := range []struct {
		name           string
		source, target func() (sdt.Labelled, error)
		counts         [2]int
		perTarget      int
		methods        []method
	}{
		{"mnist→usps, no target labels", mnist, boxed, [2]int{2000, 1800}, 0, alone},
		{"usps→mnist, no target labels", boxed, mnist, [2]int{1800, 2000}, 0, alone},
		{"mnist→usps, to the edges", mnist, filled, [2]int{2000, 1800}, 0, []method{{sdt.SourceOnly, nil}, {sdt.ConfusionOnly, nil}}},
		{"mnist→usps, 3 labels per class", mnist, boxed, [2]int{2000, 1800}, 3, labelled},
	} {
		for trial := range o.trials {
			task := tasks.of(fmt.Sprint(p.name, trial), both(p.source, p.target, func(source, target sdt.Labelled) (sdt.Task, error) {
				return datasets.Unsupervised(source, target, sdt.Labelled{}, datasets.Sample{Seed: uint64(trial), Source: p.counts[0], Target: p.counts[1], PerTarget: p.perTarget})
			}))
			for _, m := range p.methods {
				// ν is the paper's; LeNet starts at random, so all its layers are new.
				c := cell{problem: p.name, trial: trial, method: m.Method, network: "LeNet", task: task, config: sdt.Config{
					Network: network.LeNet, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, PretrainSteps: 600, AdaptSteps: 600}}
				cells = append(cells, c.with(m.lambda...)...)
			}
		}
	}
	return cells, nil
}
