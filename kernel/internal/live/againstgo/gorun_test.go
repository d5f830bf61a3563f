package againstgo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// ran is what a program wrote, and why it failed.
type ran struct {
	written
	err error
}

// goRuns builds programs of one file, all at once, and runs each for a minute at most.
func goRuns(t *testing.T, programs []string) []ran {
	t.Helper()
	dir := t.TempDir()
	defer os.RemoveAll(dir)
	files := map[string]string{"go.mod": "module programs\n\ngo 1.26\n"}
	for i, p := range programs {
		files[fmt.Sprintf("p%d/main.go", i)] = p
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(dir, "bin")+"/", "./...")
	build.Dir = dir
	said, _ := build.CombinedOutput() // of those that do not build; the others are built
	out := make([]ran, len(programs))
	for i := range programs {
		name := filepath.Join(dir, "bin", fmt.Sprintf("p%d", i))
		if _, err := os.Stat(name); err != nil {
			out[i].err = fmt.Errorf("go build: %s", regexp.MustCompile(fmt.Sprintf(`(?m)^p%d/.*`, i)).Find(said))
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		var stdout, stderr strings.Builder
		run := exec.CommandContext(ctx, name)
		run.Stdout, run.Stderr, run.Dir = &stdout, &stderr, dir
		out[i].err = run.Run()
		out[i].written = written{stdout.String(), stderr.String()}
		cancel()
	}
	return out
}
