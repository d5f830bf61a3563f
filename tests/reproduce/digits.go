package main

import (
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// digitCells are MNIST→USPS with 2000 and 1800 images: without target labels, and with 3
// labels per class.
func digitCells(data string, trials int) ([]cell, error) {
	dir := filepath.Join(data, "digits")
	read := func(domain, file string) (sdt.Labelled, error) {
		return datasets.ReadIDXPair(domain, filepath.Join(dir, file+"-images-idx3-ubyte.gz"), filepath.Join(dir, file+"-labels-idx1-ubyte.gz"))
	}
	mnist, err := read("mnist", "t10k")
	if err != nil {
		return nil, err
	}
	usps, err := read("usps", "usps-train")
	if err != nil {
		return nil, err
	}
	test, err := read("usps", "usps-test")
	if err != nil {
		return nil, err
	}
	if usps, err = datasets.Resize(usps, 28, datasets.BiLinear); err != nil {
		return nil, err
	}
	if test, err = datasets.Resize(test, 28, datasets.BiLinear); err != nil {
		return nil, err
	}
	config := sdt.Config{Network: sdt.LeNet, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05, PretrainSteps: 300, AdaptSteps: 300}
	var cells []cell
	for _, p := range []struct {
		name      string
		perTarget int
		methods   []sdt.Method
	}{
		{"mnist→usps, no target labels", 0, []sdt.Method{sdt.SourceOnly, sdt.ConfusionOnly}},
		{"mnist→usps, 3 labels per class", 3, sdt.Methods()},
	} {
		for trial := range trials {
			task := sync.OnceValues(func() (sdt.Task, error) {
				return datasets.Unsupervised(mnist, usps, test, datasets.Sample{Seed: uint64(trial), Source: 2000, Target: 1800, PerTarget: p.perTarget})
			})
			for _, m := range p.methods {
				cells = append(cells, cell{problem: p.name, trial: trial, method: m, task: task, config: config})
			}
		}
	}
	return cells, nil
}
