package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
	"github.com/sdtlab/sdtlab/kernel/internal/repl"
	"github.com/sdtlab/sdtlab/kernel/internal/terminal"
)

func replCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "repl",
		Short: "Run cells typed in the terminal, or read from a pipe",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := project.Find(c.Context(), ".")
			if err != nil {
				return err
			}
			o, err := engine.Options(c.Context(), p, ".")
			if err != nil {
				return err
			}
			o.Tell = remark.On(c.ErrOrStderr())
			e, err := repl.New(o)
			if err != nil {
				return err
			}
			defer e.Close()
			if err := e.Ready(c.Context()); err != nil {
				return err
			}
			files, err := os.MkdirTemp("", "sdt-shown-")
			if err != nil {
				return err
			}
			defer os.Remove(files) // if it is empty
			s := terminal.Session{Evaluator: e, In: os.Stdin, Out: c.OutOrStdout(), Err: c.ErrOrStderr(), Files: files}
			if data, err := kernelspec.DataDir(runtime.GOOS, os.Getenv); err == nil {
				s.History = filepath.Join(data, "sdt-repl-history")
			}
			fmt.Fprintln(c.ErrOrStderr(), engine.About("").Banner+"; exit or Ctrl-D to quit")
			// Ctrl-C interrupts the cell: it must not end the session.
			ctx, end := signal.NotifyContext(context.WithoutCancel(c.Context()), syscall.SIGTERM, syscall.SIGHUP)
			defer end()
			return s.Run(ctx)
		},
	}
}
