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

// officeCaltechTrials is the number of standard trials.
const officeCaltechTrials = 20

// officeCaltechFeatures returns the cells on GoogLeNet features, with one hidden layer on
// the frozen network's output.
func officeCaltechFeatures(_ context.Context, o options) ([]cell, error) {
	head := recipe{title: "Head(256)", config: sdt.Config{Network: network.Head(256), LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1,
		PretrainSteps: 600, AdaptSteps: 600}}
	dir := filepath.Join(o.data, "office_caltech10")
	return officeCaltechCells(dir, o, head, func(domain string, classes []string) (sdt.Labelled, error) {
		at := filepath.Join(dir, "features", domain)
		return datasets.ReadFeatures(domain, at+"_googlenet.npy", at+"_googlenet_labels.npy", classes)
	})
}

// officeCaltechImages returns the same cells on the images.
func officeCaltechImages(ctx context.Context, o options) ([]cell, error) {
	dir := filepath.Join(o.data, "office_caltech10")
	return officeCaltechCells(dir, o, o.recipe, func(domain string, _ []string) (sdt.Labelled, error) {
		all, err := datasets.Open(ctx, "office-caltech-10", dir, datasets.OpenConfig{Domains: []string{domain}, Folder: o.recipe.folder, Partial: o.partial})
		return o.seen(ctx, all[domain], err)
	})
}

// officeCaltechCells returns the cells of amazon↔webcam on the standard trials, with all
// classes labelled, and with five of the ten held out. Nothing is read until a cell needs
// it.
func officeCaltechCells(dir string, o options, n recipe, read func(domain string, classes []string) (sdt.Labelled, error)) ([]cell, error) {
	if o.trials > officeCaltechTrials {
		return nil, fmt.Errorf("%d trials: Office-Caltech-10 has %d", o.trials, officeCaltechTrials)
	}
	var cells []cell
	var tasks kept
	for _, shift := range [][2]string{{"amazon", "webcam"}, {"webcam", "amazon"}} {
		name := shift[0] + "→" + shift[1]
		load := sync.OnceValues(func() (s standard, err error) {
			if s.Splits, err = datasets.ReadSplits(filepath.Join(dir, "splits", shift[0]+"_to_"+shift[1]+".json")); err != nil {
				return s, err
			}
			if s.source, err = read(shift[0], s.Classes); err != nil {
				return s, err
			}
			s.target, err = read(shift[1], s.Classes)
			return s, err
		})
		for _, p := range []struct {
			name    string
			build   func(s standard, trial int) (sdt.Task, error)
			methods []sdt.Method
		}{{name, standard.supervised, o.methods()}, {name + heldOut, standard.semiSupervised, o.heldOutMethods()}} {
			for trial := range o.trials {
				task := tasks.of(fmt.Sprint(p.name, trial), func() (sdt.Task, error) {
					s, err := load()
					if err != nil {
						return sdt.Task{}, err
					}
					return p.build(s, trial)
				})
				for _, m := range p.methods {
					cells = append(cells, cell{problem: p.name, trial: trial, method: m, network: n.title, task: task, config: n.config, weights: o.startingWeights})
				}
			}
		}
	}
	return cells, nil
}

// standard is a pair of domains with its published trials.
type standard struct {
	datasets.Splits
	source, target sdt.Labelled
}

func (s standard) supervised(trial int) (sdt.Task, error) {
	if trial >= len(s.Trials) {
		return sdt.Task{}, fmt.Errorf("%s→%s has %d trials, want %d", s.Source, s.Target, len(s.Trials), officeCaltechTrials)
	}
	return datasets.FromSplit(s.source, s.target, s.Trials[trial], sdt.Alignment{})
}

func (s standard) semiSupervised(trial int) (sdt.Task, error) {
	return datasets.SemiSupervised(s.source, s.target, datasets.Protocol{Seed: uint64(trial)})
}
