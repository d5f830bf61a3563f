package repl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live"
)

// module is the module that cells are compiled in: the user's, with requirements of the
// session's own, so that a package fetched for a notebook does not change the user's files.
type module struct {
	root     string
	cache    string
	packages []string
	ready    *live.Base // what the caller compiled; used once
	file     string     // the session's go.mod; go.sum lies beside it
	own      []string   // what in the environment makes the go command use it
	env      []string   // with the rest
}

func newModule(opt Options, temp string) (*module, error) {
	m := &module{root: opt.Module, cache: opt.Cache, packages: slices.Clone(opt.Packages), ready: opt.Base, file: filepath.Join(temp, "go.mod")}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(opt.Module, name))
		if errors.Is(err, fs.ErrNotExist) && name == "go.sum" {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(temp, name), data, 0o600)
		}
		if err != nil {
			return nil, fmt.Errorf("prepare the module for cells: %w", err)
		}
	}
	m.own = []string{"GOFLAGS=-modfile=" + m.file, "GOWORK=off"}
	m.env = slices.Concat(opt.Env, m.own)
	return m, nil
}

// build compiles what cells can import.
func (m *module) build(ctx context.Context, say func(string)) (*live.Base, error) {
	if b := m.ready; b != nil {
		m.ready = nil
		return b, nil
	}
	return live.Build(ctx, m.root, m.cache, m.env, m.packages, say)
}

// add makes a package one that cells can import, from the next build on. It is fetched if
// it may be and is not there.
func (m *module) add(ctx context.Context, path string, fetch bool) error {
	err := m.run(ctx, "list", path)
	if err != nil && fetch {
		err = m.run(ctx, "get", path)
	}
	if err == nil && !slices.Contains(m.packages, path) {
		m.packages = append(m.packages, path)
	}
	return err
}

func (m *module) run(ctx context.Context, verb, path string) error {
	cmd := exec.CommandContext(ctx, "go", verb, path)
	cmd.Dir, cmd.Env = m.root, m.env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s %s: %w\n%s", verb, path, err, bytes.TrimSpace(out))
	}
	return nil
}
