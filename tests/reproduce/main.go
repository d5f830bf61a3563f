// Command reproduce makes tables of accuracy, each number from a training of its own, on
// data that is at hand:
//
//	go run ./tests/reproduce -table NAME [-data DIR] [-o DIR] [-only TEXT] [-methods LIST] [-trials N] [-shard I/N]
//	go run ./tests/reproduce -table NAME -report markdown|csv|latex [-o DIR]
//
// A cell is one method on one trial of one problem. Its result is written under -o as a
// file of its own, atomically, under a key made of its configuration; a cell that is done
// is not done again. So a sweep that was killed goes on where it was, and shards on many
// machines fill one shared folder without a coordinator. -report prints what is there.
//
// -steps makes a quick look of it, with figures that mean little.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// table makes the cells of one table.
type table struct {
	title  string
	trials int // by default
	cells  func(ctx context.Context, data string, trials int) ([]cell, error)

	published map[string]map[sdt.Method]string // figures of others, percent, by problem
}

var tables = map[string]table{
	"glyphs":         {title: "Glyphs31", trials: 3, cells: glyphCells},
	"digits":         {title: "MNIST and USPS, LeNet", trials: 5, cells: digitCells, published: publishedDigits},
	"office-caltech": {title: "Office-Caltech-10, GoogLeNet features", trials: 20, cells: officeCaltechCells},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

// run does what the arguments say: the table to out, progress to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	names := strings.Join(slices.Sorted(maps.Keys(tables)), ", ")
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(log)
	name := flags.String("table", "", names)
	data := flags.String("data", defaultData(), "directory of data sets")
	dir := flags.String("o", "runs/reproduce", "directory of runs and results")
	trials := flags.Int("trials", 0, "trials of each problem; 0: the table's own")
	only := flags.String("only", "", "make only problems whose name contains this")
	methods := flags.String("methods", "", "make only these methods, by their names in the table, with commas between")
	steps := flags.Int("steps", 0, "steps of each training; 0: the table's own")
	part := flags.String("shard", "0/1", "which share of the cells to make: I/N, I from 0 to N−1")
	report := flags.String("report", "", "train nothing, print what is there: markdown, csv or latex")
	if err := flags.Parse(args); err != nil {
		return err
	}
	t, ok := tables[*name]
	if !ok || flags.NArg() > 0 {
		return fmt.Errorf("no table %q: want -table with one of %s", *name, names)
	}
	if *trials == 0 {
		*trials = t.trials
	}
	format := *report
	if format == "" {
		format = "markdown"
	}
	write, ok := formats[format]
	if !ok {
		return fmt.Errorf("no report %q: want one of %q", *report, slices.Sorted(maps.Keys(formats)))
	}
	share, err := parseShard(*part)
	if err != nil {
		return err
	}
	backend, err := sdt.NewBackend()
	if err != nil {
		return err
	}
	cells, err := t.cells(ctx, *data, *trials)
	if err != nil {
		return err
	}
	if cells, err = choose(cells, *only, *methods); err != nil {
		return err
	}
	open := func(dir string, task sdt.Task, config sdt.Config) (*sdt.Lab, error) {
		return sdt.OpenOn(backend, dir, task, config)
	}
	for i := range cells {
		if *steps != 0 {
			cells[i].config.PretrainSteps, cells[i].config.AdaptSteps = *steps, *steps
		}
		cells[i].table, cells[i].dir, cells[i].backend, cells[i].open = *name, filepath.Join(*dir, *name), backend.Name(), open
	}
	if *report == "" {
		if err := sweep(ctx, share.of(cells), log); err != nil {
			return err
		}
	}
	results, missing, err := collect(cells)
	if err != nil {
		return err
	}
	if missing > 0 {
		fmt.Fprintf(log, "%d of %d cells are not there yet\n", missing, len(cells))
		if *report == "" {
			return nil // the last shard prints the table
		}
	}
	return write(out, summarise(t, results))
}

// sweep makes the cells that are not done.
func sweep(ctx context.Context, cells []cell, log io.Writer) error {
	began := time.Now()
	for i, c := range cells {
		r, done, err := c.read()
		if err == nil && !done {
			r, err = c.run(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s, trial %d, %s: %w", c.problem, c.trial, c.method, err)
		}
		fmt.Fprintf(log, "%d/%d  %s, trial %d, %s: %.1f %%  (%s)\n", i+1, len(cells), c.problem, c.trial, c.method, 100*r.Accuracy, time.Since(began).Round(time.Second))
	}
	return nil
}

// collect reads the results that are there, in the cells' order, and counts the others.
func collect(cells []cell) (results []result, missing int, err error) {
	for _, c := range cells {
		r, done, err := c.read()
		if err != nil {
			return nil, 0, err
		}
		if !done {
			missing++
			continue
		}
		results = append(results, r)
	}
	return results, missing, nil
}

// choose keeps the cells whose problem contains only and whose method is in the list.
func choose(cells []cell, only, list string) ([]cell, error) {
	var problems []string
	for _, c := range cells {
		if !slices.Contains(problems, c.problem) {
			problems = append(problems, c.problem)
		}
	}
	var methods []sdt.Method
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			var m sdt.Method
			if err := m.UnmarshalText([]byte(name)); err != nil {
				return nil, err
			}
			methods = append(methods, m)
		}
	}
	kept := slices.DeleteFunc(cells, func(c cell) bool {
		return !strings.Contains(c.problem, only) || methods != nil && !slices.Contains(methods, c.method)
	})
	if len(kept) == 0 {
		return nil, fmt.Errorf("no cell is left: of the problems %q none contains %q, or none has the methods %q", problems, only, list)
	}
	return kept, nil
}

// defaultData is $SDT_DATA, or the folder shared/data beside the project.
func defaultData() string {
	if dir := os.Getenv("SDT_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("..", "shared", "data")
}
