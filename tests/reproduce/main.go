// Command reproduce makes the tables of README, each cell from its own training, on
// data that is at hand:
//
//	go run ./tests/reproduce -table glyphs|digits|office-caltech [-only TEXT] [-trials N] [-steps N] [-data DIR] [-o DIR]
//
// -steps makes a quick look of it, with figures that mean little. Every stage of every cell is kept in a run directory under -o: an interrupted sweep
// goes on where it was, and a table that was made is printed again at once.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// cell is one number of a table: a method on one trial of one problem.
type cell struct {
	problem string // "amazon→webcam, half the classes"
	trial   int
	method  sdt.Method
	task    func() (sdt.Task, error)
	config  sdt.Config
}

// table makes the cells of one table.
type table struct {
	title  string
	trials int // by default
	cells  func(ctx context.Context, data string, trials int) ([]cell, error)
}

var tables = map[string]table{
	"glyphs":         {"Glyphs31", 3, glyphCells},
	"digits":         {"MNIST and USPS, LeNet", 5, digitCells},
	"office-caltech": {"Office-Caltech-10, GoogLeNet features", 20, officeCaltechCells},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

// run makes the table that the arguments name and prints it to out, progress to log.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	flags.SetOutput(log)
	name := flags.String("table", "", "glyphs, digits or office-caltech")
	data := flags.String("data", defaultData(), "directory of data sets")
	trials := flags.Int("trials", 0, "trials of each problem; 0: the table's own")
	dir := flags.String("o", "runs/reproduce", "directory of runs")
	only := flags.String("only", "", "make only problems whose name contains this")
	steps := flags.Int("steps", 0, "steps of each training; 0: the table's own")
	if err := flags.Parse(args); err != nil {
		return err
	}
	t, ok := tables[*name]
	if !ok || flags.NArg() > 0 {
		return fmt.Errorf("no table %q: want -table glyphs, digits or office-caltech", *name)
	}
	if *trials == 0 {
		*trials = t.trials
	}
	cells, err := t.cells(ctx, *data, *trials)
	if err != nil {
		return err
	}
	problems := problemsOf(cells)
	cells = slices.DeleteFunc(cells, func(c cell) bool { return !strings.Contains(c.problem, *only) })
	if len(cells) == 0 {
		return fmt.Errorf("no problem of table %s contains %q: there are %q", *name, *only, problems)
	}
	results := newResults(t.title)
	began := time.Now()
	for i, c := range cells {
		if *steps != 0 {
			c.config.PretrainSteps, c.config.AdaptSteps = *steps, *steps
		}
		accuracy, err := c.run(ctx, filepath.Join(*dir, *name, fmt.Sprintf("%s-%d", slug(c.problem), c.trial)))
		if err != nil {
			return fmt.Errorf("%s, trial %d, %s: %w", c.problem, c.trial, c.method, err)
		}
		results.add(c, accuracy)
		fmt.Fprintf(log, "%d/%d  %s, trial %d, %s: %.1f %%  (%s)\n", i+1, len(cells), c.problem, c.trial, c.method, 100*accuracy, time.Since(began).Round(time.Second))
	}
	return results.markdown(out)
}

// problemsOf returns the names of the cells' problems, each once, in order.
func problemsOf(cells []cell) []string {
	var names []string
	for _, c := range cells {
		if !slices.Contains(names, c.problem) {
			names = append(names, c.problem)
		}
	}
	return names
}

// run trains one cell in dir and returns its accuracy, 0…1.
func (c cell) run(ctx context.Context, dir string) (float64, error) {
	task, err := c.task()
	if err != nil {
		return 0, err
	}
	c.config.Method, c.config.Seed = c.method, uint64(c.trial)
	lab, err := sdt.Open(dir, task, c.config)
	if err != nil {
		return 0, err
	}
	source, err := lab.Pretrain(ctx)
	if err != nil {
		return 0, err
	}
	soft, err := lab.SoftLabels(ctx, source)
	if err != nil {
		return 0, err
	}
	model, err := lab.Adapt(ctx, source, soft)
	if err != nil {
		return 0, err
	}
	e, err := lab.Evaluate(ctx, model)
	return e.Accuracy(), err
}

// defaultData is $SDT_DATA, or the folder shared/data beside the project.
func defaultData() string {
	if dir := os.Getenv("SDT_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("..", "shared", "data")
}

// slug is a problem's name as a file name.
func slug(problem string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		case r == '→':
			return '2'
		}
		return '-'
	}, problem)
}
