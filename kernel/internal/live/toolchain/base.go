// Package toolchain compiles and links the packages that cells can import, once, and each
// cell. It alone knows the layouts of Go's and the system's files.
//
//	base        the shared library of packages, and the program that loads cells
//	build       builds a base: find, the tools; packages, its contents; libraries, how it is linked
//	compiling   compiles packages and shows how far that is; tally, the counting; expected, what will be compiled
//	importable  which packages a cell may import; folder: where cells are compiled
//	unit, link  a cell becomes a plugin; refused: errors of the compiler or the linker
//	library     what a shared library or a plugin defines; divert: what it calls in place of Go's own
//	stub        a substitute library that Go's linker reads fast
//	goobject    the object files of Go's compiler
//	cellobject  the object file that Go's linker writes for a cell
//	unmark      the names in it; ownfields: fields that another cell's type has too
//	mangle      names of symbols
package toolchain

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/live/linker"
)

// Base is the set of packages that cells can import, compiled, and linked once into one
// shared library, so that linking a cell links only the cell's own code.
type Base struct {
	Root string // of the module that the packages are built in
	Dir  string // holds the shared library, the worker and the list of packages

	tools
	linker   linker.Linker
	env      []string
	module   string            // path of the module at Root, "" if the base has no package of it
	exports  map[string]string // the file of each package, by import path
	names    map[string]string // names of the packages that a cell can import
	programs map[string]bool   // packages that are commands: no cell can import one
}

// Export returns the file with the compiled form of a package, "" if there is none.
func (b *Base) Export(path string) string { return b.exports[path] }

// Names returns the names of the packages that a cell can import, by import path.
func (b *Base) Names() map[string]string { return b.names }

// SourcePath returns the path of a source file as the compiler names it.
func (b *Base) SourcePath(name string) string {
	if rest, ok := strings.CutPrefix(name, "$GOROOT"); ok {
		return filepath.Join(b.root, rest)
	}
	return name
}

// tools holds the paths of the Go installation and of the build tools.
type tools struct{ root, compile, link, asm, cc string }

// Paths of our own packages in the base.
const (
	hostPackage   = "github.com/sdtlab/sdtlab/kernel/internal/live/host"
	loaderPackage = "github.com/sdtlab/sdtlab/kernel/internal/live/loader"
	workerPackage = "github.com/sdtlab/sdtlab/kernel/internal/live/worker"
	modulePackage = "github.com/sdtlab/sdtlab/kernel/internal/live/module"
	shimPackage   = "sdtlab/shim"
	addModule     = modulePackage + ".addModule"
	baseLibrary   = "libsdtlab.so"
)

// ErrUnsupported is the error that Build returns, wrapped, on systems where no cell can be
// loaded into a running process.
var ErrUnsupported = errors.New("cells cannot be loaded into a running process here")

// Library returns the path of the shared library.
func (b *Base) Library() string { return filepath.Join(b.Dir, baseLibrary) }

// Worker returns the path of the program that holds the values.
func (b *Base) Worker() string { return filepath.Join(b.Dir, "worker") }

func (b *Base) config() string  { return filepath.Join(b.Dir, "importcfg") }
func (b *Base) shim() string    { return filepath.Join(b.Dir, "shim.a") }
func (b *Base) keep() string    { return filepath.Join(b.Dir, "keep") }
func (b *Base) symbols() string { return filepath.Join(b.Dir, "symbols") }

// packages returns all import paths, sorted.
func (b *Base) packages() []string {
	all := make([]string, 0, len(b.exports))
	for p := range b.exports {
		all = append(all, p)
	}
	sort.Strings(all)
	return all
}

func (b *Base) writeConfig(context.Context) error {
	var config strings.Builder
	for _, p := range b.packages() {
		fmt.Fprintf(&config, "packagefile %s=%s\n", p, b.exports[p])
	}
	if err := os.WriteFile(b.config(), []byte(config.String()), 0o644); err != nil {
		return fmt.Errorf("list the compiled packages: %w", err)
	}
	return nil
}

// Linker returns the name and path of the system's linker that links cells.
func (b *Base) Linker() string { return strings.TrimSpace(b.linker.Name + " " + b.linker.Path) }

// orphans is how long to wait for children that hold the output of a program that was
// killed.
const orphans = time.Second

// run runs a program at the root and returns its output.
func (b *Base) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	return b.follow(ctx, func([]byte) {}, name, args...)
}

// follow is run with a function that sees the error output as it is written.
func (b *Base) follow(ctx context.Context, see func(text []byte), name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = b.Root, goenv.Of(b.env), orphans
	var stderr bytes.Buffer
	cmd.Stderr = io.MultiWriter(&stderr, seen(see))
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &toolFailure{filepath.Base(name) + " " + args[0], err, string(bytes.TrimSpace(out)), string(bytes.TrimSpace(stderr.Bytes()))}
	}
	return bytes.TrimSpace(out), nil
}

// seen is a writer that shows a function what is written.
type seen func(text []byte)

func (s seen) Write(text []byte) (int, error) {
	s(text)
	return len(text), nil
}
