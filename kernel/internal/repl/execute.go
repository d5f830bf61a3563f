package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
)

// cell is a running cell.
type cell struct {
	e     *Evaluator
	ctx   context.Context // done when the cell is interrupted
	out   eval.Output
	ask   eval.Ask
	live  *live.Session
	parts dialect.Cell

	timed bool   // print how long it takes
	tests bool   // run its tests
	quiet bool   // do not show the last value
	flags int    // line of the command at which package flag must parse the arguments; 0 without one
	call  string // a function to call at the end
}

// Execute runs a cell: its commands, in order, then its Go.
func (e *Evaluator) Execute(ctx context.Context, code string, ask eval.Ask, out eval.Output) (result eval.Result) {
	defer context.AfterFunc(ctx, e.kill)() // the kernel ends, and waits for nothing
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	e.mu.Lock()
	e.out, e.cancel, e.done, e.asked, e.forced = out, cancel, done, 0, false
	e.codes[ask.Count] = code
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.done = nil
		e.mu.Unlock()
		close(done)
	}()
	session, err := e.session().wait(ctx)
	if err != nil {
		return eval.Result{Failure: failed("no session", errors.New(cause(err.Error())))}
	}
	e.pipe.Begin(code)
	defer e.pipe.End()
	c := &cell{e: e, ctx: ctx, out: out, ask: ask, live: session, parts: dialect.Parse(code)}
	e.remind(c)
	if result.Failure = c.commands(); result.Failure != nil {
		return result
	}
	result = c.run()
	if result.Failure == nil && len(ask.Expressions) > 0 {
		result.Expressions = c.expressions()
	}
	return result
}

// kill ends the process with all values, if there is one.
func (e *Evaluator) kill() {
	if session := e.session().now(); session != nil {
		session.Kill()
	}
}

// commands carries out the cell's commands.
func (c *cell) commands() *eval.Failure {
	if w := c.parts.Whole; w != nil {
		if err := c.whole(w.Text, c.parts.Body); err != nil {
			return failed("command failed", fmt.Errorf("line %d: %w", w.Line, err))
		}
		return nil
	}
	for _, command := range c.parts.Commands {
		if err := c.command(command); err != nil {
			return failed("command failed", fmt.Errorf("line %d: %w", command.Line, err))
		}
	}
	return nil
}

// run runs the cell's Go.
func (c *cell) run() eval.Result {
	code := c.parts.Go
	if c.flags > 0 { // like GoNB, which makes a main function of the code below it
		lines := strings.SplitAfter(code, "\n")
		lines[c.flags-1] = "flag.Parse()\n"
		code = strings.Join(lines, "")
	}
	if c.call != "" {
		code += "\n" + c.call + "()"
	}
	outcome, err := c.eval(live.Cell{Number: c.ask.Count, Code: code, Quiet: c.quiet, Tests: c.tests})
	if err != nil {
		return eval.Result{Failure: c.e.explain(err)}
	}
	for _, w := range outcome.Warnings {
		c.out.Stream("stderr", w+"\n")
	}
	if c.timed {
		c.out.Stream("stdout", fmt.Sprintf("built in %s, ran for %s\n", rounded(outcome.Building), rounded(outcome.Running)))
	}
	if f := outcome.Failure; f != nil {
		return eval.Result{Failure: c.e.thrown(f)}
	}
	if outcome.Value == nil {
		return eval.Result{}
	}
	return eval.Result{Data: forms(outcome.Value.Data)}
}

// eval runs Go. Missing packages are added to the session if it holds no values yet, since
// this needs a fresh session.
func (c *cell) eval(what live.Cell) (*live.Outcome, error) {
	outcome, err := c.live.Eval(c.ctx, what, c.input())
	var problems live.Problems
	if !errors.As(err, &problems) {
		return outcome, err
	}
	missing := false
	for i, p := range problems {
		if p.Missing == "" {
			continue
		}
		var program live.IsProgram
		var nothing notInStd
		if err := c.e.module.add(c.ctx, p.Missing, c.e.autoget); errors.As(err, &program) || errors.As(err, &nothing) {
			problems[i].Message = err.Error()
			continue
		} else if err != nil {
			problems[i].Message += "\n" + err.Error()
			continue
		}
		missing = true
		problems[i].Message += "; %restart begins a session with it, without the values of this one"
	}
	if variables, _, err := c.live.Who(); !missing || err != nil || len(variables) > 0 {
		return nil, problems
	}
	if err := c.afresh(c.e.Restart); err != nil {
		return nil, err
	}
	return c.live.Eval(c.ctx, what, c.input())
}

// forms converts a value by MIME type to the protocol's form.
func forms(data map[string]string) map[string]any {
	all := map[string]any{}
	for mime, text := range data {
		all[mime] = text
	}
	return all
}

func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(10 * time.Millisecond)
}

var errNobody = errors.New("the cell asks for input, which cannot be given here")

// input returns the function that asks the user.
func (c *cell) input() input.Ask {
	return func(ctx context.Context) (string, error) {
		if !c.ask.AllowStdin {
			return "", errNobody
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(c.ctx, cancel)()
		prompt, password := c.e.pipe.Question()
		line, err := c.out.Input(ctx, prompt, password || c.e.password)
		if err != nil && c.ctx.Err() != nil {
			err = io.EOF // an interrupt is not an error
		}
		return line, err
	}
}

// expressions evaluates the further expressions of the request.
func (c *cell) expressions() map[string]any {
	all := map[string]any{}
	for name, code := range c.ask.Expressions {
		outcome, err := c.live.Eval(c.ctx, live.Cell{Number: c.ask.Count, Code: code}, nil)
		var f *eval.Failure
		switch {
		case err != nil:
			f = c.e.explain(err)
		case outcome.Failure != nil:
			f = c.e.thrown(outcome.Failure)
		case outcome.Value == nil:
			f = failed("no value", errors.New("the expression has no value"))
		default:
			all[name] = map[string]any{"status": "ok", "data": forms(outcome.Value.Data), "metadata": map[string]any{}}
			continue
		}
		all[name] = map[string]any{"status": "error", "ename": f.Name, "evalue": f.Value, "traceback": f.Traceback}
	}
	return all
}
