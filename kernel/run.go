package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/report"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Usage of the flags that run and demo share.
const (
	outUsage    = "folder for the executed notebook and the report"
	engineUsage = `"live", all cells in one process, or "gonb", each in its own; without it live where that can be`
)

func runCommand(stop stopper) *cobra.Command {
	var out, name string
	c := &cobra.Command{
		Use:   "run NOTEBOOK…",
		Short: "Execute notebooks and write each with a report",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return runNotebooks(c, stop, name, args, out)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "out", outUsage)
	c.Flags().StringVar(&name, "engine", "", engineUsage)
	return c
}

// runNotebooks executes each notebook in a kernel of its own and goes on after one
// that fails; its error is all of theirs.
func runNotebooks(c *cobra.Command, stop stopper, engine string, paths []string, out string) error {
	remarks := c.ErrOrStderr()
	e, err := findEngines(c.Context(), engine, func(s string) { fmt.Fprintln(remarks, s) })
	if err != nil {
		return err
	}
	var failed []error
	for _, path := range paths {
		if err := runNotebook(c, stop, e, path, out); err != nil {
			failed = append(failed, err)
		}
		if stop.soft.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

// runNotebook executes one and saves what came of it, failed or not.
func runNotebook(c *cobra.Command, stop stopper, from *engines, path, out string) error {
	nb, err := nbformat.Read(path)
	if err != nil {
		return err
	}
	to := saved{notebook: filepath.Join(out, filepath.Base(path))}
	to.report = strings.TrimSuffix(to.notebook, ".ipynb") + ".html"
	if same(path, to.notebook) {
		return fmt.Errorf("%s would be overwritten by its executed self: name another folder with -o", path)
	}
	k, err := from.start(c.Context(), filepath.Dir(path))
	if err != nil {
		return err
	}
	defer k.Stop()
	shown := progressOn(c.ErrOrStderr())
	e := &execution{
		name: path, notebook: nb, kernel: k, stop: stop, progress: shown,
		save: func() error { return to.saveNotebook(nb) },
	}
	failed := e.run()
	about := report.About{Name: filepath.Base(path), Dir: filepath.Dir(path), Command: commandLine(c, path)}
	if cell := new(cellError); failed != nil && !errors.As(failed, &cell) {
		about.Problem = failed.Error()
	}
	err = errors.Join(to.saveNotebook(nb), to.saveReport(stop.hard, nb, about, shown.say))
	if err == nil {
		printResults(c.OutOrStdout(), nb)
		fmt.Fprintf(c.OutOrStdout(), "executed notebook  %s\nreport             %s\n", to.notebook, to.report)
	}
	return errors.Join(failed, err)
}

// commandLine is how to make a notebook's report again.
func commandLine(c *cobra.Command, path string) string {
	if c.Name() == "demo" {
		return "go run ./kernel demo"
	}
	return "go run ./kernel run " + filepath.Base(path)
}

func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// progressOn returns the progress for w: live where it is a terminal.
func progressOn(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		width, _, _ := term.GetSize(int(f.Fd()))
		return newProgress(w, true, width)
	}
	return newProgress(w, false, 0)
}

// printResults prints the plain text of cells tagged "result".
func printResults(w io.Writer, nb *nbformat.Notebook) {
	for _, c := range nb.Cells {
		if !c.Tagged("result") {
			continue
		}
		for _, o := range c.Outputs {
			switch {
			case o.Type == nbformat.Stream && o.Name == "stdout":
				fmt.Fprint(w, nbformat.Collapse(o.Text))
			case o.DataText("text/plain") != "":
				fmt.Fprintln(w, strings.TrimRight(o.DataText("text/plain"), "\n"))
			}
		}
	}
}
