package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/ergochat/readline"
	"github.com/sdtlab/sdtlab/kernel/internal/server"
	"golang.org/x/term"
)

// Session says where a session reads and writes.
type Session struct {
	Evaluator server.Evaluator
	In        *os.File
	Out, Err  io.Writer
	History   string // file of what was typed; "" keeps none
	Files     string // folder for charts and images
}

// reader reads lines.
type reader interface {
	// line reads one, which begins with text already and goes on what stands before it in
	// the cell. io.EOF ends the session, errInterrupt the cell.
	line(prompt, before, text string) (string, error)
	// ask reads a line, or a password, for a cell.
	ask(prompt string, password bool) (string, error)
	// keep puts a cell into the history.
	keep(cell string)
	close()
}

var errInterrupt = errors.New("interrupted")

// Run reads cells and runs them until the input ends. It fails if the input is no terminal
// and a cell failed: a script stops there.
func (s Session) Run(ctx context.Context) error {
	var in reader = &pipeReader{bufio.NewReader(s.In), s.In}
	interactive := term.IsTerminal(int(s.In.Fd()))
	if interactive {
		var err error
		if in, err = newKeyboard(s); err != nil {
			return err
		}
	}
	defer in.close()
	defer context.AfterFunc(ctx, in.close)()
	out := &output{
		out: s.Out, err: s.Err, files: s.Files, view: func(string) {}, shown: map[string]string{},
		ask: func(_ context.Context, prompt string, password bool) (string, error) { return in.ask(prompt, password) },
	}
	if interactive {
		out.view = opener()
		defer s.hearInterrupts()()
	}
	for n := 1; ctx.Err() == nil; {
		cell, err := s.await(ctx, in, n)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errInterrupt):
			continue
		case err != nil:
			return err
		case strings.TrimSpace(cell) == "":
			continue
		}
		in.keep(cell)
		r := s.Evaluator.Execute(ctx, cell, server.Ask{Count: n, AllowStdin: true}, out)
		if r.Failure != nil {
			out.Stream("stderr", strings.Join(r.Failure.Traceback, "\n")+"\n")
			if !interactive {
				return fmt.Errorf("cell %d: %s: %s", n, r.Failure.Name, r.Failure.Value)
			}
		} else if r.Data != nil {
			out.value(fmt.Sprintf("Out[%d]: ", n), r.Data)
		}
		n++
	}
	return ctx.Err()
}

// await reads a whole cell, but waits no longer than ctx: what reads a blocking file goes on.
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

// read reads a whole cell.
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
			return cell, nil // what is invalid is for the evaluator to complain of
		}
		prompt, indent = strings.Repeat(" ", len(prompt)-5)+"...: ", c.Indent
	}
}

// hearInterrupts interrupts the cell that runs at Ctrl-C. It returns what ends that.
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

// pipeReader reads from what is no terminal, without prompts.
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

// keyboard reads from a terminal, with history and completion.
type keyboard struct {
	*readline.Instance
	completer *completer
}

func newKeyboard(s Session) (*keyboard, error) {
	c := &completer{evaluator: s.Evaluator}
	i, err := readline.NewFromConfig(&readline.Config{
		HistoryFile: s.History, DisableAutoSaveHistory: true, HistorySearchFold: true, HistoryLimit: 5000,
		AutoComplete: c, Undo: true, Stdin: s.In, Stdout: s.Out, Stderr: s.Err,
	})
	if err != nil {
		return nil, fmt.Errorf("read from the terminal: %w", err)
	}
	return &keyboard{i, c}, nil
}

func (k *keyboard) line(prompt, before, text string) (string, error) {
	k.completer.before = before
	k.SetPrompt(prompt)
	line, err := k.ReadLineWithDefault(text)
	if errors.Is(err, readline.ErrInterrupt) {
		err = errInterrupt
	}
	return line, err
}

func (k *keyboard) ask(prompt string, password bool) (string, error) {
	if password {
		text, err := k.ReadPassword(prompt)
		return string(text), err
	}
	line, err := k.line(prompt, "", "")
	if errors.Is(err, errInterrupt) {
		err = io.EOF
	}
	return line, err
}

func (k *keyboard) keep(cell string) {
	for line := range strings.Lines(cell) {
		k.SaveToHistory(strings.TrimSuffix(line, "\n"))
	}
}

func (k *keyboard) close() { k.Close() }

// completer completes the line that is typed.
type completer struct {
	evaluator server.Evaluator
	before    string // of the cell, before the line
}

// Do implements readline.AutoCompleter: it returns the ends of what could stand there, and
// how much of it is typed already.
func (c *completer) Do(line []rune, at int) (ends [][]rune, typed int) {
	code := c.before + string(line)
	cursor := len(c.before) + len(string(line[:at]))
	found := c.evaluator.Complete(code, cursor)
	if found.Start > cursor || found.End < cursor {
		return nil, 0
	}
	begun := code[found.Start:cursor]
	for _, m := range found.Matches {
		if end, ok := strings.CutPrefix(m, begun); ok {
			ends = append(ends, []rune(end))
		}
	}
	return ends, len([]rune(begun))
}
