// Package toolchain compiles and links: the packages that cells can import, once, and each
// cell. It is where the layouts of Go's and the system's files are known.
//
//	base        the shared library of packages, and the program that loads cells
//	link        a cell becomes a plugin; refused: what the compiler or the linker has against it
//	library     what a shared library or a plugin defines
//	stub        a library in its place that Go's linker reads fast
//	goobject    the object files of Go's compiler
//	cellobject  the object file that Go's linker makes of a cell
//	unmark      the names in it
//	mangle      names of symbols
package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/live/linker"
)

// Base is the packages that cells can import, compiled, and linked once into one shared
// library, so that linking a cell is linking the cell alone.
type Base struct {
	Root string // of the module that the packages are built in
	Dir  string // holds the shared library, the worker and the list of packages

	tools
	linker   linker.Linker
	env      []string
	module   string            // path of the module at Root, "" if the base has no package of it
	exports  map[string]string // the file of each package, by import path
	names    map[string]string // the names of those packages that a cell can import
	programs map[string]bool   // packages that are commands: no cell can import one
}

// Export returns the compiled form of a package, "" if it is not there.
func (b *Base) Export(path string) string { return b.exports[path] }

// Names returns the names of the packages that a cell can import, by import path.
func (b *Base) Names() map[string]string { return b.names }

// SourcePath returns where a file is that the compiler names.
func (b *Base) SourcePath(name string) string {
	if rest, ok := strings.CutPrefix(name, "$GOROOT"); ok {
		return filepath.Join(b.root, rest)
	}
	return name
}

// tools are the paths of Go and of the programs that build.
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

// ErrUnsupported is what Build returns, wrapped, where no cell can be loaded into a
// running process.
var ErrUnsupported = errors.New("cells cannot be loaded into a living process here")

// Build compiles packages of the module at root, the standard library and what they
// depend on, and links them into a folder of cache, unless all is there already. say is
// told, in a line, before anything that takes long.
//
// It needs Linux, Go 1.26 with cgo and a C compiler: [ErrUnsupported]. env says which linker is
// used (see [linker.Find]).
func Build(ctx context.Context, root, cache string, env []string, packages []string, say func(string)) (*Base, error) {
	b := &Base{Root: root, env: env, exports: map[string]string{}, names: map[string]string{"unsafe": "unsafe"}, programs: map[string]bool{}}
	if err := b.find(ctx); err != nil {
		return nil, err
	}
	slow := time.AfterFunc(10*time.Second, func() { say("compiling what has changed (the first time, minutes)") })
	err := b.list(ctx, packages)
	slow.Stop()
	if err != nil {
		return nil, err
	}
	b.Dir = filepath.Join(cache, "live-"+b.key())
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for compiled packages: %w", err)
	}
	if !executable(b.Dir) {
		return nil, fmt.Errorf("the system runs no program that lies in %s (its file system is mounted noexec): set SDT_CACHE to another folder", cache)
	}
	lock := flock.New(filepath.Join(b.Dir, ".lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock %s: %w", b.Dir, err)
	}
	defer lock.Unlock()
	if _, err := os.Stat(b.Worker()); err == nil {
		b.Touch()
		return b, nil
	}
	prune(cache)
	say(fmt.Sprintf("linking %d packages into %s (once)", len(b.exports), b.Dir))
	for _, step := range []func(context.Context) error{b.writeConfig, b.writeScripts, b.linkLibrary, b.makeShim, b.linkWorker} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// kept is how long a library that nobody uses is kept: packages that change make others.
const kept = 14 * 24 * time.Hour

// Touch says that the library is in use.
func (b *Base) Touch() {
	now := time.Now()
	os.Chtimes(b.Dir, now, now)
}

// prune removes libraries that have not been used for long.
func prune(cache string) {
	dirs, _ := filepath.Glob(filepath.Join(cache, "live-*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > kept {
			os.RemoveAll(dir)
		}
	}
}

// Library is the shared library.
func (b *Base) Library() string { return filepath.Join(b.Dir, baseLibrary) }

// Worker is the program that holds the values.
func (b *Base) Worker() string { return filepath.Join(b.Dir, "worker") }

func (b *Base) config() string  { return filepath.Join(b.Dir, "importcfg") }
func (b *Base) shim() string    { return filepath.Join(b.Dir, "shim.a") }
func (b *Base) keep() string    { return filepath.Join(b.Dir, "keep") }
func (b *Base) symbols() string { return filepath.Join(b.Dir, "symbols") }

// goVersion begins the versions of Go whose layouts are known here and in package loader.
const goVersion = "go1.26"

