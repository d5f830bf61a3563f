package toolchain

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
	"github.com/sdtlab/sdtlab/kernel/internal/live/linker"
)

// goVersion begins the versions of Go with layouts known here and in package loader.
const goVersion = "go1.26"

// find finds the tools.
func (b *Base) find(ctx context.Context) error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("%w: they need Linux, this is %s", ErrUnsupported, runtime.GOOS)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("the go command is not in PATH: add its folder (%w)", err)
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
		return fmt.Errorf("go env printed %q", out)
	}
	if version := strings.Fields(lines[3] + " ?")[0]; !strings.HasPrefix(version, goVersion) {
		return fmt.Errorf("%w: they need Go 1.26, this is %s", ErrUnsupported, version)
	}
	b.cc = lines[1]
	if _, err := exec.LookPath(append(goenv.Split(b.cc), "")[0]); err != nil {
		return fmt.Errorf("%w: no C compiler: install one, or set CC (quote a path with spaces): %w", ErrUnsupported, err)
	}
	b.compile, b.link = filepath.Join(lines[0], "compile"), filepath.Join(lines[0], "link")
	b.asm, b.root = filepath.Join(lines[0], "asm"), lines[2]
	return nil
}
