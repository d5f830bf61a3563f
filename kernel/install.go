package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/backend"
	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/spf13/cobra"
)

func installCommand() *cobra.Command {
	var prefix, name string
	c := &cobra.Command{
		Use:   "install",
		Short: "Install the Jupyter kernel, or a faster back end",
		Long: `Install the Jupyter kernel "` + kernelspec.DisplayName + `" for this checkout, or fetch a faster back end.

Without --backend: builds GoNB and its helpers from go.mod and writes the kernel
to the user's Jupyter data folder, or under --prefix.
With --backend: only that back end is fetched, from the upstream projects.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("backend") {
				return installBackend(c, name)
			}
			return installKernel(c, prefix)
		},
	}
	c.Flags().Bool("user", true, "install for this user (the default)")
	c.Flags().StringVar(&prefix, "prefix", "", "install under this prefix, in share/jupyter, as for an environment")
	c.Flags().StringVar(&name, "backend", "", "fetch a faster back end: "+strings.Join(backend.Names, ", "))
	c.MarkFlagsMutuallyExclusive("user", "prefix", "backend")
	return c
}

func installKernel(c *cobra.Command, prefix string) error {
	p, err := gonb.FindProject(c.Context(), ".")
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
	say := func(s string) { fmt.Fprintln(c.ErrOrStderr(), s) }
	tools, err := p.Build(c.Context(), say)
	if err != nil {
		return err
	}
	if err := p.BuildLSP(c.Context(), tools, say); err != nil {
		if c.Context().Err() != nil {
			return err
		}
		say(fmt.Sprintf("no completion in Jupyter: %v", err))
	}
	env := gonb.Environ(os.Environ(), p.Root)
	for name := range env {
		if name == "PATH" || strings.HasPrefix(name, "SDT_") {
			delete(env, name) // Jupyter's own, at the time
		}
	}
	dir, err := kernelspec.Install(data, p.Root, filepath.Dir(goTool), tools.Programs(), env)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "kernel %q installed in %s\n", kernelspec.DisplayName, dir)
	if _, err := exec.LookPath("jupyter"); err != nil {
		fmt.Fprintln(c.OutOrStdout(), "jupyter is not on PATH: pip install jupyterlab")
	} else {
		fmt.Fprintln(c.OutOrStdout(), "start it with: jupyter lab notebooks")
	}
	return nil
}

func installBackend(c *cobra.Command, name string) error {
	p, err := gonb.FindProject(c.Context(), ".")
	if err != nil {
		return err
	}
	cache, err := gonb.CacheDir()
	if err != nil {
		return err
	}
	setting, err := backend.Install(c.Context(), backend.Where{Project: p.Root, Cache: cache}, name, c.ErrOrStderr())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s is here; to compute on it:\n", name)
	for _, kv := range setting {
		fmt.Fprintf(c.OutOrStdout(), "export %s=%s\n", kv[0], shellQuote(kv[1]))
	}
	return nil
}

// shellQuote returns s as one word of a shell.
func shellQuote(s string) string {
	if strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-:,", r))
	}) < 0 && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
