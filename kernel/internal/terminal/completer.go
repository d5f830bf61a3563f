package terminal

import (
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// completer completes the line being typed.
type completer struct {
	evaluator eval.Evaluator
	before    string // the cell's text before the line
}

// Do implements readline.AutoCompleter: it returns the ends of the texts that could stand
// there, and how much of them is typed already. If there are none, as in a string, or at
// the beginning of a line, it inserts a tab.
func (c *completer) Do(line []rune, at int) (ends [][]rune, typed int) {
	if blank(line[:at]) {
		return [][]rune{{'\t'}}, 0
	}
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
	if len(ends) == 0 && begun == "" {
		return [][]rune{{'\t'}}, 0
	}
	return ends, len([]rune(begun))
}

// blank reports whether the last line of a text has only space.
func blank(text []rune) bool {
	s := string(text)
	return strings.TrimSpace(s[strings.LastIndexByte(s, '\n')+1:]) == ""
}
