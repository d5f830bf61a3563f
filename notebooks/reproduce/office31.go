package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// office31Shifts are source and target of the paper's six shifts, in its order.
var office31Shifts = [][2]string{{"amazon", "webcam"}, {"amazon", "dslr"}, {"webcam", "amazon"}, {"webcam", "dslr"}, {"dslr", "amazon"}, {"dslr", "webcam"}}

// supervisedCells returns the cells of the paper's Table 1: 20 labelled source images per
// class of Amazon, 8 of the others, and 3 of the target.
func supervisedCells(ctx context.Context, o options) ([]cell, error) {
	return office31Cells(ctx, o, "", datasets.Supervised, o.methods()), nil
}

// heldOutCells returns the cells of the paper's Table 2: 10 labelled target images for each
// of 15 classes, none for the other 16, and all source images. Source + target, which the
// paper's table lacks, is included for the differences from it.
func heldOutCells(ctx context.Context, o options) ([]cell, error) {
	return office31Cells(ctx, o, heldOut, datasets.SemiSupervised, o.heldOutMethods()), nil
}

// office31Cells returns the cells of the six shifts in one protocol. Images are read when a
// cell needs them, each domain once.
func office31Cells(ctx context.Context, o options, ending string, build func(source, target sdt.Labelled, p datasets.Protocol) (sdt.Task, error), methods []sdt.Method) []cell {
	domains := map[string]func() (sdt.Labelled, error){}
	for _, name := range []string{"amazon", "dslr", "webcam"} {
		domains[name] = sync.OnceValues(func() (sdt.Labelled, error) {
			l, err := office31(ctx, o, name)
			return o.seen(ctx, l, err)
		})
	}
	var cells []cell
	var tasks kept
	for i, name := range shifts(ending) {
		for trial := range o.trials {
			task := tasks.of(fmt.Sprint(name, trial), both(domains[office31Shifts[i][0]], domains[office31Shifts[i][1]], func(source, target sdt.Labelled) (sdt.Task, error) {
				return build(source, target, datasets.Protocol{Seed: uint64(trial)})
			}))
			for _, m := range methods {
				cells = append(cells, cell{problem: name, trial: trial, method: m, network: o.recipe.title, task: task, config: o.recipe.config, weights: o.startingWeights})
			}
		}
	}
	return cells
}

// office31 reads one domain of the set, which must be complete unless o is partial.
func office31(ctx context.Context, o options, domain string) (sdt.Labelled, error) {
	all, err := datasets.Open(ctx, "office-31", filepath.Join(o.data, "office31"), datasets.OpenConfig{
		Domains: []string{domain}, Folder: o.recipe.folder, Partial: o.partial})
	if errors.Is(err, fs.ErrNotExist) {
		set, _ := datasets.Lookup("office-31")
		return sdt.Labelled{}, fmt.Errorf("%w: %s", err, set.Obtain)
	}
	return all[domain], err
}
