package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/execution"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

func reportCommand(stop execution.Stopper) *cobra.Command {
	var out, name string
	boards := map[string]*string{} // folder for each of dashboards
	c := &cobra.Command{
		Use:   "report RUN_DIR…",
		Short: "Write one HTML report on run directories, and their metrics",
		Long: `Write one HTML report on one or more run directories: their settings side by side, with the
differences; data, curves, soft labels, accuracy on each class, confusion matrices,
corrected images, and the commands that repeat the runs.

It executes notebooks/10_report.ipynb on these directories and writes report.html, the
executed report.ipynb, metrics.csv and metrics.json. If anything fails, it writes none of
the four and keeps the existing files. With --tensorboard and --mlflow, it also adds the runs
to a folder that TensorBoard or MLflow reads.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("kernel report needs a run directory: kernel report RUN_DIR…")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkOut(out); err != nil {
				return err
			}
			for _, d := range dashboards {
				if c.Flags().Changed(d.flag) {
					if err := checkFolder("--"+d.flag, *boards[d.flag]); err != nil {
						return err
					}
				}
			}
			for _, dir := range args {
				if err := checkRunDir(dir); err != nil {
					return err
				}
			}
			e, err := enginesFor(c, name)
			if err != nil {
				return err
			}
			o, err := orderReport(e.Project.Notebook("10_report.ipynb"), args, out, boards)
			if err != nil {
				return err
			}
			return o.report(c, stop, e, out)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "out", "folder for the report and the metrics")
	c.Flags().StringVar(&name, "engine", "", engineUsage)
	for _, d := range dashboards {
		boards[d.flag] = c.Flags().String(d.flag, "", d.usage)
	}
	return c
}

// dashboards are the flags that each name a folder for the runs, and a parameter of the
// report's notebook.
var dashboards = []struct{ flag, usage string }{
	{"tensorboard", "folder for the runs as TensorBoard's event files"},
	{"mlflow", "folder for the runs in MLflow's file layout, such as mlruns"},
}

// orderReport returns the order to execute the report's notebook on run directories. Its
// cells run where the command does, so that they name the directories as the user does.
func orderReport(path string, dirs []string, out string, boards map[string]*string) (order, error) {
	nb, err := nbformat.Read(path)
	if err != nil {
		return order{}, err
	}
	words := []string{"go run ./kernel report"}
	for _, dir := range dirs {
		words = append(words, shellQuote(dir))
	}
	o := order{path: path, dir: ".", notebook: nb, command: strings.Join(words, " "),
		parameters: []parameter{{"directories", dirs, true}, {"out", []string{out}, true}}}
	for _, d := range dashboards {
		o.parameters = append(o.parameters, parameter{d.flag, []string{*boards[d.flag]}, true})
	}
	if err := parameterize(nb, o.parameters); err != nil {
		return order{}, fmt.Errorf("report: %s: %w", path, err)
	}
	return o, nil
}

// reportFiles are the files of a report.
var reportFiles = []string{"report.html", "report.ipynb", "metrics.csv", "metrics.json"}

// report executes an order from orderReport. It works in a [stage] within out, and replaces the
// files of out when all are complete.
func (o order) report(c *cobra.Command, stop execution.Stopper, from *engine.Engines, out string) (err error) {
	for _, name := range reportFiles {
		if info, err := os.Stat(filepath.Join(out, name)); err == nil && info.IsDir() {
			return fmt.Errorf("report: %s is a folder, but the report writes a file with this name: remove it, or choose another folder with -o", filepath.Join(out, name))
		}
	}
	stage, err := newStage(out)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	defer func() {
		stage.remove(err != nil)
		if err != nil && len(stage.made) == 0 {
			err = fmt.Errorf("%w\nno report was written: the files in %s are unchanged", err, out)
		}
	}()
	made := o
	made.to, made.home = savedAt(stage.path, "report.ipynb"), out
	made.parameters = slices.Clone(o.parameters)
	made.parameters[1].words = []string{stage.path}
	if err := parameterize(o.notebook, made.parameters); err != nil {
		return err
	}
	shown := execution.ProgressOn(c.ErrOrStderr())
	if failed, err := made.execute(c, stop, from, shown); failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	made.parameters = o.parameters
	if err := errors.Join(parameterize(o.notebook, o.parameters), made.save(stop, nil, shown)); err != nil {
		return err
	}
	for _, name := range reportFiles {
		if err := os.Rename(filepath.Join(stage.path, name), filepath.Join(out, name)); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	o.to = savedAt(out, "report.ipynb")
	o.announce(c.OutOrStdout())
	return nil
}
