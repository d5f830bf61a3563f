package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/engine"
	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// execution is one notebook on its way through a kernel.
type execution struct {
	name     string // for messages
	notebook *nbformat.Notebook
	kernel   engine.Engine
	stop     stopper
	progress *progress
	save     func() error // after each cell

	cells    []*nbformat.Cell // the code cells that are executed
	headings []string         // the heading that each of them stands under; empty: none
}

// run executes the code cells in order, but for blank ones. Cell n is the n-th that is
// executed, so n is also its execution count. Outputs and times are put into the notebook as
// they come. The first cell that fails ends it with a *cellError; one with the tag
// raises-exception may fail, and one with skip-execution stays as it is, as with Jupyter's
// nbclient.
//
// The downloading of missing modules is switched off first: what a notebook
// imports is in the project's go.mod, and a download is never a side effect. A
// notebook that wants it says %autoget.
func (e *execution) run() error {
	e.notebook.Metadata["language_info"] = e.kernel.About()["language_info"]
	quiet, err := e.kernel.Talk().ExecuteRequest("%noautoget", true)
	if err != nil {
		return err
	}
	if _, err := e.kernel.Talk().Execute(quiet, func(jupyter.Message) {}); err != nil {
		return e.kernel.Explain(err)
	}
	collect := jupyter.NewCollector()
	e.choose()
	var failed error
	for i, c := range e.cells {
		e.progress.begin(i+1, len(e.cells), e.headings[i], c.Source)
		failed = e.cell(collect, i+1, c)
		e.progress.end(failed)
		e.progress.remarks(c)
		if failed != nil {
			break
		}
		if err := e.save(); err != nil {
			return err
		}
	}
	e.kernel.Talk().Drain(200*time.Millisecond, func(m jupyter.Message) { collect.Show(e.kernel.Tidy(m)) })
	return failed
}

// choose finds the cells that are executed, and the headings that they stand under.
func (e *execution) choose() {
	heading := ""
	for _, c := range e.notebook.Cells {
		switch {
		case c.Type == nbformat.Markdown:
			if last := lastHeading(c.Source); last != "" {
				heading = last
			}
		case c.Type == nbformat.Code && !c.Tagged("skip-execution"):
			c.Outputs, c.ExecutionCount = nil, nil
			if !c.Blank() {
				e.cells, e.headings = append(e.cells, c), append(e.headings, heading)
			}
		}
	}
}

func (e *execution) cell(collect *jupyter.Collector, n int, c *nbformat.Cell) error {
	if e.stop.soft.Err() != nil {
		return errInterrupted
	}
	request, err := e.kernel.Talk().ExecuteRequest(c.Source, false)
	if err != nil {
		return err
	}
	settled, ok := context.WithCancel(context.Background())
	defer ok()
	unhook := context.AfterFunc(e.stop.soft, func() { e.interrupt(settled) })
	defer unhook()

	collect.Begin(request, c, e.progress.output)
	start := time.Now()
	var odd error
	reply, err := e.kernel.Talk().Execute(request, func(m jupyter.Message) {
		if err := collect.Show(e.kernel.Tidy(m)); err != nil && odd == nil {
			odd = err
		}
	})
	ok()
	stamp(c, start, time.Now())
	if err != nil && !errors.Is(err, jupyter.ErrInput) {
		err = e.kernel.Explain(err)
	}
	switch {
	case e.stop.soft.Err() != nil:
		return fmt.Errorf("%w in cell %d", errInterrupted, n)
	case err == nil && (reply.Status == "ok" || c.Tagged("raises-exception")):
		return odd
	case err != nil: // so that the saved notebook says it too
		c.Outputs = append(c.Outputs, &nbformat.Output{
			Type: nbformat.Error, EName: "Kernel", EValue: err.Error(), Traceback: []string{err.Error()},
		})
	}
	markPlaces(e.cells[:n], e.kernel.Program())
	why, found := failure.Read(c)
	if !found {
		why.Reasons = []string{reply.EName + ": " + reply.EValue}
	}
	return &cellError{notebook: e.name, cell: n, cells: e.cells, failure: why, cause: err}
}

// settleLimit is how long an interrupted cell may take before the kernel is
// killed: GoNB gives the cell's program five seconds.
const settleLimit = 20 * time.Second

// interrupt asks the kernel to stop the cell until it has settled. It asks each
// second, since GoNB does not hear it while it compiles a cell; after settleLimit,
// or when the user insists, the kernel is killed.
func (e *execution) interrupt(settled context.Context) {
	e.progress.say("interrupting the cell; press Ctrl-C again to kill it")
	deadline := time.After(settleLimit)
	for {
		e.kernel.Interrupt()
		select {
		case <-settled.Done():
			return
		case <-e.stop.hard.Done():
			e.kernel.Kill()
			return
		case <-deadline:
			e.progress.say("the cell did not stop: killing the kernel")
			e.kernel.Kill()
			return
		case <-time.After(time.Second):
		}
	}
}

// stamp notes when a cell ran where Jupyter's clients note it.
func stamp(c *nbformat.Cell, start, end time.Time) {
	const format = "2006-01-02T15:04:05.000000Z"
	if c.Metadata == nil {
		c.Metadata = map[string]any{}
	}
	c.Metadata["execution"] = map[string]any{
		"iopub.execute_input": start.UTC().Format(format),
		"shell.execute_reply": end.UTC().Format(format),
	}
}
