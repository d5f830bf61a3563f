// Package engine starts the kernels that run notebooks: our own, whose cells share one
// process, or GoNB where that is impossible.
package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// Engine is a kernel that runs a notebook.
type Engine interface {
	// Talk returns the session with the kernel.
	Talk() *jupyter.Client
	// About returns the content of its kernel_info_reply.
	About() map[string]any
	// Interrupt asks it to stop the cell that it runs.
	Interrupt() error
	// Kill ends it at once, with what it runs.
	Kill()
	// Stop ends it and removes its temporary files.
	Stop()
	// Explain returns why the session failed with err.
	Explain(err error) error
	// Tidy removes from a message what differs from run to run.
	Tidy(m jupyter.Message) jupyter.Message
	// Program returns the path of the program that it made from the cells, if it makes one.
	Program() string
}

// Engines starts kernels, one for each notebook; its cells run in a folder. Cells can
// record command, which repeats the notebook's results.
type Engines struct {
	Project project.Project
	Start   func(ctx context.Context, dir, command string) (Engine, error)
}

// CommandVariable names the environment variable that gives cells the command executing
// them.
const CommandVariable = "SDT_COMMAND"

// Names of engines, for --engine.
const (
	Live = "live"
	GoNB = "gonb"
)

// Find prepares an engine: our own, whose cells share one process, or GoNB where that is
// impossible, and tells that it is. A name other than "" requires that engine.
func Find(ctx context.Context, name string, tell remark.Teller) (*Engines, error) {
	if name != "" && name != Live && name != GoNB {
		return nil, fmt.Errorf("--engine %s: choose %s or %s", name, Live, GoNB)
	}
	p, err := project.Find(ctx, ".")
	if err != nil {
		return nil, err
	}
	e := &Engines{Project: p}
	if name == "" || name == Live {
		if e.Start, err = Prepare(ctx, p, tell); err == nil {
			return e, nil
		}
		if name == Live || !errors.Is(err, ErrUnsupported) {
			return nil, err
		}
		tell.Say(err.Error() + ": running on GoNB, where each cell is its own process")
	}
	tools, err := gonb.Build(ctx, p, tell.Say)
	if err != nil {
		return nil, err
	}
	e.Start = func(ctx context.Context, dir, command string) (Engine, error) {
		return gonb.Start(ctx, p, tools, dir, CommandVariable+"="+command)
	}
	return e, nil
}
