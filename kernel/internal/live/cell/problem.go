package cell

import (
	"fmt"
	"strings"
)

// Problem is what keeps a cell from being compiled, and where.
type Problem struct {
	Cell, Line, Column int // from 1; zeros where the place is not known
	Message            string
	Missing            string // import path, where a package is not among those of the session
	Unit               int    // of the cell; 0 where it is not known
}

// Problems is the error for a cell that does not compile.
type Problems []Problem

// Error is a line for each problem.
func (p Problems) Error() string {
	var lines []string
	for _, p := range p {
		lines = append(lines, p.place()+p.Message)
	}
	return strings.Join(lines, "\n")
}

// place is where the problem is, as far as it is known.
func (p Problem) place() string {
	switch {
	case p.Line == 0:
		return fmt.Sprintf("cell %d: ", p.Cell)
	case p.Column == 0:
		return fmt.Sprintf("cell %d, line %d: ", p.Cell, p.Line)
	}
	return fmt.Sprintf("cell %d, line %d:%d: ", p.Cell, p.Line, p.Column)
}
