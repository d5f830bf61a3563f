// Package engine starts the kernels that run notebooks: our own, whose cells share one
// process, and GoNB where that cannot be.
package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
)

// Engine is a kernel that runs a notebook.
type Engine interface {
	// Talk returns the session with it.
	Talk() *jupyter.Client
	// About returns the content of its kernel_info_reply.
	About() map[string]any
	// Interrupt asks it to stop the cell that it runs.
	Interrupt() error
	// Kill ends it at once, with what it runs.
	Kill()
	// Stop ends it and removes what it left.
	Stop()
	// Explain returns why the session failed with err.
	Explain(err error) error
	// Tidy takes out of a message what differs from run to run.
	Tidy(m jupyter.Message) jupyter.Message
	// Program is the path of the program that it made of the cells, if it makes one.
	Program() string
}

// Engines start kernels, one for each notebook, whose cells run in a folder. The command
// that makes the notebook's results again is theirs to note down.
type Engines struct {
	Project project.Project
	Start   func(ctx context.Context, dir, command string) (Engine, error)
}

// CommandVariable tells cells the command that executes them.
const CommandVariable = "SDT_COMMAND"

// Names of engines, for --engine.
const (
	Live = "live"
	GoNB = "gonb"
)

// Find prepares engines: our own, whose cells share one process, or GoNB where that
// cannot be, which is said. A name other than "" is the one that must be.
func Find(ctx context.Context, name string, say func(string)) (*Engines, error) {
	if name != "" && name != Live && name != GoNB {
		return nil, fmt.Errorf("--engine %s: the engines are %s and %s", name, Live, GoNB)
	}
	p, err := project.Find(ctx, ".")
	if err != nil {
		return nil, err
	}
	e := &Engines{Project: p}
	if name == "" || name == Live {
		if e.Start, err = Prepare(ctx, p, say); err == nil {
			return e, nil
		}
		if name == Live || !errors.Is(err, ErrUnsupported) {
			return nil, err
		}
		say(err.Error() + ": running on GoNB, where each cell is a process of its own")
	}
	tools, err := gonb.Build(ctx, p, say)
	if err != nil {
		return nil, err
	}
	e.Start = func(ctx context.Context, dir, command string) (Engine, error) {
		return gonb.Start(ctx, p, tools, dir, CommandVariable+"="+command)
	}
	return e, nil
}
