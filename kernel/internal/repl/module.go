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
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// module is the module that cells are compiled in: the user's, with the session's own
// requirements, so that a package fetched for a notebook does not change the user's files.
type module struct {
	root     string
	cache    string
	packages []string
	ready    *live.Base // what the caller compiled; used once
	file     string     // the session's go.mod; go.sum lies beside it
	own      []string   // variables that make the go command use it
	env      []string   // own and the rest of the environment
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
	env := goenv.Of(opt.Env)
	flags := goenv.Value(env, "GOFLAGS") + " " + goenv.Quote("-modfile="+m.file)
	m.own = []string{"GOFLAGS=" + flags, "GO111MODULE=on", "GOWORK=off", "GOTOOLCHAIN=" + goenv.Value(env, "GOTOOLCHAIN")}
	m.env = goenv.Of(slices.Concat(opt.Env, m.own))
	return m, nil
}

// build compiles the packages that cells can import.
func (m *module) build(ctx context.Context, tell remark.Teller) (*live.Base, error) {
	if b := m.ready; b != nil {
		m.ready = nil
		return b, nil
	}
	return live.Build(ctx, m.root, m.cache, m.env, m.packages, tell)
}

// add makes a package importable in cells from the next build on. A missing package is
// fetched if fetch is set. For a program, add fails and leaves the module as it was;
// likewise for a path that only the standard library could have, and does not.
func (m *module) add(ctx context.Context, path string, fetch bool) error {
	name, err := m.run(ctx, "list", "-f", "{{.Name}}", path)
	undo := func() error { return nil }
	if err != nil && strings.Contains(err.Error(), "package "+path+" is not in std") {
		return notInStd(path)
	}
	if err != nil && fetch {
		if undo, err = m.memory(); err != nil {
			return err
		}
		if _, err = m.run(ctx, "get", path); err == nil {
			name, err = m.run(ctx, "list", "-f", "{{.Name}}", path)
		}
	}
	switch {
	case err != nil:
		return err
	case name == "main":
		return errors.Join(live.IsProgram(path), undo())
	case !slices.Contains(m.packages, path):
		m.packages = append(m.packages, path)
	}
	return nil
}

// notInStd is the error of an import, by its path, for which nothing can be fetched.
type notInStd string

// Error returns the go command's message.
func (p notInStd) Error() string { return fmt.Sprintf("package %s is not in std", string(p)) }

// memory returns a function that restores the module's present requirements.
func (m *module) memory() (undo func() error, err error) {
	files := map[string][]byte{m.file: nil, filepath.Join(filepath.Dir(m.file), "go.sum"): nil}
	for name := range files {
		if files[name], err = os.ReadFile(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the module for cells: %w", err)
		}
	}
	return func() error {
		for name, data := range files {
			if err := os.WriteFile(name, data, 0o600); err != nil {
				return fmt.Errorf("restore the module for cells: %w", err)
			}
		}
		return nil
	}, nil
}

// run runs the go command and returns its output.
func (m *module) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = m.root, m.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s %s: %w\n%s", args[0], args[len(args)-1], err, bytes.TrimSpace(append(out, stderr.Bytes()...)))
	}
	return string(bytes.TrimSpace(out)), nil
}
