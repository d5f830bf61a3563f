package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/repl"
	"github.com/sdtlab/sdtlab/kernel/internal/server"
)

// platformCommands returns the commands that need cells in a live process.
func platformCommands() []*cobra.Command { return []*cobra.Command{replCommand(), serveCommand()} }

func serveCommand() *cobra.Command {
	var root string
	c := &cobra.Command{
		Use:    "serve CONNECTION_FILE",
		Short:  "Run as a Jupyter kernel; Jupyter calls this",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			conn, err := jupyter.ReadConnection(args[0])
			if err != nil {
				return err
			}
			p := project.Project{Root: root}
			if root == "" {
				if p, err = project.Find(c.Context(), "."); err != nil {
					return err
				}
			}
			o, err := engine.Options(c.Context(), p, ".")
			if err != nil {
				return err
			}
			if name := os.Getenv("JPY_SESSION_NAME"); name != "" && os.Getenv(engine.CommandVariable) == "" {
				o.Env = append(o.Env, engine.CommandVariable+"="+runCommandLine(p, name))
			}
			id := strings.TrimSuffix(filepath.Base(args[0]), ".json")
			o.Kernel = strings.TrimPrefix(id, "kernel-")
			e, err := repl.New(o)
			if err != nil {
				return err
			}
			history := ""
			if data, err := kernelspec.DataDir(runtime.GOOS, os.Getenv); err == nil {
				history = filepath.Join(data, "sdt-history.jsonl")
			}
			ctx, end := context.WithCancel(c.Context())
			defer end()
			if os.Getenv("JPY_PARENT_PID") != "" {
				go withParent(ctx, end)
			}
			a := engine.About(history)
			a.Paced = true
			return server.Serve(ctx, conn, a, e)
		},
	}
	c.Flags().StringVar(&root, "project", "", "the checkout whose packages cells import (default: the current one)")
	return c
}

// withParent calls end when the process that started this one has gone: Jupyter sets
// JPY_PARENT_PID for a kernel that must not outlive it.
func withParent(ctx context.Context, end func()) {
	parent := os.Getppid()
	for ctx.Err() == nil {
		if os.Getppid() != parent {
			end()
			return
		}
		time.Sleep(time.Second)
	}
}
