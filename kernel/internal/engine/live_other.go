//go:build !linux

package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// ErrUnsupported is the error on a system where cells cannot be loaded into a process.
var ErrUnsupported = errors.New("cells cannot be loaded into a running process here")

// Prepare fails: cells in a live process need Linux.
func Prepare(context.Context, project.Project, remark.Teller) (func(ctx context.Context, dir, command string) (Engine, error), error) {
	return nil, fmt.Errorf("%w: they need Linux, this is %s", ErrUnsupported, runtime.GOOS)
}
