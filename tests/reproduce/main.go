// Command reproduce makes tables of accuracy, each number from a training of its own, on
// data that is at hand:
//
//	go run ./tests/reproduce -table NAME [-data DIR] [-o DIR] [-network NAME] [-only TEXT] [-methods LIST] [-trials N] [-shard I/N]
//	go run ./tests/reproduce -table cross -source DIR -target DIR [-map FILE] [-partial] …
//	go run ./tests/reproduce -table NAME … -report markdown|csv|latex
//
// Tables 1 and 2 are the paper's, on Office-31 in the folder office31 of -data; cross is
// its Fig. 6 on any two folders of images.
//
// A cell is one method on one trial of one problem. Its result is written under -o as a
// file of its own, atomically, under a key made of its configuration; a cell that is done
// is not done again. So a sweep that was killed goes on where it was, and shards on many
// machines fill one shared folder without a coordinator. -report, with the flags that the
// sweep had, prints what is there, and reads no data. The key does not know the content
// of the data: of changed images make the table in another -o.
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
	"syscall"

	"github.com/sdtlab/sdtlab/sdt"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // a cluster sends the latter
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

// run does what the arguments say: the table to out, progress to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	names := strings.Join(slices.Sorted(maps.Keys(tables)), ", ")
	var o options
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(log)
	name := flags.String("table", "", names)
	flags.StringVar(&o.data, "data", defaultData(), "directory of data sets")
	dir := flags.String("o", "runs/reproduce", "directory of runs and results")
	flags.IntVar(&o.trials, "trials", 0, "trials of each problem; 0: the table's own")
	network := flags.String("network", "", "for tables of photographs: "+strings.Join(slices.Sorted(maps.Keys(recipes)), ", ")+"; \"\": the table's own")
	flags.BoolVar(&o.partial, "partial", false, "take sets of photographs that are not whole, and classes that only one of two folders has")
	flags.BoolVar(&o.baselines, "baselines", false, "gradient reversal, MMD and CORAL, too")
	flags.StringVar(&o.source, "source", "", "for the table cross: folder of source images, a folder per class")
	flags.StringVar(&o.target, "target", "", "for the table cross: folder of target images")
	flags.StringVar(&o.mapping, "map", "", "for the table cross: file with lines \"target class = source class\"")
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
	t, err := o.of(t, *network)
	if err != nil {
		return fmt.Errorf("table %s: %w", *name, err)
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
	cells, err := t.cells(ctx, o)
	if err != nil {
		return err
	}
	if cells, err = choose(tuned(cells), *only, *methods); err != nil {
		return err
	}
	open := func(dir string, task sdt.Task, config sdt.Config) (*sdt.Lab, error) {
		return sdt.OpenOn(backend, dir, task, config)
	}
	for i := range cells {
		if *steps != 0 {
			cells[i].config.PretrainSteps, cells[i].config.AdaptSteps = *steps, *steps
		}
		if o.partial {
			cells[i].data += " partial"
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
