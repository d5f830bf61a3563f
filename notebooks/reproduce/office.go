package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// officeSet is a set of photographs of amazon, dslr and webcam.
type officeSet struct {
	name string // of -set, and of its folder in the data
	says string // in the title
	read func(ctx context.Context, o options, domain string) (sdt.Labelled, error)
}

// officeSets are Office-31 and ten of its classes, the same files.
var officeSets = []officeSet{
	{"office31", "all 31 classes", office31},
	{"photos256", "10 of its 31 classes", func(ctx context.Context, o options, domain string) (sdt.Labelled, error) {
		return datasets.ReadFolder(ctx, filepath.Join(o.data, photos256, domain), o.recipe.folder)
	}},
}

// photos256 is the folder of the ten classes.
const photos256 = "office_caltech10/photos256"

// officeSet returns the set that the user names, or the first one that is there.
func (o options) officeSet() (officeSet, error) {
	for _, s := range officeSets {
		folder := filepath.Join(o.data, s.name)
		if s.name == "photos256" {
			folder = filepath.Join(o.data, photos256)
		}
		if info, err := os.Stat(folder); o.set == s.name || o.set == "" && err == nil && info.IsDir() {
			return s, nil
		}
	}
	if o.set != "" {
		return officeSet{}, fmt.Errorf("no set %q: choose office31 or photos256", o.set)
	}
	return officeSet{}, fmt.Errorf("neither office31 nor %s is in %s: put the photographs there, or for a report say with -set which of them it was", photos256, o.data)
}

// officeTitle says what differs between the table's figures and the published ones.
func officeTitle(o options) (string, error) {
	s, err := o.officeSet()
	return fmt.Sprintf("Office-31, %s, %s; published: all 31, CaffeNet fine-tuned from ImageNet", s.says, o.recipe.title), err
}

// officeCells returns the cells of the paper's Tables 1 and 2 on photographs: its methods as it
// sets them, and rows with settings that the validator chooses. A network that takes minutes for
// each training has the first shift only.
func officeCells(ctx context.Context, o options) ([]cell, error) {
	set, err := o.officeSet()
	if err != nil {
		return nil, err
	}
	domains := map[string]func() (sdt.Labelled, error){}
	for _, domain := range []string{"amazon", "dslr", "webcam"} {
		domains[domain] = sync.OnceValues(func() (sdt.Labelled, error) {
			l, err := set.read(ctx, o, domain)
			return o.seen(ctx, l, err)
		})
	}
	pairs := office31Shifts
	if o.recipe.slow {
		pairs = pairs[:1]
	}
	var cells []cell
	var tasks kept
	for _, p := range []struct {
		ending  string
		build   func(source, target sdt.Labelled, p datasets.Protocol) (sdt.Task, error)
		methods []sdt.Method
	}{{"", datasets.Supervised, sdt.Methods()}, {heldOut, datasets.SemiSupervised, o.heldOutMethods()}} {
		for _, pair := range pairs {
			name := pair[0] + "→" + pair[1] + p.ending
			for trial := range o.trials {
				task := tasks.of(fmt.Sprint(name, trial), both(domains[pair[0]], domains[pair[1]], func(source, target sdt.Labelled) (sdt.Task, error) {
					return p.build(source, target, datasets.Protocol{Seed: uint64(trial)})
				}))
				c := cell{problem: name, data: " " + set.name, trial: trial, network: o.recipe.title, task: task, config: o.recipe.config, weights: o.startingWeights}
				for _, m := range p.methods {
					c.method = m
					cells = append(cells, c)
				}
				for _, row := range o.variants() {
					cells = append(cells, row.of(c)...)
				}
			}
		}
	}
	return cells, nil
}
