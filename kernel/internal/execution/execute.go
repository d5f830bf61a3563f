// Package execution takes a notebook through a kernel, cell by cell.
//
//	execute   the notebook; stop, Ctrl-C
//	progress  how far it is
//	failure   of a cell; trace, where it happened
package execution

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

// Execution is the execution of one notebook on a kernel.
type Execution struct {
	Name     string // for messages
	Notebook *nbformat.Notebook
	Kernel   engine.Engine
	Stop     Stopper
	Progress *Progress
	Save     func() error // after each cell

	cells    []*nbformat.Cell // the code cells that are executed
	headings []string         // the heading that each of them stands under; empty: none
}

// Run executes the code cells in order, except blank ones. Cell n is the n-th executed, so
// n is also its execution count. Outputs and times are added to the notebook as they
// arrive. The first cell that fails ends the run with a *CellError. As in Jupyter's
// nbclient, a cell tagged raises-exception may fail, and one tagged skip-execution stays as
// it is.
//
// Automatic downloads of missing modules are switched off first: a notebook's imports are
// in the project's go.mod, and a download is never a side effect. A notebook that needs
// downloads says %autoget.
func (e *Execution) Run() error {
	e.Notebook.Metadata["language_info"] = e.Kernel.About()["language_info"]
	quiet, err := e.Kernel.Talk().ExecuteRequest("%noautoget", true)
	if err != nil {
		return err
	}
	if _, err := e.Kernel.Talk().Execute(quiet, func(jupyter.Message) {}); err != nil {
		return e.Kernel.Explain(err)
	}
	collect := jupyter.NewCollector()
	e.choose()
	var failed error
	for i, c := range e.cells {
		e.Progress.begin(i+1, len(e.cells), e.headings[i], c.Source)
		failed = e.cell(collect, i+1, c)
		e.Progress.end(failed)
		e.Progress.remarks(c)
		if failed != nil {
			break
		}
		if err := e.Save(); err != nil {
			return err
		}
	}
	e.Kernel.Talk().Drain(200*time.Millisecond, func(m jupyter.Message) { collect.Show(e.Kernel.Tidy(m)) })
	return failed
}

// choose finds the cells that are executed, and the headings that they stand under.
func (e *Execution) choose() {
	heading := ""
	for _, c := range e.Notebook.Cells {
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

func (e *Execution) cell(collect *jupyter.Collector, n int, c *nbformat.Cell) error {
	if e.Stop.Soft.Err() != nil {
		return ErrInterrupted
	}
	request, err := e.Kernel.Talk().ExecuteRequest(c.Source, false)
	if err != nil {
		return err
	}
	settled, ok := context.WithCancel(context.Background())
	defer ok()
	unhook := context.AfterFunc(e.Stop.Soft, func() { e.interrupt(settled) })
	defer unhook()

	collect.Begin(request, c, e.Progress.output)
	start := time.Now()
	var odd error
	reply, err := e.Kernel.Talk().Execute(request, func(m jupyter.Message) {
		if err := collect.Show(e.Kernel.Tidy(m)); err != nil && odd == nil {
			odd = err
		}
	})
	ok()
	stamp(c, start, time.Now())
	if err != nil && !errors.Is(err, jupyter.ErrInput) {
		err = e.Kernel.Explain(err)
	}
	switch {
	case e.Stop.Soft.Err() != nil:
		return fmt.Errorf("%w in cell %d", ErrInterrupted, n)
	case err == nil && (reply.Status == "ok" || c.Tagged("raises-exception")):
		return odd
	case err != nil: // so that the saved notebook shows it too
		c.Outputs = append(c.Outputs, &nbformat.Output{
			Type: nbformat.Error, EName: "Kernel", EValue: err.Error(), Traceback: []string{err.Error()},
		})
	}
	markPlaces(e.cells[:n], e.Kernel.Program())
	why, found := failure.Read(c)
	if !found {
		why.Reasons = []string{reply.EName + ": " + reply.EValue}
	}
	return &CellError{notebook: e.Name, cell: n, cells: e.cells, failure: why, cause: err}
}

// settleLimit is how long an interrupted cell may run before the kernel is killed: GoNB
// gives the cell's program five seconds.
const settleLimit = 20 * time.Second

// interrupt asks the kernel to stop the cell until it has settled. It asks every second,
// because GoNB ignores interrupts while it compiles a cell. After settleLimit, or at a
// second Ctrl-C, the kernel is killed.
func (e *Execution) interrupt(settled context.Context) {
	e.Progress.Say("interrupting the cell; press Ctrl-C again to kill it")
	deadline := time.After(settleLimit)
	for {
		e.Kernel.Interrupt()
		select {
		case <-settled.Done():
			return
		case <-e.Stop.Hard.Done():
			e.Kernel.Kill()
			return
		case <-deadline:
			e.Progress.Say("the cell did not stop: killing the kernel")
			e.Kernel.Kill()
			return
		case <-time.After(time.Second):
		}
	}
}

// stamp records when a cell ran, in the metadata that Jupyter's clients use.
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
