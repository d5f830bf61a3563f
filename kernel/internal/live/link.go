package live

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// unit is one cell on its way to the worker.
type unit struct {
	path    string   // import path, "cell/7"
	dir     string   // where its files go
	sources []string // its Go files
	imports []string // import paths of what it imports directly
}

func (u *unit) archive() string { return filepath.Join(u.dir, filepath.Base(u.path)+".a") }
func (u *unit) plugin() string  { return filepath.Join(u.dir, filepath.Base(u.path)+".so") }

// compileUnit compiles a cell. file returns the compiled form of what it imports.
func (b *Base) compileUnit(ctx context.Context, u *unit, file func(path string) string) error {
	var config strings.Builder
	for _, p := range u.imports {
		if file := file(p); file != "" {
			fmt.Fprintf(&config, "packagefile %s=%s\n", p, file)
		}
	}
	list := filepath.Join(u.dir, "compilecfg")
	if err := os.WriteFile(list, []byte(config.String()), 0o600); err != nil {
		return fmt.Errorf("compile the cell: %w", err)
	}
	args := []string{"-p", u.path, "-dynlink", "-linkshared", "-pack", "-importcfg", list, "-o", u.archive(), "-lang=go1.26"}
	_, err := b.run(ctx, b.compile, append(args, u.sources...)...)
	return err
}

// linkUnit links a compiled cell into a plugin. Libraries define what it refers to.
func (b *Base) linkUnit(ctx context.Context, u *unit, libraries []*library) error {
	object, err := os.ReadFile(u.archive())
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	names, err := references(object)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	s, err := stubFor(libraries, names)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	// The stub goes by the real library's name, whose ABI hash the runtime checks.
	at := filepath.Join(u.dir, "stub", baseLibrary)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if err := os.WriteFile(at, s.encode(), 0o600); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	var config strings.Builder
	fmt.Fprintf(&config, "packagefile %s=%s\n", shimPackage, b.shim())
	for _, p := range append([]string{"runtime", "runtime/cgo"}, u.imports...) {
		if p != shimPackage {
			fmt.Fprintf(&config, "packageshlib %s=%s\n", p, at)
		}
	}
	list := filepath.Join(u.dir, "linkcfg")
	if err := os.WriteFile(list, []byte(config.String()), 0o600); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	keep := u.plugin() + ".o"
	os.Remove(keep)
	if _, err := b.run(ctx, b.link, "-buildmode=plugin", "-pluginpath="+u.path, "-linkshared", "-importcfg", list,
		"-s", "-w", "-o", keep, "-extld", goenv.Quote(filepath.Join(b.Dir, "keep")), u.archive()); err != nil {
		return err
	}
	if err := plainNames(keep); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.ld(), "-shared", "-z", "now", "-z", "noexecstack", "--hash-style=gnu", "-o", u.plugin(), keep)
	if out, err := cmd.CombinedOutput(); ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		return fmt.Errorf("link the cell: %w\n%s", err, out)
	}
	return nil
}

// ld is the linker for the last step: mold if it is there.
func (b *Base) ld() string {
	for _, name := range []string{"ld.mold", "ld.lld"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return "ld"
}

// keep stands in for the C compiler when a cell is linked: it keeps the object that Go's
// linker has made for it, and says no to each question for a flag.
const keep = `#!/bin/sh
object= out=
while [ $# -gt 0 ]; do
	case "$1" in
	-o) shift; out=$1 ;;
	*/go.o) object=$1 ;;
	esac
	shift
done
[ -n "$object" ] && cp "$object" "$out"
`