// find finds the programs.
func (b *Base) find(ctx context.Context) error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("%w: they need Linux, this is %s", ErrUnsupported, runtime.GOOS)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("the go command is not in PATH: add the folder that has it (%w)", err)
	}
	var err error
	if b.linker, err = linker.Find(b.env); err != nil {
		return err
	}
	out, err := b.run(ctx, "go", "env", "GOTOOLDIR", "CC", "GOROOT", "GOVERSION")
	if err != nil {
		return err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 4 {
		return fmt.Errorf("go env says %q", out)
	}
	if version := strings.Fields(lines[3] + " ?")[0]; !strings.HasPrefix(version, goVersion) {
		return fmt.Errorf("%w: they need Go 1.26, this is %s", ErrUnsupported, version)
	}
	b.cc = lines[1]
	if _, err := exec.LookPath(append(goenv.Split(b.cc), "")[0]); err != nil {
		return fmt.Errorf("%w: no C compiler: install one, or set CC, where a path with spaces stands in quotes: %w", ErrUnsupported, err)
	}
	b.compile, b.link = filepath.Join(lines[0], "compile"), filepath.Join(lines[0], "link")
	b.asm, b.root = filepath.Join(lines[0], "asm"), lines[2]
	return nil
}

// list compiles the packages and notes where each lies.
func (b *Base) list(ctx context.Context, packages []string) error {
	args := []string{"list", "-export", "-deps", "-linkshared", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Name}}\t{{with .Module}}{{if .Main}}{{.Path}}{{end}}{{end}}"}
	args = append(args, packages...)
	out, err := b.run(ctx, "go", append(args, "std", hostPackage, loaderPackage, modulePackage)...)
	if err != nil {
		return err
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		if len(f) != 4 || f[1] == "" || apart[f[0]] {
			continue
		}
		if f[3] != "" {
			b.module = f[3]
		}
		if f[2] == "main" { // its main function would take the place of the worker's
			b.programs[f[0]] = true
			continue
		}
		b.exports[f[0]] = f[1]
		if importable(f[0]) {
			b.names[f[0]] = f[2]
		}
	}
	return nil
}

// apart are packages of the standard library that stand in for others, or carry much.
var apart = map[string]bool{"runtime/race": true, "runtime/msan": true, "runtime/asan": true, "time/tzdata": true}

// importable tells whether code outside a module may name the package.
func importable(path string) bool {
	return !strings.HasPrefix(path, "vendor/") && !strings.HasPrefix(path, "internal/") &&
		!strings.Contains(path, "/internal/") && !strings.HasSuffix(path, "/internal")
}

// key names all that decides what the shared library holds: cached packages are named for
// their content.
func (b *Base) key() string {
	h := sha256.New()
	fmt.Fprint(h, runtime.GOARCH, b.compile, b.cc, shimCode, shimImports, keep, symbols, diversions, b.linker)
	for _, p := range b.packages() {
		fmt.Fprintln(h, p, b.exports[p])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

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

// writeScripts writes what Go's linker is told to be the C compiler.
func (b *Base) writeScripts(context.Context) error {
	for path, text := range map[string]string{b.keep(): keep, b.symbols(): fmt.Sprintf(symbols, shell(goenv.Split(b.cc)))} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			return fmt.Errorf("link cells: %w", err)
		}
	}
	return nil
}

// symbols is the C compiler, which leaves out debugging information where it is asked to; but
// mold 1.10 leaves out all symbols then (-S), and the loader looks for some. There is none to
// leave out, as Go's linker has made none.
const symbols = `#!/bin/sh
for arg do
	shift
	[ "$arg" = -Wl,-S ] || set -- "$@" "$arg"
done
exec %s "$@"
`

// shell returns a command for a shell.
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

// Linker names the system's linker that links cells, with its path.
func (b *Base) Linker() string { return strings.TrimSpace(b.linker.Name + " " + b.linker.Path) }

var (
	//go:embed shim.s.txt
	shimCode string
	//go:embed shim.go.txt
	shimImports string
)

// makeShim makes the package that is linked into each cell.
func (b *Base) makeShim(ctx context.Context) error {
	dir, err := os.MkdirTemp(b.Dir, "shim")
	if err != nil {
		return fmt.Errorf("make the shim: %w", err)
	}
	defer os.RemoveAll(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"shim.s": shimCode, "shim.go": shimImports} {
		if err := os.WriteFile(in(name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("make the shim: %w", err)
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

// linkWorker links the process that holds the values.
func (b *Base) linkWorker(ctx context.Context) error {
	out, err := b.run(ctx, "go", "list", "-export", "-linkshared", "-tags", "sdtlab_worker", "-f", "{{.Export}}", workerPackage)
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
	list := filepath.Join(b.Dir, "workercfg")
	if err := os.WriteFile(list, []byte(all.String()), 0o644); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	half := b.Worker() + ".part"
	if _, err := b.run(ctx, b.link, "-linkshared", "-importcfg", list, "-o", half, "-w", "-checklinkname=0", "-extld", b.cc,
		"-extldflags=-Xlinker -rpath -Xlinker "+goenv.Quote(b.Dir)+b.linker.Flag(), strings.TrimSpace(string(out))); err != nil {
		return err
	}
	if err := os.Rename(half, b.Worker()); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	return nil
}

// orphans is how long a program that was killed may be outlived by a child that has its output.
const orphans = time.Second

// run runs a program at the root and returns what it prints.
func (b *Base) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = b.Root, goenv.Of(b.env), orphans
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &toolFailure{filepath.Base(name) + " " + args[0], err, string(bytes.TrimSpace(out)), string(bytes.TrimSpace(stderr.Bytes()))}
	}
	return bytes.TrimSpace(out), nil
}
