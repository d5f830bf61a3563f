//go:build !linux

package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/spf13/cobra"
)

var errUnsupported = errors.New("cells cannot be loaded into a living process here")

func prepareLive(context.Context, gonb.Project, func(string)) (func(ctx context.Context, dir, command string) (engine, error), error) {
	return nil, fmt.Errorf("%w: they need Linux, this is %s", errUnsupported, runtime.GOOS)
}

// platformCommands are the commands that need such a process.
func platformCommands() []*cobra.Command { return nil }
