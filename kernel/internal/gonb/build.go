// Package gonb builds GoNB, the Go kernel, from the project's own go.mod and runs it as a
// child process.
package gonb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

// Tools is a folder with programs built from the project's go.mod.
type Tools struct {
	Dir string // absolute; holds gonb and goimports
}

// Packages of the programs. gopls is separate: GoNB starts it if it is on PATH, which costs
// memory and helps only an editor.
const (
	gonbPackage      = "github.com/janpfeifer/gonb"
	goimportsPackage = "golang.org/x/tools/cmd/goimports"
	goplsPackage     = "golang.org/x/tools/gopls"
)

// GoNB returns the path of the kernel.
func (t Tools) GoNB() string { return filepath.Join(t.Dir, "gonb"+exe()) }

// LSP returns the folder for gopls.
func (t Tools) LSP() string { return filepath.Join(t.Dir, "lsp") }

// Programs returns the paths of all built programs, the kernel first.
func (t Tools) Programs() []string {
	all := []string{t.GoNB(), filepath.Join(t.Dir, "goimports"+exe())}
	if gopls := filepath.Join(t.LSP(), "gopls"+exe()); exists(gopls) {
		all = append(all, gopls)
	}
	return all
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// Build builds the kernel and goimports into a folder of the user's cache, unless they
// exist already. The folder is named by everything that determines the build: go.mod,
// go.sum, Go's version and the platform. A lock keeps two commands from building at once.
// Before each build, say gets one line.
func Build(ctx context.Context, p project.Project, say func(string)) (Tools, error) {
	key, err := toolsKey(ctx, p)
	if err != nil {
		return Tools{}, err
	}
	cache, err := cachedir.Path()
	if err != nil {
		return Tools{}, err
	}
	t := Tools{Dir: filepath.Join(cache, "tools-"+key)}
	if err := os.MkdirAll(t.LSP(), 0o755); err != nil {
		return t, fmt.Errorf("make the folder for the kernel: %w", err)
	}
	return t, t.locked(ctx, func() error {
		for _, pkg := range []string{goimportsPackage, gonbPackage} {
			target := filepath.Join(t.Dir, path.Base(pkg)+exe())
			if exists(target) {
				continue
			}
			say(fmt.Sprintf("building %s into %s (once)", path.Base(pkg), t.Dir))
			if err := goBuild(ctx, p, target, pkg); err != nil {
				return err
			}
		}
		return nil
	})
}

// BuildLSP builds gopls, which completes code in Jupyter, in Tools.LSP. It is built with
// its own go.mod: it does not compile with a newer x/tools than it names, and our go.mod
// may name one.
func BuildLSP(ctx context.Context, p project.Project, t Tools, say func(string)) error {
	target := filepath.Join(t.LSP(), "gopls"+exe())
	return t.locked(ctx, func() error {
		if exists(target) {
			return nil
		}
		cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Version}}", goplsPackage)
		cmd.Dir = p.Root
		version, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("find the version of gopls: %w", project.WithStderr(err))
		}
		say(fmt.Sprintf("building gopls into %s (once)", t.LSP()))
		return goInstall(ctx, p, target, goplsPackage+"@"+strings.TrimSpace(string(version)))
	})
}

// locked runs build while no other process builds into the same folder.
func (t Tools) locked(ctx context.Context, build func() error) error {
	lock := flock.New(filepath.Join(t.Dir, ".lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return fmt.Errorf("lock %s: %w", t.Dir, err)
	}
	defer lock.Unlock()
	return build()
}

// goBuild builds a package with our go.mod and renames it into place.
func goBuild(ctx context.Context, p project.Project, target, pkg string) error {
	half := target + ".part"
	defer os.Remove(half)
	return goCommand(ctx, p, target, half, nil, "build", "-o", half, pkg)
}

// goInstall builds package@version with that module's own go.mod.
func goInstall(ctx context.Context, p project.Project, target, pkg string) error {
	dir, err := os.MkdirTemp(filepath.Dir(target), ".part-")
	if err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	defer os.RemoveAll(dir)
	return goCommand(ctx, p, target, filepath.Join(dir, filepath.Base(target)), []string{"GOBIN=" + dir, "GOFLAGS="}, "install", pkg)
}

func goCommand(ctx context.Context, p project.Project, target, made string, env []string, args ...string) error {
	pkg := args[len(args)-1]
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = p.Root
	cmd.Env = append(append(os.Environ(), "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("build %s: %w\n%s", pkg, err, bytes.TrimSpace(out))
	}
	if err := os.Rename(made, target); err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	return nil
}

func toolsKey(ctx context.Context, p project.Project) (string, error) {
	h := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(p.Root, name))
		if err != nil {
			return "", fmt.Errorf("name the kernel's build: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			line, _, _ = strings.Cut(line, "//") // "// indirect" changes nothing
			fmt.Fprintln(h, strings.TrimSpace(line))
		}
	}
	cmd := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT")
	cmd.Dir = p.Root
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", project.WithStderr(err))
	}
	h.Write(out)
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}
