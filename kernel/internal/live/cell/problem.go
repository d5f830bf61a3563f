package cell

import (
	"errors"
	"fmt"
	"go/scanner"
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
		lines = append(lines, fmt.Sprintf("cell %d, line %d:%d: %s", p.Cell, p.Line, p.Column, p.Message))
	}
	return strings.Join(lines, "\n")
}

// ParserProblems returns what [Source.Parse] says is wrong with a file, at the places of the
// cell.
func ParserProblems(f *File, err error) Problems {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return Problems{{Cell: f.Source.Number, Message: err.Error(), Unit: f.Source.Unit}}
	}
	var all Problems
	for _, e := range list {
		// the package clause in front, and what is put behind, are not the cell's
		offset := e.Pos.Offset - int(f.At-f.AST.FileStart)
		if offset >= len(f.Source.Text) {
			e.Msg = atCellEnd(e.Msg)
		}
		line, column := Place(f.Source.Text, min(offset, len(strings.TrimRight(f.Source.Text, " \t\r\n"))))
		all = append(all, Problem{Cell: f.Source.Number, Line: line, Column: column, Message: e.Msg, Unit: f.Source.Unit})
	}
	return all
}

// atCellEnd is what the parser says of the end of a cell, in the words of the cell: what is
// put behind its statements is not there.
func atCellEnd(message string) string {
	return strings.Replace(message, "found '}'", "found 'EOF'", 1)
}
