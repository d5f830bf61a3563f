package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/backend"
	"github.com/sdtlab/sdtlab/kernel/internal/echarts"
	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

func installCommand() *cobra.Command {
	var prefix, name string
	var noGopls, noGPU, still bool
	c := &cobra.Command{
		Use:   "install",
		Short: "Install the Jupyter kernels, or a faster back end",
		Long: `Install the Jupyter kernels for this checkout, "` + kernelspec.DisplayName + `", which keeps values
from cell to cell, and "` + kernelspec.GoNBDisplayName + `"; or fetch a faster back end.

Without --backend: compiles what cells import, builds GoNB and its helpers from go.mod
and writes the kernels to the user's Jupyter data folder, or under --prefix. It
also installs the script that draws charts, from $SDT_ECHARTS, the cache or npm, so that
Jupyter shows charts without a network.
With --backend: fetches only that back end, from the upstream projects, and times it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("backend") {
				return installBackend(c, name, noGPU, !still && !noGPU)
			}
			return installKernel(c, prefix, !noGopls)
		},
	}
	c.Flags().Bool("user", true, "install for this user (the default)")
	c.Flags().StringVar(&prefix, "prefix", "", "install in share/jupyter under this prefix, for example that of an environment")
	c.Flags().StringVar(&name, "backend", "", "fetch a faster back end: "+strings.Join(backend.Names, ", "))
	c.Flags().BoolVar(&noGopls, "no-gopls", false, "skip gopls, which completes code only on GoNB and takes longest to build")
	c.Flags().BoolVar(&noGPU, "no-gpu", false, "fetch xla-cuda even without a GPU, for example for an image")
	c.Flags().BoolVar(&still, "no-speed", false, "do not time the back ends after --backend")
	c.MarkFlagsMutuallyExclusive("user", "prefix", "backend")
	c.MarkFlagsMutuallyExclusive("no-gopls", "backend")
	return c
}

func installKernel(c *cobra.Command, prefix string, gopls bool) error {
	p, err := project.Find(c.Context(), ".")
	if err != nil {
		return err
	}
	data := filepath.Join(prefix, "share", "jupyter")
	if prefix == "" {
		if data, err = kernelspec.DataDir(runtime.GOOS, os.Getenv); err != nil {
			return err
		}
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("find the go command: %w", err)
	}
	tell := remark.On(c.ErrOrStderr())
	tools, err := gonb.Build(c.Context(), p, tell.Say)
	if err != nil {
		return err
	}
	if gopls {
		if err := gonb.BuildLSP(c.Context(), p, tools, tell.Say); err != nil {
			if c.Context().Err() != nil {
				return err
			}
			tell.Say(fmt.Sprintf("GoNB in Jupyter will not complete code: %v", err))
		}
	}
	env := project.Environ(os.Environ(), p.Root)
	for name := range env {
		if name == "PATH" || strings.HasPrefix(name, "SDT_") {
			delete(env, name) // Jupyter sets its own when it starts the kernel
		}
	}
	script, err := chartScript(c.Context(), tell.Say)
	if err != nil {
		return err
	}
	for _, k := range kernels(c.Context(), p, tools, tell) {
		if k.Name == kernelspec.Name && script != nil {
			k.Resources = map[string][]byte{"echarts.min.js": script} // where plots looks for it
		}
		dir, err := kernelspec.Install(data, filepath.Dir(goTool), k, env)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "kernel %q installed in %s\n", k.DisplayName, dir)
	}
	if _, err := exec.LookPath("jupyter"); err != nil {
		fmt.Fprintln(c.OutOrStdout(), "jupyter is not on PATH: pip install jupyterlab")
	} else {
		fmt.Fprintln(c.OutOrStdout(), "start it with: jupyter lab notebooks")
	}
	return nil
}

// chartScript returns the script that draws charts, or nil, with a message to say, if it
// finds none that charts accept.
func chartScript(ctx context.Context, say func(string)) ([]byte, error) {
	cache, err := cachedir.Path()
	if err != nil {
		return nil, err
	}
	s, err := echarts.Find(ctx, os.Getenv("SDT_ECHARTS"), cache, say)
	if err != nil || s.Code == nil {
		return nil, err
	}
	if !echarts.Is(s.Code) {
		say(s.Name + " is not the release that charts need in Jupyter: they will load it from the network there")
		return nil, nil
	}
	return s.Code, nil
}

// kernels returns the kernels to install: our own, and GoNB. If our own cannot run, GoNB
// takes its name, so that notebooks that ask for it open.
func kernels(ctx context.Context, p project.Project, tools gonb.Tools, tell remark.Teller) []kernelspec.Kernel {
	onGoNB := kernelspec.Kernel{
		Name: kernelspec.GoNBName, DisplayName: kernelspec.GoNBDisplayName, Programs: tools.Programs(),
		Args: []string{"--kernel", "{connection_file}", "-go_work=" + p.Root},
	}
	self, err := os.Executable()
	if err == nil {
		_, err = engine.Prepare(ctx, p, tell)
	}
	if err != nil {
		tell.Say(fmt.Sprintf("%v: the kernel %q will be GoNB, which runs each cell in its own process", err, kernelspec.DisplayName))
		onGoNB.Name, onGoNB.DisplayName = kernelspec.Name, kernelspec.DisplayName
		return []kernelspec.Kernel{onGoNB}
	}
	return []kernelspec.Kernel{{
		Name: kernelspec.Name, DisplayName: kernelspec.DisplayName, Programs: []string{self},
		Args: []string{"serve", "--project", p.Root, "{connection_file}"},
	}, onGoNB}
}

func installBackend(c *cobra.Command, name string, noGPU, speed bool) error {
	p, err := project.Find(c.Context(), ".")
	if err != nil {
		return err
	}
	cache, err := cachedir.Path()
	if err != nil {
		return err
	}
	w := backend.Where{Project: p.Root, Cache: cache, NoGPU: noGPU}
	setting, err := backend.Install(c.Context(), w, name, c.ErrOrStderr())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s is installed\n", name)
	if speed {
		all, err := backend.MeasureNew(c.Context(), w, os.Getenv, c.ErrOrStderr())
		if err != nil {
			return fmt.Errorf("time the back ends: %w", err)
		}
		for _, m := range all {
			fmt.Fprintf(c.OutOrStdout(), "%-8s  %4.0f ms a step on images, %4.0f on features\n", m.Name, 1000*m.Images, 1000*m.Features)
		}
		fmt.Fprintln(c.OutOrStdout(), "where GOMLX_BACKEND is not set, the fastest is used; to compute on this one in any case:")
	} else {
		fmt.Fprintln(c.OutOrStdout(), "to compute on it:")
	}
	for _, kv := range setting {
		fmt.Fprintf(c.OutOrStdout(), "export %s=%s\n", kv[0], shellQuote(kv[1]))
	}
	return nil
}

// shellQuote returns s quoted as one word of a shell command.
func shellQuote(s string) string {
	if strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-:,=", r))
	}) < 0 && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
