package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// request is what the command line asks for.
type request struct {
	name    string
	table   table
	options options
	dir     string // of runs and results
	only    string
	methods string
	steps   int
	share   shard
	train   bool
	write   func(io.Writer, summary) error
}

// parse reads the command line.
func parse(args []string, log io.Writer) (r request, err error) {
	names := strings.Join(slices.Sorted(maps.Keys(tables)), ", ")
	o := &r.options
	o.log = log
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.StringVar(&r.name, "table", "", names)
	flags.StringVar(&o.data, "data", os.Getenv("SDT_DATA"), "folder of data sets")
	flags.StringVar(&r.dir, "o", "runs/reproduce", "folder for runs and results")
	flags.IntVar(&o.trials, "trials", 0, "trials of each problem; 0: the table's default")
	network := flags.String("network", "", "for tables of photographs: "+strings.Join(slices.Sorted(maps.Keys(recipes)), ", ")+"; \"\": the table's default")
	flags.StringVar(&o.set, "set", "", "for the table office: office31 or photos256; \"\": the first of them in -data")
	flags.StringVar(&o.weights, "weights", "", "for networks that start from weights: their file")
	flags.BoolVar(&o.partial, "partial", false, "accept incomplete sets of photographs, and classes that only one of two folders has")
	flags.BoolVar(&o.baselines, "baselines", false, "also the methods of others, which the table office has in any case: gradient reversal, MMD, CORAL, MME, entropy minimization, CCSA and CDAN")
	flags.StringVar(&o.source, "source", "", "for the table cross: folder of source images, a folder per class")
	flags.StringVar(&o.target, "target", "", "for the table cross: folder of target images")
	flags.StringVar(&o.mapping, "map", "", "for the table cross: file with lines \"target class = source class\"")
	flags.Func("backend", "back end to compute on, as in $GOMLX_BACKEND", func(name string) error { return os.Setenv(backendVariable, name) })
	flags.StringVar(&r.only, "only", "", "run only problems with this text in their name")
	flags.StringVar(&r.methods, "methods", "", "run only these methods, by their names in the table, separated by commas")
	flags.IntVar(&r.steps, "steps", 0, "steps of each training; 0: the table's default")
	part := flags.String("shard", "0/1", "the share of the cells to run: I/N, I from 0 to N−1")
	report := flags.String("report", "", "train nothing, print existing results: markdown, csv or latex")
	if err := flags.Parse(args); err != nil {
		return r, err
	}
	t, ok := tables[r.name]
	if !ok || flags.NArg() > 0 {
		return r, fmt.Errorf("no table %q: give -table one of %s", r.name, names)
	}
	if r.table, err = o.of(t, *network); err != nil {
		return r, fmt.Errorf("table %s: %w", r.name, err)
	}
	r.train = *report == ""
	if r.write, ok = formats[cmp.Or(*report, "markdown")]; !ok {
		return r, fmt.Errorf("no report %q: choose one of %q", *report, slices.Sorted(maps.Keys(formats)))
	}
	r.share, err = parseShard(*part)
	return r, err
}

// backendVariable is the environment variable that names a back end.
const backendVariable = "GOMLX_BACKEND"

// backend returns an opener of labs on the back end for the table in dir, and that back end's
// name. It is the one of the existing results, or the fastest on this machine. Shares of a table
// have the same one on all machines: pure Go, or the one that $GOMLX_BACKEND names.
func (r request) backend(dir string) (opener, string, error) {
	if r.share.count > 1 && os.Getenv(backendVariable) == "" {
		fmt.Fprintf(r.options.log, "computing on pure Go: for another back end set %s, on all machines that share the table\n", backendVariable)
		os.Setenv(backendVariable, "go")
	}
	groups, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return nil, "", err
	}
	b, why, err := sdt.ChooseBackend(!r.table.values, groups[:min(len(groups), 3)]...)
	if err != nil {
		return nil, "", err
	}
	if why != "" {
		fmt.Fprintln(r.options.log, why)
	}
	return func(dir string, task sdt.Task, config sdt.Config) (*sdt.Lab, error) {
		return sdt.OpenOn(b, dir, task, config)
	}, sdt.BackendName(b), nil
}

// cells returns the requested cells.
func (r request) cells(ctx context.Context) ([]cell, error) {
	dir := filepath.Join(r.dir, r.name)
	open, backend, err := r.backend(dir)
	if err != nil {
		return nil, err
	}
	r.options.dir, r.options.open = dir, open
	cells, err := r.table.cells(ctx, r.options)
	if err != nil {
		return nil, err
	}
	if cells, err = choose(tuned(cells), r.only, r.methods); err != nil {
		return nil, err
	}
	for i := range cells {
		if r.steps != 0 {
			cells[i].config.PretrainSteps, cells[i].config.AdaptSteps = r.steps, r.steps
		}
		if r.options.partial {
			cells[i].data += " partial"
		}
		cells[i].table, cells[i].dir, cells[i].backend, cells[i].open = r.name, dir, backend, open
	}
	return cells, nil
}

// run does what the arguments say: the table to out, progress to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	r, err := parse(args, log)
	if err != nil {
		return err
	}
	cells, err := r.cells(ctx)
	if err != nil {
		return err
	}
	if r.train {
		if err := sweep(ctx, r.share.of(cells), log); err != nil {
			return err
		}
	}
	results, missing, err := collect(cells)
	if err != nil {
		return err
	}
	if missing > 0 {
		fmt.Fprintf(log, "%d of %d cells have no result yet\n", missing, len(cells))
		if r.train {
			return nil // the last shard prints the table
		}
	}
	return r.write(out, summarise(r.table, results))
}
