package live

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/toolchain"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
	"golang.org/x/sys/unix"
)

// TestNoExec checks that cells are loaded even if the folder for temporary files is on a
// file system that is mounted noexec.
func TestNoExec(t *testing.T) {
	temp := t.TempDir()
	if err := unix.Mount("none", temp, "tmpfs", unix.MS_NOEXEC, ""); err != nil {
		t.Skipf("mount: %v", err)
	}
	defer unix.Unmount(temp, unix.MNT_DETACH)
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	l := newTester(t)
	l.want("6 * 7", "Out: 42")
	if in := filepath.Dir(l.temp); in != b.Dir {
		t.Errorf("compiled cells are in %s", in)
	}
	if dir, err := toolchain.CellFolder(temp); err == nil || !strings.Contains(err.Error(), "noexec") || dir != "" {
		t.Errorf("a folder where there is none: %q, %v", dir, err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, err := Build(t.Context(), b.Root, temp, append(os.Environ(), "GOEXPERIMENT=simd"), []string{"fmt"}, remark.Lines(func(string) {})); err == nil || !strings.Contains(err.Error(), "set SDT_CACHE") {
		t.Errorf("a cache in it: %v", err)
	}
}

// TestCacheFolder checks that a cache's path may contain spaces and a quote.
func TestCacheFolder(t *testing.T) {
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(t.TempDir(), "it's a cache")
	if err := os.Mkdir(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	if b, err = Build(t.Context(), b.Root, cache, append(os.Environ(), "GOEXPERIMENT=simd"), []string{"fmt"}, remark.Lines(func(string) {})); err != nil {
		t.Fatal(err)
	}
	l := &tester{t: t}
	l.Session, err = Open(b, t.TempDir(), os.Environ(), func(string, []byte) {})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.want("6 * 7", "Out: 42")
}

// TestNoCompiler checks the message if a program is missing.
func TestNoCompiler(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"PATH", "/nowhere", "the go command is not in PATH: add its folder"},
		{"CC", "/no where/cc", "no C compiler: install one, or set CC (quote a path with spaces)"},
		{"CC", "'/no where/cc'", `"/no where/cc"`},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			if _, err := Build(t.Context(), "../../..", t.TempDir(), os.Environ(), nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("says %v, want %q", err, c.want)
			}
		})
	}
}
