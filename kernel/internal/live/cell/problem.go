package cell

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Problem is what keeps a cell from being compiled, and where.
type Problem struct {
	Cell, Line, Column int // from 1; zeros where the place is not known
	Message            string
	Missing            string // import path, where a package is not among those of the session

	unit int // of the cell
}

// Problems is the error for a cell that does not compile.
type Problems []Problem

// Error is a line for each problem.
func (p Problems) Error() string {
	var lines []string
	for _, p := range p {
		lines = append(lines, fmt.Sprintf("cell %d, line %d:%d: %s", p.Cell, p.Line, p.Column, p.Message))
	}
	return strings.Join(lines, "\n")
}

// ofParser returns the parser's problems with a file.
func ofParser(f *File, err error) Problems {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return Problems{{Cell: f.Cell.Number, Message: err.Error(), unit: f.Cell.Unit}}
	}
	var all Problems
	for _, e := range list {
		// the package clause in front, and what is put behind, are not the cell's
		offset := e.Pos.Offset - int(f.At-f.AST.FileStart)
		if offset >= len(f.Cell.Text) {
			e.Msg = atCellEnd(e.Msg)
		}
		line, column := place(f.Cell.Text, min(offset, len(strings.TrimRight(f.Cell.Text, " \t\r\n"))))
		all = append(all, Problem{Cell: f.Cell.Number, Line: line, Column: column, Message: e.Msg, unit: f.Cell.Unit})
	}
	return all
}

// atCellEnd is what the parser says of the end of a cell, in the words of the cell: what is
// put behind its statements is not there.
func atCellEnd(message string) string {
	return strings.Replace(message, "found '}'", "found 'EOF'", 1)
}

// ofChecker returns the type checker's problem with one of the cell's files.
func ofChecker(c *Checked, err types.Error) Problem {
	message := c.program.said(err.Msg)
	for _, f := range c.files {
		if f.Has(err.Pos) {
			line, column := place(f.Cell.Text, f.Offset(err.Pos))
			return Problem{Cell: f.Cell.Number, Line: line, Column: column, Message: message, unit: f.Cell.Unit}
		}
	}
	return Problem{Message: message}
}

// said returns a message with the names as the user knows them: what a name meant before
// is told apart by the cell that declared it.
func (p *Program) said(message string) string {
	return mark.Replace(message, func(unit int) string {
		if src := p.sources[unit]; src != nil {
			return fmt.Sprintf(" (as declared in cell %d)", src.Number)
		}
		return ""
	})
}
