package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// opener opens a lab on the back end of this program.
type opener func(dir string, task sdt.Task, config sdt.Config) (*sdt.Lab, error)

// options are the user's choices for a table.
type options struct {
	data      string // directory of data sets
	trials    int
	recipe    recipe
	set       string // of photographs of the table office; "": the first that is there
	weights   string // file of the network's pretrained weights
	partial   bool   // accept incomplete data
	baselines bool   // also the methods of others

	source, target, mapping string // of the table of two folders

	dir  string // of the table's runs and results
	open opener
	log  io.Writer // of the progress
}

// of fills in what the table decides, and returns the table with what the options decide.
// An option that does not apply to the table is an error.
func (o *options) of(t table, network string) (table, error) {
	switch {
	case t.network == "" && (network != "" || o.partial):
		return t, fmt.Errorf("-network and -partial are for tables of photographs")
	case t.titled == nil && o.set != "":
		return t, fmt.Errorf("-set is for the table office")
	case t.network == "" && o.weights != "":
		return t, fmt.Errorf("-weights is for tables of photographs")
	case !t.folders && o.source+o.target+o.mapping != "":
		return t, fmt.Errorf("-source, -target and -map are for the table cross")
	case t.folders && (o.source == "" || o.target == ""):
		return t, fmt.Errorf("it needs -source DIR and -target DIR, each with a folder of images per class")
	case t.data && o.data == "":
		return t, fmt.Errorf("it needs data: give -data DIR, or set $SDT_DATA")
	case o.trials < 0:
		return t, fmt.Errorf("-trials %d: want a count", o.trials)
	}
	given := o.trials > 0
	if !given {
		o.trials = t.trials
	}
	if t.network == "" {
		return t, nil
	}
	if network == "" {
		network = t.network
	}
	var ok bool
	if o.recipe, ok = recipes[network]; !ok {
		return t, fmt.Errorf("no network %q: choose one of %q", network, slices.Sorted(maps.Keys(recipes)))
	}
	if o.recipe.slow && !given {
		o.trials = min(o.trials, 3)
	}
	if t.titled == nil {
		t.title += ", " + o.recipe.title
		return t, nil
	}
	var err error
	t.title, err = t.titled(*o)
	return t, err
}

// methods returns the paper's methods and, if requested, the baselines.
func (o options) methods() []sdt.Method {
	if o.baselines {
		return slices.Concat(sdt.Methods(), sdt.Baselines())
	}
	return sdt.Methods()
}

// heldOutMethods returns the methods that can learn classes without a labelled target
// example.
func (o options) heldOutMethods() []sdt.Method {
	return slices.DeleteFunc(o.methods(), func(m sdt.Method) bool { return m == sdt.TargetOnly })
}
