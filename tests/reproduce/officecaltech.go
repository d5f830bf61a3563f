package main

import (
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
func officeCaltechCells(data string, trials int) ([]cell, error) {
	dir := filepath.Join(data, "office_caltech10")
	read := func(domain string) (sdt.Labelled, error) {
		at := filepath.Join(dir, "features", domain)
		return datasets.ReadFeatures(domain, at+"_googlenet.npy", at+"_googlenet_labels.npy", officeClasses)
	}
	amazon, err := read("amazon")
	if err != nil {
		return nil, err
	}
	webcam, err := read("webcam")
	if err != nil {
		return nil, err
	}
	var cells []cell
	for _, shift := range []struct{ source, target sdt.Labelled }{{amazon, webcam}, {webcam, amazon}} {
		name := shift.source.Domain + "→" + shift.target.Domain
		splits, err := datasets.ReadSplits(filepath.Join(dir, "splits", shift.source.Domain+"_to_"+shift.target.Domain+".json"))
		if err != nil {
			return nil, err
		}
		for trial := range min(trials, len(splits.Trials)) {
			supervised := sync.OnceValues(func() (sdt.Task, error) {
				return datasets.FromSplit(shift.source, shift.target, splits.Trials[trial], sdt.Alignment{})
			})
			half := sync.OnceValues(func() (sdt.Task, error) {
				return datasets.SemiSupervised(shift.source, shift.target, datasets.Protocol{Seed: uint64(trial)})
			})
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: name, trial: trial, method: m, task: supervised, config: officeCaltech()})
			}
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: name + ", held-out classes", trial: trial, method: m, task: half, config: officeCaltech()})
			}
		}
	}
	if len(cells) == 0 {
		return nil, fmt.Errorf("no trials in %s", dir)
	}
	return cells, nil
}

// officeClasses are the ten classes that Office and Caltech-256 share, in the order of
// their labels.
var officeClasses = []string{"backpack", "bike", "calculator", "headphones", "keyboard", "laptop", "monitor", "mouse", "mug", "projector"}
