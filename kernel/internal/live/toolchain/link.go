package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// Compile compiles a cell. file returns the compiled form of an imported package. The error
// of Compile and of Link is [Refused] if the cell is to blame.
func (b *Base) Compile(ctx context.Context, u *Unit, file func(path string) string) error {
	// The shim is part of each cell.
	shim := filepath.Join(u.Dir, "shim.go")
	if err := os.WriteFile(shim, []byte("package main\n\nimport _ \""+shimPackage+"\"\n"), 0o600); err != nil {
		return fmt.Errorf("compile the cell: %w", err)
	}
	var config strings.Builder
	fmt.Fprintf(&config, "packagefile %s=%s\n", shimPackage, b.shim())
	for _, p := range u.Imports {
		if file := file(p); file != "" {
			fmt.Fprintf(&config, "packagefile %s=%s\n", p, file)
		}
	}
	list := filepath.Join(u.Dir, "compilecfg")
	if err := os.WriteFile(list, []byte(config.String()), 0o600); err != nil {
		return fmt.Errorf("compile the cell: %w", err)
	}
	args := []string{"-p", "main", "-dynlink", "-linkshared", "-pack", "-importcfg", list, "-o", u.archive(), "-lang=go1.26"}
	_, err := b.run(ctx, b.compile, append(append(args, shim), u.Sources...)...)
	return refusal(err, byCompiler)
}

// Link links a compiled cell into a plugin. libraries define what it refers to: the base's,
// and those of earlier cells.
func (b *Base) Link(ctx context.Context, u *Unit, libraries []*Library) error {
	object, err := os.ReadFile(u.archive())
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if err := adapt(object, u.Stand); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if err := os.WriteFile(u.archive(), object, 0o600); err != nil {
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
	// The stub has the real library's name, for which the runtime checks the ABI hash.
	at := filepath.Join(u.Dir, "stub", baseLibrary)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if err := os.WriteFile(at, s.encode(), 0o600); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	var config strings.Builder
	fmt.Fprintf(&config, "packagefile %s=%s\n", shimPackage, b.shim())
	for _, p := range append([]string{"runtime", "runtime/cgo"}, u.Imports...) {
		fmt.Fprintf(&config, "packageshlib %s=%s\n", p, at)
	}
	list := filepath.Join(u.Dir, "linkcfg")
	if err := os.WriteFile(list, []byte(config.String()), 0o600); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	keep := u.Plugin() + ".o"
	os.Remove(keep)
	if _, err := b.run(ctx, b.link, "-buildmode=plugin", "-pluginpath=main", "-linkshared", "-importcfg", list,
		"-s", "-w", "-o", keep, "-extld", goenv.Quote(b.keep()), u.archive()); err != nil {
		return refusal(err, byLinker)
	}
	if err := editObject(keep, u); err != nil {
		return err
	}
	// Type descriptors stay writable: methods can be added to them.
	args := []string{"-shared", "-z", "now", "-z", "norelro", "-z", "noexecstack", "--hash-style=gnu", "-o", u.Plugin(), keep}
	if _, err := b.run(ctx, b.linker.Path, append(args, b.linker.CellFlags()...)...); ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	return nil
}

// keep stands in for the C compiler when a cell is linked: it keeps the object that Go's
// linker has written, and fails each test for a flag.
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
