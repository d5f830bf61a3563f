package gonb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gofrs/flock"
)

// Tools is a folder with programs built from the project's go.mod.
type Tools struct {
	Dir string // absolute; holds gonb and goimports, and LSP holds gopls
}

// The programs, by the name of their file. gopls is apart: GoNB starts it where it
// is on PATH, which costs memory and is of use to an editor only.
var programs = map[string]string{
	"gonb":      "github.com/janpfeifer/gonb",
	"goimports": "golang.org/x/tools/cmd/goimports",
	"lsp/gopls": "golang.org/x/tools/gopls",
}

// GoNB is the path of the kernel.
func (t Tools) GoNB() string { return filepath.Join(t.Dir, "gonb"+exe()) }

// LSP is the folder that gopls is built to.
func (t Tools) LSP() string { return filepath.Join(t.Dir, "lsp") }

// Programs are the paths of all of them, the kernel first; of gopls too.
func (t Tools) Programs() []string {
	return []string{t.GoNB(), filepath.Join(t.Dir, "goimports"+exe()), filepath.Join(t.LSP(), "gopls"+exe())}
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// Build builds the kernel and goimports, and gopls on request, into a folder of
// the user's cache, unless they are there already. The folder is named for all
// that decides what is built: go.mod, go.sum, Go's version and the platform. A
// lock keeps two commands from building at once. say is told before something is
// built, in one line.
func (p Project) Build(ctx context.Context, withGopls bool, say func(string)) (Tools, error) {
	key, err := p.toolsKey(ctx)
	if err != nil {
		return Tools{}, err
	}
	cache, err := CacheDir()
	if err != nil {
		return Tools{}, err
	}
	t := Tools{Dir: filepath.Join(cache, "tools-"+key)}
	if err := os.MkdirAll(t.LSP(), 0o755); err != nil {
		return t, fmt.Errorf("make the folder for the kernel: %w", err)
	}
	names := []string{"gonb", "goimports"}
	if withGopls {
		names = append(names, "lsp/gopls")
	}
	lock := flock.New(filepath.Join(t.Dir, ".lock"))
	if _, err := lock.TryLockContext(ctx, 200_000_000); err != nil {
		return t, fmt.Errorf("lock %s: %w", t.Dir, err)
	}
	defer lock.Unlock()
	for _, name := range names {
		target := filepath.Join(t.Dir, filepath.FromSlash(name)+exe())
		if _, err := os.Stat(target); err == nil {
			continue
		}
		say(fmt.Sprintf("building %s into %s (once)", filepath.Base(name), filepath.Dir(target)))
		if err := p.build(ctx, target, programs[name]); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (p Project) build(ctx context.Context, target, pkg string) error {
	half := target + ".part"
	defer os.Remove(half)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", half, pkg)
	cmd.Dir = p.Root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, bytes.TrimSpace(out))
	}
	if err := os.Rename(half, target); err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	return nil
}

func (p Project) toolsKey(ctx context.Context) (string, error) {
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
		return "", fmt.Errorf("go env: %w", withStderr(err))
	}
	h.Write(out)
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

// CacheDir is where we keep what can be had again: $SDT_CACHE, else sdtlab in the
// user's cache folder.
func CacheDir() (string, error) {
	if dir := strings.TrimSpace(os.Getenv("SDT_CACHE")); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w: set SDT_CACHE", err)
	}
	return filepath.Join(dir, "sdtlab"), nil
}
