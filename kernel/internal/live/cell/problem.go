package cell

import (
	"fmt"
	"strings"
)

// Problem is a reason why a cell does not compile, with its place.
type Problem struct {
	Cell, Line, Column int // from 1; 0 if unknown
	Message            string
	Missing            string // import path, if a package is not among those of the session
	Unit               int    // of the cell; 0 if unknown
}

// Problems is the error of a cell that does not compile.
type Problems []Problem

// Error returns one line for each problem.
func (p Problems) Error() string {
	var lines []string
	for _, p := range p {
		lines = append(lines, p.place()+p.Message)
	}
	return strings.Join(lines, "\n")
}

// place returns the place of the problem, as far as it is known.
func (p Problem) place() string {
	switch {
	case p.Line == 0:
		return fmt.Sprintf("cell %d: ", p.Cell)
	case p.Column == 0:
		return fmt.Sprintf("cell %d, line %d: ", p.Cell, p.Line)
	}
	return fmt.Sprintf("cell %d, line %d:%d: ", p.Cell, p.Line, p.Column)
}
