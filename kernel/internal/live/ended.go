package live

import (
	"errors"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Ended is the error of a cell that ended the process. The session has started afresh.
type Ended struct {
	How  string   // exit status or signal
	Tail string   // the end of its error output
	Lost []string // names that were declared, variables first
}

// Error says how the process ended and what was lost.
func (e *Ended) Error() string {
	s := "the process that held the values has ended (" + e.How + ")"
	if len(e.Lost) > 0 {
		s += "; lost: " + strings.Join(e.Lost, ", ")
	}
	return s
}

// ended starts a fresh process after the old one has gone, and returns the error that
// reports it.
func (s *Session) ended() error {
	p := s.process()
	p.kill()
	e := &Ended{How: "exit status 0", Tail: string(p.tail)}
	if p.exit != nil {
		e.How = p.exit.Error()
	}
	var others []string
	for _, t := range s.program.Things() {
		if t.Class == program.Variable {
			e.Lost = append(e.Lost, t.Name)
		} else {
			others = append(others, t.Name)
		}
	}
	e.Lost = append(e.Lost, others...)
	if err := s.start(); err != nil {
		return errors.Join(e, err)
	}
	return e
}
