package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/backend"
	"github.com/sdtlab/sdtlab/kernel/internal/gonb"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// engine is a kernel that runs a notebook.
type engine interface {
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

// engines start kernels, one for each notebook, whose cells run in a folder. The command
// that makes the notebook's results again is theirs to note down.
type engines struct {
	project gonb.Project
	start   func(ctx context.Context, dir, command string) (engine, error)
}

// commandVariable tells cells the command that executes them.
const commandVariable = "SDT_COMMAND"

// Names of engines, for --engine.
const (
	liveEngine = "live"
	gonbEngine = "gonb"
)

// findEngines prepares engines: our own, whose cells share one process, or GoNB where that
// cannot be, which is said. A name other than "" is the one that must be.
func findEngines(ctx context.Context, name string, say func(string)) (*engines, error) {
	if name != "" && name != liveEngine && name != gonbEngine {
		return nil, fmt.Errorf("--engine %s: the engines are %s and %s", name, liveEngine, gonbEngine)
	}
	p, err := gonb.FindProject(ctx, ".")
	if err != nil {
		return nil, err
	}
	e := &engines{project: p}
	if name == "" || name == liveEngine {
		if e.start, err = prepareLive(ctx, p, say); err == nil {
			return e, nil
		}
		if name == liveEngine || !errors.Is(err, errUnsupported) {
			return nil, err
		}
		say(err.Error() + ": running on GoNB, where each cell is a process of its own")
	}
	tools, err := p.Build(ctx, say)
	if err != nil {
		return nil, err
	}
	e.start = func(ctx context.Context, dir, command string) (engine, error) {
		return p.Start(ctx, tools, dir, commandVariable+"="+command)
	}
	return e, nil
}

// fasterBackend returns what to set for a back end that is here and faster than the pure Go
// one, "" if one is set or none is here.
func fasterBackend(w backend.Where, getenv func(string) string) string {
	if getenv("GOMLX_BACKEND") != "" {
		return ""
	}
	all := backend.Find(w, getenv)
	last := all[len(all)-1]
	if last.Name == "go" {
		return ""
	}
	return fmt.Sprintf("computing on pure Go; the faster back end %s is here too: export %s", last.Name, strings.Join(last.Setting.Environ(), " "))
}
