package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// Build compiles packages of the module at root, the standard library and what they depend
// on, and links them into a folder of cache, unless all that exists already. tell is told how
// far that is if it takes longer than two seconds.
//
// Build needs Linux, Go 1.26 with cgo, and a C compiler, and fails with [ErrUnsupported]
// otherwise. env chooses the linker (see [linker.Find]).
func Build(ctx context.Context, root, cache string, env []string, packages []string, tell remark.Teller) (*Base, error) {
	b := &Base{Root: root, env: env, exports: map[string]string{}, names: map[string]string{"unsafe": "unsafe"}, programs: map[string]bool{}}
	if err := b.find(ctx); err != nil {
		return nil, err
	}
	if err := b.list(ctx, packages, tell); err != nil {
		return nil, err
	}
	b.Dir = filepath.Join(cache, "live-"+b.key())
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("create the folder for compiled packages: %w", err)
	}
	if !executable(b.Dir) {
		return nil, fmt.Errorf("programs in %s cannot run (its file system is mounted noexec): set SDT_CACHE to another folder", cache)
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
	tell.Say(fmt.Sprintf("linking %d packages into %s (once)", len(b.exports), b.Dir))
	for _, step := range []func(context.Context) error{b.writeConfig, b.writeScripts, b.linkLibrary, b.makeShim, b.linkWorker} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// kept is how long an unused library is kept: each change of the packages leads to another
// one.
const kept = 14 * 24 * time.Hour

// Touch marks the library as in use.
func (b *Base) Touch() {
	now := time.Now()
	os.Chtimes(b.Dir, now, now)
}

// prune removes libraries that have not been used for a long time.
func prune(cache string) {
	dirs, _ := filepath.Glob(filepath.Join(cache, "live-*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > kept {
			os.RemoveAll(dir)
		}
	}
}

// key identifies everything that determines the contents of the shared library: cached
// packages are named by their content.
func (b *Base) key() string {
	h := sha256.New()
	fmt.Fprint(h, runtime.GOARCH, b.compile, b.cc, shimCode, shimImports, keep, symbols, diversions, b.linker)
	for _, p := range b.packages() {
		fmt.Fprintln(h, p, b.exports[p])
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
