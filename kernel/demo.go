package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/execution"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

func demoCommand(stop execution.Stopper) *cobra.Command {
	var out, name string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Execute the quickstart notebook and write its report",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			p, err := project.Find(c.Context(), ".")
			if err != nil {
				return err
			}
			return request{engine: name, out: out, paths: []string{p.Notebook("00_quickstart.ipynb")}, change: func(o *order) error {
				return o.asDemo(p)
			}}.run(c, stop)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "out", outUsage)
	c.Flags().StringVar(&name, "engine", "", engineUsage)
	return c
}

// asDemo runs the quickstart's cells in the command's own directory, so that the run
// directory that they print is named as it is called there.
func (o *order) asDemo(p project.Project) error {
	runs, err := relative(".", filepath.Join(p.Root, "runs", "quickstart"))
	if err != nil {
		return err
	}
	o.dir, o.command = ".", "go run ./kernel demo"
	o.parameters = []parameter{{"runFolder", []string{runs}, true}}
	return parameterize(o.notebook, o.parameters)
}
