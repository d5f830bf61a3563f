package main

import (
	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

func demoCommand(stop stopper) *cobra.Command {
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
			return runNotebooks(c, stop, name, []string{p.Notebook("00_quickstart.ipynb")}, out)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "out", outUsage)
	c.Flags().StringVar(&name, "engine", "", engineUsage)
	return c
}
