package tests

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// root is the project, seen from this package.
const root = ".."

// shared is a directory for what several tests use. TestMain makes and removes it.
var shared string

// atEnd ends, behind the last test, what several tests use.
var atEnd []func()

func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go")) // not the fastest of the machine
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "sdtlab-tests-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		shared = dir
		defer func() {
			for _, end := range slices.Backward(atEnd) {
				end()
			}
		}()
		return m.Run()
	}())
}

// checkout returns a fresh checkout of what would be committed now, one for all tests
// of a run: files that git ignores are not in it.
func checkout(t *testing.T) string {
	t.Helper()
	dir, err := copied()
	if err != nil {
		t.Fatalf("fresh checkout: %v", err)
	}
	return dir
}

var copied = sync.OnceValues(func() (string, error) {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("git ls-files: %w", err)
	}
	dir := filepath.Join(shared, "sdtlab")
	for name := range strings.SplitSeq(strings.Trim(string(names), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(dir, name), filepath.Join(root, name)); err != nil {
			return "", err
		}
	}
	return dir, nil
})

// copyFile copies one file with its mode. A file that is deleted but not yet
// committed is passed over.
func copyFile(to, from string) error {
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode()|fs.FileMode(0o200))
}

// said is what a command wrote.
type said struct {
	stdout, stderr string
	err            error
	memory         int64 // the most that it held, in bytes
}

// command runs a program in dir, with more in its environment, for as long as the test
// may take.
func command(ctx context.Context, dir string, more []string, program string, args ...string) said {
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.Env = dir, append(os.Environ(), more...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // a notebook's kernel must go too
	c.WaitDelay = 30 * time.Second
	var out, log bytes.Buffer
	c.Stdout, c.Stderr = &out, &log
	err := c.Run()
	return said{out.String(), log.String(), err, peak(c.ProcessState)}
}

// must ends the test where the command failed.
func (s said) must(t *testing.T) said {
	t.Helper()
	if s.err != nil {
		t.Fatalf("%v\n%s\n%s", s.err, s.stdout, s.stderr)
	}
	return s
}
