package repl

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// told records what a terminal is told.
type told []string

func (t *told) Say(line string)  { *t = append(*t, "said "+line) }
func (t *told) Now(state string) { *t = append(*t, "now "+state) }

var _ remark.Teller = (*told)(nil)

// In a notebook, the states of a slow step are one line of the waiting cell's output, which
// the last line replaces as a whole. Before there is a cell, nothing is shown.
func TestSlowInACell(t *testing.T) {
	for _, row := range []struct {
		why  string
		last func(*slow)
		want string
	}{
		{"replaced by a shorter state", func(s *slow) { s.Now("9 of 9") }, "9 of 9"},
		{"replaced by a line", func(s *slow) { s.Say("done") }, "done\n"},
		{"removed", func(s *slow) { s.Now("") }, ""},
		{"removed, then a line", func(s *slow) { s.Now(""); s.Say("linking") }, "linking\n"},
	} {
		e := &Evaluator{}
		s := &slow{e: e}
		s.Now("before any cell")
		shown := &screen{}
		e.out = shown
		s.Now("7 of 9, a few seconds left")
		s.Now("8 of 9, a few seconds left")
		row.last(s)
		if got := nbformat.Collapse(shown.all()); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// In a terminal, states go to the terminal's own line, and it is gone before a line in a
// cell's output.
func TestSlowInATerminal(t *testing.T) {
	terminal := &told{}
	e := &Evaluator{opt: Options{Tell: terminal}}
	s := &slow{e: e}
	s.Now("1 of 2")
	s.Say("done")
	shown := &screen{}
	e.out = shown
	s.Now("1 of 2")
	s.Say("done again")
	if got, want := strings.Join(*terminal, "; "), "now 1 of 2; said done; now 1 of 2; now "; got != want {
		t.Errorf("the terminal was told %q, want %q", got, want)
	}
	if got := shown.all(); !strings.Contains(got, "done again\n") || strings.Contains(got, "of 2") {
		t.Errorf("the cell shows %q", got)
	}
}
