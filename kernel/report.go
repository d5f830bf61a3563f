package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// parametersTag marks the cell that holds what a notebook is executed with, as papermill
// has it.
const parametersTag = "parameters"

func reportCommand(stop stopper) *cobra.Command {
	var out, name string
	c := &cobra.Command{
		Use:   "report RUN_DIR…",
		Short: "Write one HTML report of run directories, and their metrics",
		Long: `Write one HTML report of one or more run directories: their settings, side by side, and
what differs in them; data, curves, soft labels, accuracy on each class, confusion
matrices, corrected images, and the commands that make the runs again.

It executes notebooks/10_report.ipynb with the directories in the place of its own, and
leaves report.html, the executed report.ipynb, metrics.csv and metrics.json.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, dir := range args {
				if info, err := os.Stat(dir); err != nil {
					return fmt.Errorf("run directory: %w", err)
				} else if !info.IsDir() {
					return fmt.Errorf("run directory: %s is a file: name the directory that sdt.Open was given", dir)
				}
			}
			e, err := enginesFor(c, name)
			if err != nil {
				return err
			}
			path := e.Project.Notebook("10_report.ipynb")
			nb, err := nbformat.Read(path)
			if err != nil {
				return err
			}
			words := []string{"go run ./kernel report"}
			for _, dir := range args {
				words = append(words, shellQuote(dir))
			}
			if err := parameterize(nb, filepath.Dir(path), args, out); err != nil {
				return fmt.Errorf("report: %s: %w", path, err)
			}
			o := order{path: path, notebook: nb, to: savedAt(out, "report.ipynb"), command: strings.Join(words, " ")}
			return o.run(c, stop, e)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "out", "folder for the report and the metrics")
	c.Flags().StringVar(&name, "engine", "", engineUsage)
	return c
}

// parameterize gives the report's notebook, whose cells run in the folder from, the run
// directories and the folder for its metrics.
func parameterize(nb *nbformat.Notebook, from string, dirs []string, out string) error {
	var there []string
	for _, dir := range append(slices.Clone(dirs), out) {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(from, whole); err == nil {
			whole = rel
		}
		there = append(there, strconv.Quote(filepath.ToSlash(whole)))
	}
	for _, c := range nb.Cells {
		if c.Tagged(parametersTag) {
			last := len(there) - 1
			c.Source = fmt.Sprintf("%%noautoget\nvar directories = []string{%s}\n\nvar out = %s", strings.Join(there[:last], ", "), there[last])
			return nil
		}
	}
	return fmt.Errorf("no cell is tagged %q", parametersTag)
}
