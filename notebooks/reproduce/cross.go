package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// crossNotes appear below the table: the paper's figures are for other data than the
// user's, so they are not in its rows.
var crossNotes = []string{"For comparison, the paper's Fig. 6, ImageNet→Caltech-256 with 40 shared classes, target only, has 36.6, 60.9 and 67.7 (v) with 1, 3 and 5 labelled images per class."}

// crossCells returns the cells of the paper's Fig. 6 on any two folders of images: all
// source images, and 1, 3 or 5 labelled target images per class.
func crossCells(ctx context.Context, o options) ([]cell, error) {
	source, target, err := domainNames(o.source, o.target)
	if err != nil {
		return nil, err
	}
	align := sdt.Alignment{Partial: o.partial}
	if o.mapping != "" {
		if align.Map, err = readMapping(o.mapping); err != nil {
			return nil, err
		}
	}
	read := func(dir, name string) func() (sdt.Labelled, error) {
		return sync.OnceValues(func() (sdt.Labelled, error) {
			folder := o.recipe.folder
			folder.Domain = name
			l, err := datasets.ReadFolder(ctx, dir, folder)
			return o.seen(ctx, l, err)
		})
	}
	sources, targets := read(o.source, source), read(o.target, target)
	var cells []cell
	var tasks kept
	for _, labels := range []int{1, 3, 5} {
		name := fmt.Sprintf("%s→%s, %d per class", source, target, labels)
		for trial := range o.trials {
			task := tasks.of(fmt.Sprint(name, trial), both(sources, targets, func(s, t sdt.Labelled) (sdt.Task, error) {
				return datasets.Supervised(s, t, datasets.Protocol{Seed: uint64(trial), PerSource: datasets.All, PerTarget: labels, Align: align})
			}))
			for _, m := range o.methods() {
				cells = append(cells, cell{problem: name, trial: trial, method: m, network: o.recipe.title, task: task, config: o.recipe.config, weights: o.startingWeights,
					data: fmt.Sprintf("%q %q %q", filepath.Clean(o.source), filepath.Clean(o.target), align.Map)})
			}
		}
	}
	return cells, nil
}

// domainNames returns the last elements of the two paths, as many as distinguish them.
func domainNames(source, target string) (string, string, error) {
	s, err := filepath.Abs(source)
	if err != nil {
		return "", "", err
	}
	t, err := filepath.Abs(target)
	if err != nil {
		return "", "", err
	}
	if s == t {
		return "", "", fmt.Errorf("-source and -target are both %s", s)
	}
	a, b := filepath.Base(s), filepath.Base(t)
	for a == b {
		s, t = filepath.Dir(s), filepath.Dir(t)
		a, b = filepath.Base(s)+"/"+a, filepath.Base(t)+"/"+b
	}
	return a, b, nil
}
