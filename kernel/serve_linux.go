package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/repl"
	"github.com/sdtlab/sdtlab/kernel/internal/server"
)

// platformCommands are the commands that need cells in a living process.
func platformCommands() []*cobra.Command { return []*cobra.Command{replCommand(), serveCommand()} }

func serveCommand() *cobra.Command {
	var root string
	c := &cobra.Command{
		Use:    "serve CONNECTION_FILE",
		Short:  "Be a Jupyter kernel; Jupyter calls this",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			conn, err := jupyter.ReadConnection(args[0])
			if err != nil {
				return err
			}
			p := gonb.Project{Root: root}
			if root == "" {
				if p, err = gonb.FindProject(c.Context(), "."); err != nil {
					return err
				}
			}
			o, err := liveOptions(c.Context(), p, ".")
			if err != nil {
				return err
			}
			if name := os.Getenv("JPY_SESSION_NAME"); name != "" && os.Getenv(commandVariable) == "" {
				o.Env = append(o.Env, commandVariable+"="+runCommandLine(p, name))
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
			a := about(history)
			a.Paced = true
			return server.Serve(ctx, conn, a, e)
		},
	}
	c.Flags().StringVar(&root, "project", "", "the checkout whose packages cells import; else the one that we are in")
	return c
}

// withParent calls end when the process that started us is gone: Jupyter says by
// JPY_PARENT_PID that a kernel is not to outlive it.
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

// about is what the kernel says of itself. history is the file that keeps it.
func about(history string) server.About {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = strings.TrimPrefix(info.Main.Version, "v")
	}
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	return server.About{
		Implementation: kernelspec.Name, Version: version,
		Banner: "sdtlab " + version + ", Go " + goVersion + ": values stay from cell to cell; %help lists the commands",
		Language: map[string]any{
			"name": "go", "version": goVersion, "mimetype": "text/x-go", "file_extension": ".go",
			"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "",
		},
		Help: []server.HelpLink{
			{Text: "sdtlab", URL: "https://" + gonb.Module},
			{Text: "GoMLX", URL: "https://pkg.go.dev/github.com/gomlx/gomlx"},
			{Text: "Go's packages", URL: "https://pkg.go.dev/std"},
		},
		History: history,
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}
