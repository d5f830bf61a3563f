package repl

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// slow tells the user why it takes long until a cell can run: in the output of the cell that
// waits, where a state is a line that overwrites itself, as progress bars do.
type slow struct {
	e     *Evaluator
	mu    sync.Mutex
	width int // of the state that is shown in a cell's output
}

var _ remark.Teller = (*slow)(nil)

// Say shows the line in the cell's output if there is a cell.
func (s *slow) Say(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.e.output()
	switch {
	case out != nil:
		if s.e.opt.Tell != nil {
			s.e.opt.Tell.Now("")
		}
		if s.width > 0 {
			line = s.over(line)
		}
		out.Stream("stderr", line+"\n")
	case s.e.opt.Tell != nil:
		s.e.opt.Tell.Say(line)
	}
	s.width = 0
}

// Now shows a state.
func (s *slow) Now(state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.e.output()
	switch {
	case s.e.opt.Tell != nil:
		s.e.opt.Tell.Now(state)
	case out != nil && (state != "" || s.width > 0):
		out.Stream("stderr", s.over(state))
		s.width = utf8.RuneCountInString(state)
	}
}

// over returns the line so that it replaces the state: front ends keep what a shorter line
// does not cover.
func (s *slow) over(line string) string {
	covered := line + strings.Repeat(" ", max(0, s.width-utf8.RuneCountInString(line)))
	if line == "" {
		covered += "\r"
	}
	return "\r" + covered
}
