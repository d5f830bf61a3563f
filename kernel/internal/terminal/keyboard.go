package terminal

import (
	"errors"
	"fmt"
	"io"

	"github.com/ergochat/readline"
)

// keyboard reads from a terminal, with history and completion.
type keyboard struct {
	*readline.Instance
	keys      *keys
	completer *completer
	history   *history
	screen    io.Writer
	indent    string // with which the line began
}

func newKeyboard(s Session) (*keyboard, error) {
	k := &keyboard{keys: &keys{from: s.In}, completer: &completer{evaluator: s.Evaluator}, screen: s.Out}
	var err error
	if k.history, err = openHistory(s.History); err != nil {
		fmt.Fprintln(s.Err, err)
	}
	k.Instance, err = readline.NewFromConfig(&readline.Config{
		DisableAutoSaveHistory: true, HistorySearchFold: true, HistoryLimit: historyLimit,
		AutoComplete: k.completer, Listener: k.typed, Undo: true, Stdin: k.keys, Stdout: s.Out, Stderr: s.Err,
	})
	if err != nil {
		return nil, fmt.Errorf("read from the terminal: %w", err)
	}
	k.recall()
	return k, nil
}

// recall makes complete cells the editor's history. The library has no other way back from
// the entry that the user has moved up to.
func (k *keyboard) recall() {
	k.ResetHistory()
	for _, cell := range k.history.cells {
		k.SaveToHistory(cell)
	}
}

// Terminals enclose pasted text in these marks.
const (
	marksOn  = "\x1b[?2004h"
	marksOff = "\x1b[?2004l"
)

func (k *keyboard) line(prompt, before, text string) (string, error) {
	k.completer.before, k.indent = before, text
	k.SetPrompt(prompt)
	io.WriteString(k.screen, marksOn)
	line, err := k.ReadLineWithDefault(text)
	io.WriteString(k.screen, marksOff)
	return k.typedIn(line, err)
}

// typedIn converts what the library has read.
func (k *keyboard) typedIn(text string, err error) (string, error) {
	if errors.Is(err, readline.ErrInterrupt) {
		err = errInterrupt
	}
	return k.keys.unmark(text), err
}

// typed implements readline.Listener.
func (k *keyboard) typed(line []rune, at int, key rune) ([]rune, int, bool) {
	if line, at, ok := outdent(line, at, key, k.indent); ok {
		return line, at, true
	}
	return k.keys.typed(line, at, key)
}

// outdent removes a tab of the indent that a line began with when a closing bracket is the
// first thing typed in it.
func outdent(line []rune, at int, key rune, indent string) ([]rune, int, bool) {
	if key != '}' && key != ')' && key != ']' || indent == "" || string(line[:at]) != indent+string(key) {
		return nil, 0, false
	}
	return line[1:], at - 1, true
}

func (k *keyboard) ask(prompt string, password bool) (string, error) {
	if password {
		io.WriteString(k.screen, prompt)
		text, err := k.ReadPassword("")
		return k.typedIn(string(text), err)
	}
	return k.line(prompt, "", "")
}

func (k *keyboard) keep(cell string) {
	if err := k.history.add(cell); err != nil {
		fmt.Fprintln(k.Stderr(), err)
	}
	k.recall()
}

func (k *keyboard) close() { k.Close() }
