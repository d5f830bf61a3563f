package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/backend"
	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/execution"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
	"github.com/sdtlab/sdtlab/kernel/internal/report"
)

// Usage texts of the flags that run and demo share.
const (
	outUsage    = "folder for the executed notebook and the report"
	engineUsage = `"live", all cells in one process, or "gonb", each in its own (default: live where possible)`
)

func runCommand(stop execution.Stopper) *cobra.Command {
	var r request
	var typed []string
	c := &cobra.Command{
		Use:   "run NOTEBOOK…",
		Short: "Execute notebooks, and save each with a report",
		Long: `Execute notebooks, and save each with a report.

-p NAME=VALUE sets a variable of the cell tagged "parameters" that is declared on a line of
its own: a text, a number, true or false, a duration (1m30s), or a list of strings, with
commas between them. The executed notebook has the values that were used.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("kernel run needs a notebook: kernel run NOTEBOOK…")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if r.typed, err = assignments(typed); err != nil {
				return err
			}
			r.paths = args
			return r.run(c, stop)
		},
	}
	c.Flags().StringVarP(&r.out, "out", "o", "out", outUsage)
	c.Flags().StringVar(&r.engine, "engine", "", engineUsage)
	c.Flags().StringArrayVarP(&typed, "parameter", "p", nil, "set a variable of the cell tagged parameters: NAME=VALUE; repeat it for others")
	return c
}

// request asks for notebooks to be executed.
type request struct {
	paths       []string
	out, engine string
	typed       []parameter        // to set in each of them
	change      func(*order) error // before a notebook runs; may be nil
}

// order is a notebook to execute.
type order struct {
	path       string // of the notebook
	dir        string // where its cells run
	notebook   *nbformat.Notebook
	parameters []parameter // paths from where the command runs, which are others in dir and home
	to         saved
	home       string // the folder where the executed notebook will be
	command    string // that repeats the report
}

// readGo reads the notebook at path, which must be in Go.
func readGo(path string) (*nbformat.Notebook, error) {
	if path == "" {
		return nil, errors.New("notebook: the name is empty")
	}
	nb, err := nbformat.Read(path)
	if err != nil {
		return nil, err
	}
	if language, kernel := nb.Language(); language != "" && language != "go" {
		with := ""
		if kernel != "" {
			with = " (its kernel is " + kernel + ")"
		}
		return nil, fmt.Errorf("%s is a notebook in %s%s: this kernel runs only Go", path, strings.ToUpper(language[:1])+language[1:], with)
	}
	return nb, nil
}

// orderFor returns the order to execute a notebook in its own folder and save it in the
// folder out.
func orderFor(p project.Project, nb *nbformat.Notebook, path, out string) (order, error) {
	o := order{path: path, dir: filepath.Dir(path), notebook: nb, to: savedAt(out, filepath.Base(path)), home: out, command: runCommandLine(p, path)}
	if same(path, o.to.notebook) {
		return order{}, fmt.Errorf("%s would be overwritten by its executed copy: choose another folder with -o", path)
	}
	return o, nil
}

// run executes each notebook in its own kernel and continues after one that fails; it returns
// all their errors. A parameter that a notebook does not have, or of a wrong type, is an error
// before any of them runs.
func (r request) run(c *cobra.Command, stop execution.Stopper) error {
	if err := checkOut(r.out); err != nil {
		return err
	}
	var failed, refused []error
	var notebooks []*nbformat.Notebook
	read := r.paths[:0:0]
	for _, path := range r.paths {
		nb, err := readGo(path)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if err := assign(nb, r.typed); err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", path, err))
		}
		notebooks, read = append(notebooks, nb), append(read, path)
	}
	if len(read) == 0 || len(refused) > 0 {
		return errors.Join(append(failed, refused...)...)
	}
	e, err := enginesFor(c, r.engine)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	sayUnmeasured(c, e.Project)
	for i, path := range read {
		o, err := orderFor(e.Project, notebooks[i], path, r.out)
		o.command += flags(r.typed)
		if err == nil && r.change != nil {
			err = r.change(&o)
		}
		o.command += backendFlag(c)
		if err == nil {
			err = o.run(c, stop, e)
		}
		if err != nil {
			failed = append(failed, err)
		}
		if stop.Soft.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

// sayUnmeasured says which back ends are on the machine, but not considered.
func sayUnmeasured(c *cobra.Command, p project.Project) {
	if cache, err := cachedir.Path(); err == nil {
		if said := backend.Unmeasured(backend.Where{Project: p.Root, Cache: cache}, os.Getenv); said != "" {
			fmt.Fprintln(c.ErrOrStderr(), said)
		}
	}
}

// enginesFor prepares the engines that a command runs notebooks on.
func enginesFor(c *cobra.Command, name string) (*engine.Engines, error) {
	return engine.Find(c.Context(), name, remark.On(c.ErrOrStderr()))
}

// run executes a notebook and saves the result, even if it failed.
func (o order) run(c *cobra.Command, stop execution.Stopper, from *engine.Engines) error {
	shown := execution.ProgressOn(c.ErrOrStderr())
	failed, err := o.execute(c, stop, from, shown)
	if err != nil {
		return err
	}
	if err = o.save(stop, failed, shown); err == nil {
		o.announce(c.OutOrStdout())
	}
	return errors.Join(failed, err)
}

// execute executes a notebook, which it saves after each cell. failed is why part of it was
// not executed; err, why none of it was.
func (o order) execute(c *cobra.Command, stop execution.Stopper, from *engine.Engines, shown *execution.Progress) (failed, err error) {
	k, err := from.Start(c.Context(), o.dir, o.command)
	if err != nil {
		return nil, err
	}
	defer k.Stop()
	e := &execution.Execution{Name: o.path, Notebook: o.notebook, Kernel: k, Stop: stop, Progress: shown, Save: o.saveNotebook}
	return e.Run(), nil
}

// saveNotebook saves the notebook with its parameters relative to its final folder.
func (o order) saveNotebook() error {
	if len(o.parameters) == 0 {
		return o.to.saveNotebook(o.notebook)
	}
	if err := o.parameterizeFor(o.home); err != nil {
		return err
	}
	return errors.Join(o.to.saveNotebook(o.notebook), o.parameterizeFor(o.dir))
}

// parameterizeFor sets the notebook's parameters for cells that run in a folder. Where the
// command runs, paths stay as they were typed.
func (o order) parameterizeFor(folder string) error {
	var there []parameter
	for _, p := range o.parameters {
		if folder != "." {
			var err error
			if p, err = p.seenFrom(folder); err != nil {
				return err
			}
		}
		there = append(there, p)
	}
	return parameterize(o.notebook, there)
}

// save saves an executed notebook and its report.
func (o order) save(stop execution.Stopper, failed error, shown *execution.Progress) error {
	about := report.About{Name: filepath.Base(o.path), Dir: filepath.Dir(o.path), Command: o.command}
	if cell := new(execution.CellError); failed != nil && !errors.As(failed, &cell) {
		about.Problem = failed.Error()
	}
	return errors.Join(o.saveNotebook(), o.to.saveReport(stop.Hard, o.notebook, about, shown.Say))
}

// announce prints a notebook's results and where it is saved.
func (o order) announce(w io.Writer) {
	printResults(w, o.notebook)
	fmt.Fprintf(w, "executed notebook  %s\nreport             %s\n", o.to.notebook, o.to.report)
}

// runCommandLine returns the command that executes a notebook again from the project's
// folder.
func runCommandLine(p project.Project, path string) string {
	return "go run ./kernel run " + shellQuote(filepath.ToSlash(within(p, path)))
}

func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// printResults prints the plain text of the cells tagged "result", but no remarks.
func printResults(w io.Writer, nb *nbformat.Notebook) {
	for _, c := range nb.Cells {
		if !c.Tagged("result") {
			continue
		}
		for _, o := range c.Outputs {
			switch {
			case o.Remark():
			case o.Type == nbformat.Stream && o.Name == "stdout":
				fmt.Fprint(w, nbformat.Collapse(o.Text))
			case o.DataText("text/plain") != "":
				fmt.Fprintln(w, strings.TrimRight(o.DataText("text/plain"), "\n"))
			}
		}
	}
}
