// Package project finds the checkout whose packages notebooks import, and the
// environment that cells run in.
package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// Module is the project whose packages notebooks import.
const Module = "github.com/sdtlab/sdtlab"

// Project is a checkout of the project.
type Project struct {
	Root string // absolute
}

// Find returns the project that contains dir. It fails if dir is in no Go module, or in
// another one.
func Find(ctx context.Context, dir string) (Project, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Path}}\t{{.Dir}}")
	cmd.Dir = dir
	cmd.Env = goenv.Of(os.Environ())
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return Project{}, fmt.Errorf("find the project: the go command is not on PATH: add its folder (%w)", err)
	}
	if err != nil {
		return Project{}, fmt.Errorf("find the project: go list -m in %s: %w: start the command in a checkout of %s", dir, WithStderr(err), Module)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return Project{}, fmt.Errorf("find the project: %w", err)
	}
	path, root, _ := strings.Cut(strings.TrimSpace(string(out)), "\t")
	if path == "command-line-arguments" {
		return Project{}, fmt.Errorf("the folder %s is not in a Go module: start the command in a checkout of %s", dir, Module)
	}
	if path != Module {
		return Project{}, fmt.Errorf("the folder %s is in Go module %s: start the command in a checkout of %s", dir, path, Module)
	}
	return Project{Root: root}, nil
}

// Notebook returns the path of a curated notebook.
func (p Project) Notebook(name string) string {
	return filepath.Join(p.Root, "notebooks", name)
}

// WithStderr adds the command's standard error to its exit status.
func WithStderr(err error) error {
	if e, ok := err.(*exec.ExitError); ok && len(e.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(e.Stderr)))
	}
	return err
}
