package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/execution"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// runFolder is the variable of a parameters cell that names the run directory.
const runFolder = "runFolder"

func sweepCommand(stop execution.Stopper) *cobra.Command {
	var s sweep
	var typed []string
	var part string
	c := &cobra.Command{
		Use:   "sweep NOTEBOOK -p NAME=VALUES…",
		Short: "Execute a notebook for every combination of values",
		Long: `Execute a notebook for every combination of values of variables of the cell tagged
"parameters", as kernel run -p does for one: -p lambda=0.01,0.1,1 -p seed=1..5 makes 15
points. A list of strings is one value.

Each point has a folder under -o, with the executed notebook and its report; if the cell
declares runFolder, that folder is the run directory too. A point that was executed to its
end from the same code is not executed again, so a sweep that was stopped resumes, and shards on
many machines fill one shared folder. If data change, use another -o.

--slurm and --kubernetes write files that execute the sweep on a cluster, and execute nothing.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || len(typed) == 0 {
				return errors.New("kernel sweep needs a notebook and values: kernel sweep NOTEBOOK -p NAME=VALUES…")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) (err error) {
			if s.share, err = parseShard(part); err != nil {
				return err
			}
			if err := s.read(args[0], typed); err != nil {
				return err
			}
			switch jobs := s.slurm != "" || s.kubernetes != ""; {
			case jobs && s.share.count > 1:
				return errors.New("--shard: the tasks of a cluster's file have their own")
			case jobs:
				return s.writeJobs(c)
			}
			e, err := enginesFor(c, s.engine)
			if err != nil {
				return err
			}
			return s.run(c, stop, e)
		},
	}
	c.Flags().StringArrayVarP(&typed, "parameter", "p", nil, "values of a variable of the cell tagged parameters: NAME=VALUE,VALUE… or NAME=FROM..TO; repeat it for others")
	c.Flags().StringVarP(&s.out, "out", "o", "", "folder for the points' folders (default: sweeps/ and the notebook's name)")
	c.Flags().StringVar(&part, "shard", "0/1", "the share of the points to execute: I/N, I from 0 to N−1")
	c.Flags().StringVar(&s.slurm, "slurm", "", "write this batch file for Slurm")
	c.Flags().StringVar(&s.kubernetes, "kubernetes", "", "write this manifest for Kubernetes")
	c.Flags().StringVar(&s.engine, "engine", "", engineUsage)
	return c
}

// sweep is a notebook and the values to execute it with.
type sweep struct {
	path              string
	notebook          *nbformat.Notebook
	typed             []parameter // name=values
	points            []point
	out, engine       string
	share             shard
	slurm, kubernetes string // files to write; empty: none
}

// read reads the notebook and the grid.
func (s *sweep) read(path string, typed []string) (err error) {
	s.path = path
	if s.notebook, err = readGo(path); err != nil {
		return err
	}
	s.out = cmp.Or(s.out, filepath.Join("sweeps", s.name()))
	if err := checkOut(s.out); err != nil {
		return err
	}
	if s.typed, err = assignments(typed); err != nil {
		return err
	}
	if s.points, err = grid(s.notebook, s.typed); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// name returns the notebook's name.
func (s *sweep) name() string { return strings.TrimSuffix(filepath.Base(s.path), ".ipynb") }

// at returns the notebook with a point's parameters, the key of its code, and the folder.
func (s *sweep) at(p point) (nb *nbformat.Notebook, key, folder string, err error) {
	data, err := s.notebook.Encode()
	if err != nil {
		return nil, "", "", err
	}
	if nb, err = nbformat.Decode(data); err != nil {
		return nil, "", "", err
	}
	delete(nb.Metadata, completedField) // of a notebook that another sweep executed
	if err := assign(nb, p); err != nil {
		return nil, "", "", err
	}
	return nb, codeKey(nb), filepath.Join(s.out, p.folder()), nil
}

// run executes the share's points that are not completed, and continues after one that fails.
func (s *sweep) run(c *cobra.Command, stop execution.Stopper, from *engine.Engines) error {
	sayUnmeasured(c, from.Project)
	failed := map[int]bool{}
	for i, p := range s.points {
		if !s.share.has(i) {
			continue
		}
		fmt.Fprintf(c.ErrOrStderr(), "point %d of %d  %s\n", i+1, len(s.points), p)
		err := s.execute(c, stop, from, p)
		if stop.Soft.Err() != nil {
			if err == nil { // between two points
				err = execution.ErrInterrupted
			}
			return err
		}
		if err != nil {
			failed[i] = true
			fmt.Fprintf(c.ErrOrStderr(), "point %d of %d failed: %v\n", i+1, len(s.points), err)
		}
	}
	if err := s.show(c.OutOrStdout(), failed); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d points failed; the same command executes them again", len(failed), len(s.points))
	}
	return nil
}

// execute executes the notebook at a point, unless that was completed before.
func (s *sweep) execute(c *cobra.Command, stop execution.Stopper, from *engine.Engines, p point) error {
	nb, key, folder, err := s.at(p)
	if err != nil {
		return err
	}
	o, err := orderFor(from.Project, nb, s.path, folder)
	if err != nil {
		return err
	}
	if completed(o.to.notebook, key) != nil {
		return nil
	}
	o.command += flags(p) + backendFlag(c)
	if _, err := named(nb, runFolder); err == nil && !p.has(runFolder) {
		o.parameters = []parameter{{runFolder, []string{folder}, true}}
		if err := o.parameterizeFor(o.dir); err != nil {
			return err
		}
	}
	shown := execution.ProgressOn(c.ErrOrStderr())
	failed, err := o.execute(c, stop, from, shown)
	if err == nil {
		err = errors.Join(failed, o.save(stop, failed, shown))
	}
	if err != nil {
		return err
	}
	nb.Metadata[completedField] = key
	return o.saveNotebook()
}
