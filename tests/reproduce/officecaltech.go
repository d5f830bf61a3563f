package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// officeCaltech is the configuration for GoogLeNet features: one hidden layer on what
// the frozen network gives.
func officeCaltech() sdt.Config {
	return sdt.Config{Network: sdt.Head(256), LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1,
		PretrainSteps: 600, AdaptSteps: 600}
}

// officeCaltechCells are amazon↔webcam on the standard trials, all classes labelled, and
// with five of the ten held out.
func officeCaltechCells(_ context.Context, data string, trials int) ([]cell, error) {
	dir := filepath.Join(data, "office_caltech10")
	var cells []cell
	for _, shift := range [][2]string{{"amazon", "webcam"}, {"webcam", "amazon"}} {
		name := shift[0] + "→" + shift[1]
		splits, err := datasets.ReadSplits(filepath.Join(dir, "splits", shift[0]+"_to_"+shift[1]+".json"))
		if err != nil {
			return nil, err
		}
		var domains [2]sdt.Labelled
		for i, domain := range shift {
			at := filepath.Join(dir, "features", domain)
			if domains[i], err = datasets.ReadFeatures(domain, at+"_googlenet.npy", at+"_googlenet_labels.npy", splits.Classes); err != nil {
				return nil, err
			}
		}
		source, target := domains[0], domains[1]
		for trial := range min(trials, len(splits.Trials)) {
			supervised := sync.OnceValues(func() (sdt.Task, error) {
				return datasets.FromSplit(source, target, splits.Trials[trial], sdt.Alignment{})
			})
			half := sync.OnceValues(func() (sdt.Task, error) {
				return datasets.SemiSupervised(source, target, datasets.Protocol{Seed: uint64(trial)})
			})
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: name, trial: trial, method: m, network: "Head(256)", task: supervised, config: officeCaltech()})
			}
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: name + ", held-out classes", trial: trial, method: m, network: "Head(256)", task: half, config: officeCaltech()})
			}
		}
	}
	if len(cells) == 0 {
		return nil, fmt.Errorf("no trials in %s", dir)
	}
	return cells, nil
}
