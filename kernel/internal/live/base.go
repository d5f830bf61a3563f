package live

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
)

// Base is the packages that cells can import, compiled, and linked once into one shared
// library, so that linking a cell is linking the cell alone.
type Base struct {
	Root string // of the module that the packages are built in
	Dir  string // holds the shared library, the worker and the list of packages

	tools
	env     []string
	exports map[string]string // the file of each package, by import path
	names   map[string]string // the names of those packages that a cell can import
	files   sourceFiles       // of packages, for their documentation
}

// tools are the paths of Go and of the programs that build.
type tools struct{ root, compile, link, asm, cc string }

// Paths of our own packages in the base.
const (
	hostPackage   = "github.com/sdtlab/sdtlab/kernel/internal/live/host"
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
// It needs Linux, Go with cgo and a C compiler: [ErrUnsupported].
func Build(ctx context.Context, root, cache string, env []string, packages []string, say func(string)) (*Base, error) {
	b := &Base{Root: root, env: env, exports: map[string]string{}, names: map[string]string{}}
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
	lock := flock.New(filepath.Join(b.Dir, ".lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock %s: %w", b.Dir, err)
	}
	defer lock.Unlock()
	if _, err := os.Stat(b.worker()); err == nil {
		b.touch()
		return b, nil
	}
	prune(cache)
	say(fmt.Sprintf("linking %d packages into %s (once)", len(b.exports), b.Dir))
	for _, step := range []func(context.Context) error{b.writeConfig, b.writeKeep, b.linkLibrary, b.makeShim, b.linkWorker} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// kept is how long a library that nobody uses is kept: packages that change make others.
const kept = 14 * 24 * time.Hour

// touch says that the library is in use.
func (b *Base) touch() {
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

func (b *Base) library() string { return filepath.Join(b.Dir, baseLibrary) }
func (b *Base) worker() string  { return filepath.Join(b.Dir, "worker") }
func (b *Base) config() string  { return filepath.Join(b.Dir, "importcfg") }
func (b *Base) shim() string    { return filepath.Join(b.Dir, "shim.a") }

// find finds the programs.
func (b *Base) find(ctx context.Context) error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("%w: they need Linux, this is %s", ErrUnsupported, runtime.GOOS)
	}
	out, err := b.run(ctx, "go", "env", "GOTOOLDIR", "CC", "CGO_ENABLED", "GOROOT")
	if err != nil {
		return err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 4 || lines[2] != "1" {
		return fmt.Errorf("%w: CGO_ENABLED is not 1", ErrUnsupported)
	}
	b.cc = lines[1]
	if _, err := exec.LookPath(strings.Fields(b.cc + " none")[0]); err != nil {
		return fmt.Errorf("%w: no C compiler: %w", ErrUnsupported, err)
	}
	b.compile, b.link = filepath.Join(lines[0], "compile"), filepath.Join(lines[0], "link")
	b.asm, b.root = filepath.Join(lines[0], "asm"), lines[3]
	return nil
}

// list compiles the packages and notes where each lies.
func (b *Base) list(ctx context.Context, packages []string) error {
	args := []string{"list", "-export", "-deps", "-linkshared", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Name}}\t{{.DepOnly}}"}
	args = append(args, packages...)
	out, err := b.run(ctx, "go", append(args, "std", hostPackage, modulePackage)...)
	if err != nil {
		return err
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		if len(f) != 4 || f[1] == "" || apart[f[0]] {
			continue
		}
		b.exports[f[0]] = f[1]
		if importable(f[0]) && f[2] != "main" {
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
	fmt.Fprint(h, runtime.GOARCH, b.compile, b.cc, shimCode, shimImports, keep, diversions)
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

func (b *Base) writeKeep(context.Context) error {
	if err := os.WriteFile(filepath.Join(b.Dir, "keep"), []byte(keep), 0o755); err != nil {
		return fmt.Errorf("link cells: %w", err)
	}
	return nil
}

func (b *Base) linkLibrary(ctx context.Context) error {
	args := []string{"-buildmode=shared", "-linkshared", "-importcfg", b.config(), "-checklinkname=0", "-o", b.library(), "-w", "-extld", b.cc, "-extldflags=-Wl,--hash-style=gnu" + b.fastLinker()}
	for _, p := range b.packages() {
		args = append(args, p+"="+b.exports[p])
	}
	if _, err := b.run(ctx, b.link, args...); err != nil {
		return err
	}
	return divert(b.library())
}

// fastLinker returns the flag for a fast linker, if there is one.
func (b *Base) fastLinker() string {
	for _, name := range []string{"mold", "lld"} {
		if _, err := exec.LookPath("ld." + name); err == nil {
			return " -fuse-ld=" + name
		}
	}
	return ""
}

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
	out, err := b.run(ctx, "go", "list", "-export", "-linkshared", "-f", "{{.Export}}", workerPackage)
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
		fmt.Fprintf(&all, "packageshlib %s=%s\n", p, b.library())
	}
	list := filepath.Join(b.Dir, "workercfg")
	if err := os.WriteFile(list, []byte(all.String()), 0o644); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	half := b.worker() + ".part"
	if _, err := b.run(ctx, b.link, "-linkshared", "-importcfg", list, "-o", half, "-w", "-extld", b.cc,
		"-extldflags=-Wl,-rpath,"+b.Dir+b.fastLinker(), strings.TrimSpace(string(out))); err != nil {
		return err
	}
	if err := os.Rename(half, b.worker()); err != nil {
		return fmt.Errorf("link the worker: %w", err)
	}
	return nil
}

// run runs a program at the root and returns what it prints.
func (b *Base) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = b.Root, append(b.env, "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(name), args[0], err, bytes.TrimSpace(out), bytes.TrimSpace(stderr.Bytes()))
	}
	return bytes.TrimSpace(out), nil
}
