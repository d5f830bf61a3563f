package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// console records what it is told, and cancels the build at a state.
type console struct {
	told   []string
	cancel func()
}

var _ remark.Teller = (*console)(nil)

func (c *console) Say(line string) { c.told = append(c.told, line) }

func (c *console) Now(state string) {
	c.told = append(c.told, state)
	if c.cancel != nil && state != "" {
		c.cancel()
	}
}

// TestCompiling compiles package fmt from empty caches. It can be interrupted; the numbers of
// packages grow, up to all; nothing is told when all is compiled; and an error is the
// compiler's, without the names of packages that were compiled before.
func TestCompiling(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the standard library")
	}
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example.org/m\n\ngo 1.26\n",
		"good/good.go":     "package good\n",
		"broken/broken.go": "package broken\n\nimport _ \"example.org/m/good\"\n\nvar n int = \"text\"\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base := func() *Base { return &Base{Root: root, env: append(os.Environ(), "GOCACHE="+t.TempDir())} }

	ctx, cancel := context.WithCancel(t.Context())
	stopped := &console{cancel: cancel}
	if _, err := base().compiling(ctx, stopped, "{{.ImportPath}}", []string{"fmt"}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if n := len(stopped.told); n != 2 || stopped.told[1] != "" {
		t.Errorf("interrupted at the first state: told %q, want that state and its end", stopped.told)
	}

	b, cold := base(), &console{}
	out, err := b.compiling(t.Context(), cold, "{{.ImportPath}}", []string{"fmt"})
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, cold.told, strings.Fields(string(out)))

	warm := &console{}
	if again, err := b.compiling(t.Context(), warm, "{{.ImportPath}}", []string{"fmt"}); err != nil || string(again) != string(out) {
		t.Errorf("compiled again: %q, %v, want %q", again, err, out)
	}
	if len(warm.told) > 0 {
		t.Errorf("when all is compiled, told %q", warm.told)
	}

	all, err := b.expect(t.Context(), []string{"fmt", "example.org/m/good"})
	for _, p := range all {
		if p.stale != (p.path == "example.org/m/good") {
			t.Errorf("after fmt was compiled: %+v, want only the other package to be stale", p)
		}
	}
	if err != nil || len(all) != len(strings.Fields(string(out)))+1 {
		t.Errorf("%d packages are expected, %v", len(all), err)
	}

	_, err = b.compiling(t.Context(), warm, "{{.ImportPath}}", []string{"example.org/m/broken"})
	if err == nil || !strings.Contains(err.Error(), `broken.go:5:13: cannot use "text"`) || regexp.MustCompile(`(?m)^example.org/m/\w+$`).MatchString(err.Error()) {
		t.Errorf("a package that does not compile: %v", err)
	}
}

var counted = regexp.MustCompile(`^compiling (\d+) of (\d+) packages(, (about .*|a few seconds) left)?$`)

// checkCounts checks what was told while packages were compiled.
func checkCounts(t *testing.T, told, packages []string) {
	t.Helper()
	last := 0
	for _, state := range told[:max(0, len(told)-2)] {
		m := counted.FindStringSubmatch(state)
		if m == nil {
			t.Errorf("told %q", state)
			continue
		}
		n, _ := strconv.Atoi(m[1])
		of, _ := strconv.Atoi(m[2])
		if n < last || n > of || of > len(packages) || of < len(packages)-2 { // unsafe is not compiled
			t.Errorf("told %q after %d, for %d packages", state, last, len(packages))
		}
		last = n
	}
	if last == 0 {
		t.Fatalf("told no numbers: %q", told)
	}
	end := told[len(told)-2:]
	if end[0] != "" || !strings.HasPrefix(end[1], fmt.Sprintf("compiled %d packages in ", len(packages)-1)) {
		t.Errorf("told at the end: %q, for %d packages", end, len(packages))
	}
}
