package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// Session describes where a session reads and writes.
type Session struct {
	Evaluator eval.Evaluator
	In        *os.File
	Out, Err  io.Writer
	History   string // file for the history; "" keeps none
	Files     string // folder for charts and images
}

// reader reads lines.
type reader interface {
	// line reads a line, which begins with text already and continues the cell after
	// before. io.EOF ends the session, errInterrupt the cell.
	line(prompt, before, text string) (string, error)
	// ask reads a line, or a password, for a cell. errInterrupt is for the cell.
	ask(prompt string, password bool) (string, error)
	// keep adds a cell to the history.
	keep(cell string)
	close()
}

var errInterrupt = errors.New("interrupted")

// Run reads cells and runs them until the input ends. If the input is not a terminal, Run
// stops with an error at the first cell that fails, as a script would.
func (s Session) Run(ctx context.Context) error {
	var in reader = &pipeReader{bufio.NewReader(s.In), s.In}
	interactive, colours := term.IsTerminal(int(s.In.Fd())), takesColours(s.Err)
	if interactive && os.Getenv("TERM") == "dumb" {
		in = &plainReader{pipeReader{bufio.NewReader(s.In), s.In}, s.Out}
	} else if interactive {
		k, err := newKeyboard(s)
		if err != nil {
			return err
		}
		in, s.Out, s.Err = k, k.Stdout(), k.Stderr() // these redraw the prompt
	}
	defer in.close()
	defer context.AfterFunc(ctx, in.close)()
	out := &output{
		out: s.Out, err: s.Err, files: s.Files, view: func(string) {}, shown: map[string]string{},
	}
	out.ask = func(_ context.Context, prompt string, password bool) (string, error) {
		if interactive {
			defer out.atStart()
		}
		line, err := in.ask(prompt, password)
		if errors.Is(err, errInterrupt) { // the terminal has not turned it into a signal
			s.Evaluator.Interrupt()
			err = io.EOF
		}
		return line, err
	}
	if interactive {
		out.view = opener()
		defer s.hearInterrupts()()
	}
	for n := 1; ctx.Err() == nil; {
		if interactive {
			out.prompt(true)
		}
		cell, err := s.await(ctx, in, n)
		if interactive {
			out.prompt(false)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errInterrupt):
			continue
		case err != nil:
			return err
		case strings.TrimSpace(cell) == "":
			continue
		case s.ends(cell):
			return nil
		}
		in.keep(cell)
		r := s.Evaluator.Execute(ctx, cell, eval.Ask{Count: n, AllowStdin: true}, out)
		if ctx.Err() != nil {
			break
		}
		if show(out, n, r, colours); r.Failure != nil && !interactive {
			return fmt.Errorf("cell %d: %s: %s", n, r.Failure.Name, r.Failure.Value)
		}
		n++
	}
	return ctx.Err()
}

// show writes the value of a cell, or why it failed.
func show(out *output, n int, r eval.Result, colours bool) {
	switch {
	case r.Failure != nil:
		out.newLine()
		text := strings.Join(r.Failure.Traceback, "\n") + "\n"
		if !colours {
			text = nbformat.StripColours(text)
		}
		out.Stream("stderr", text)
	case r.Data != nil:
		out.value(fmt.Sprintf("Out[%d]: ", n), r.Data)
	}
}

// ends reports whether a cell asks for the end of the session, in the words of other
// languages. If the session has declared them, they are Go.
func (s Session) ends(cell string) bool {
	word := strings.TrimSuffix(strings.TrimSpace(cell), "()")
	if word != "exit" && word != "quit" {
		return false
	}
	return !slices.Contains(s.Evaluator.Complete(word, len(word)).Matches, word)
}

// await reads a complete cell, but waits no longer than ctx: a blocked read continues in
// the background.
func (s Session) await(ctx context.Context, in reader, n int) (string, error) {
	type entered struct {
		cell string
		err  error
	}
	read := make(chan entered, 1)
	go func() {
		cell, err := s.read(in, n)
		read <- entered{cell, err}
	}()
	select {
	case got := <-read:
		return got.cell, got.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// read reads a complete cell.
func (s Session) read(in reader, n int) (string, error) {
	prompt := fmt.Sprintf("In [%d]: ", n)
	var lines []string
	indent := ""
	for {
		line, err := in.line(prompt, strings.Join(append(lines, ""), "\n"), indent)
		if err != nil && (!errors.Is(err, io.EOF) || len(lines) == 0 && line == "") {
			return "", err
		}
		lines = append(lines, line)
		cell := strings.Join(lines, "\n")
		c := s.Evaluator.IsComplete(cell)
		if err != nil || c.Status != "incomplete" {
			return cell, nil // the evaluator reports invalid code
		}
		prompt, indent = strings.Repeat(" ", len(prompt)-5)+"...: ", c.Indent
	}
}

// hearInterrupts interrupts the running cell at Ctrl-C. end stops that.
func (s Session) hearInterrupts() (end func()) {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt)
	go func() {
		for range heard {
			s.Evaluator.Interrupt()
		}
	}()
	return func() {
		signal.Stop(heard)
		close(heard)
	}
}

// pipeReader reads from input that is not a terminal, without prompts.
type pipeReader struct {
	*bufio.Reader
	file *os.File
}

func (r *pipeReader) line(string, string, string) (string, error) {
	text, err := r.ReadString('\n')
	if text != "" && errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(text, "\r\n"), err
}

func (r *pipeReader) ask(string, bool) (string, error) { return r.line("", "", "") }
func (r *pipeReader) keep(string)                      {}
func (r *pipeReader) close()                           { r.file.Close() }
