package toolchain

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// writeScripts writes the scripts that Go's linker runs as the C compiler.
func (b *Base) writeScripts(context.Context) error {
	for path, text := range map[string]string{b.keep(): keep, b.symbols(): fmt.Sprintf(symbols, shell(goenv.Split(b.cc)))} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			return fmt.Errorf("link cells: %w", err)
		}
	}
	return nil
}

// symbols is the C compiler without the option -S, which removes debugging information:
// mold 1.10 would then remove all symbols, and the loader needs some. There is no debugging
// information to remove, as Go's linker has written none.
const symbols = `#!/bin/sh
for arg do
	shift
	[ "$arg" = -Wl,-S ] || set -- "$@" "$arg"
done
exec %s "$@"
`

// shell quotes a command for a shell.
func shell(args []string) string {
	var quoted []string
	for _, arg := range args {
		quoted = append(quoted, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	return strings.Join(quoted, " ")
}

func (b *Base) linkLibrary(ctx context.Context) error {
	args := []string{"-buildmode=shared", "-linkshared", "-importcfg", b.config(), "-checklinkname=0", "-o", b.Library(), "-w", "-extld", goenv.Quote(b.symbols()), "-extldflags=-Wl,--hash-style=gnu" + b.linker.Flag()}
	for _, p := range b.packages() {
		args = append(args, p+"="+b.exports[p])
	}
	if _, err := b.run(ctx, b.link, args...); err != nil {
		return err
	}
	return divert(b.Library())
}

var (
	//go:embed shim.s.txt
	shimCode string
	//go:embed shim.go.txt
	shimImports string
)

// makeShim builds the package that is linked into each cell.
func (b *Base) makeShim(ctx context.Context) error {
	dir, err := os.MkdirTemp(b.Dir, "shim")
	if err != nil {
		return fmt.Errorf("build the shim: %w", err)
	}
	defer os.RemoveAll(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"shim.s": shimCode, "shim.go": shimImports} {
		if err := os.WriteFile(in(name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("build the shim: %w", err)
		}
	}
	assemble := []string{"-dynlink", "-linkshared", "-p", shimPackage, "-I", filepath.Join(b.root, "pkg", "include")}
	for _, step := range [][]string{
		append(append([]string{b.asm}, assemble...), "-gensymabis", "-o", in("symabis"), in("shim.s")),
		append(append([]string{b.asm}, assemble...), "-o", in("shim.o"), in("shim.s")),
		{b.compile, "-dynlink", "-linkshared", "-p", shimPackage, "-symabis", in("symabis"), "-importcfg", b.config(), "-pack", "-o", b.shim(), in("shim.go")},
		{"go", "tool", "pack", "r", b.shim(), in("shim.o")},
	} {
		if _, err := b.run(ctx, step[0], step[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// linkWorker links the program that holds the values.
func (b *Base) linkWorker(ctx context.Context) error {
	list := slices.Concat([]string{"list", "-export"}, forLibrary, []string{"-tags", "sdtlab_worker", "-f", "{{.Export}}", workerPackage})
	out, err := b.run(ctx, "go", list...)
	if err != nil {
		return err
	}
	config, err := os.ReadFile(b.config())
	if err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	var all strings.Builder
	all.Write(config)
	for _, p := range b.packages() {
		fmt.Fprintf(&all, "packageshlib %s=%s\n", p, b.Library())
	}
	listed := filepath.Join(b.Dir, "workercfg")
	if err := os.WriteFile(listed, []byte(all.String()), 0o644); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	half := b.Worker() + ".part"
	if _, err := b.run(ctx, b.link, "-linkshared", "-importcfg", listed, "-o", half, "-w", "-checklinkname=0", "-extld", b.cc,
		"-extldflags=-Xlinker -rpath -Xlinker "+goenv.Quote(b.Dir)+b.linker.Flag(), strings.TrimSpace(string(out))); err != nil {
		return err
	}
	if err := os.Rename(half, b.Worker()); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	return nil
}
