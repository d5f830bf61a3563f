package live

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/types"
	"strings"
)

// Problem is what keeps a cell from being compiled, and where.
type Problem struct {
	Cell, Line, Column int // from 1; zeros where the place is not known
	Message            string
	Missing            string // import path, where a package is not among those of the session
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
func ofParser(f *file, err error) Problems {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return Problems{{Cell: f.cell.number, Message: err.Error()}}
	}
	var all Problems
	for _, e := range list {
		// the package clause in front, and what is put behind, are not the cell's
		offset := e.Pos.Offset - int(f.at-f.ast.FileStart)
		if offset >= len(f.cell.text) {
			e.Msg = atCellEnd(e.Msg)
		}
		line, column := place(f.cell.text, min(offset, len(strings.TrimRight(f.cell.text, " \t\r\n"))))
		all = append(all, Problem{Cell: f.cell.number, Line: line, Column: column, Message: e.Msg})
	}
	return all
}

// ofChecker returns the type checker's problem with one of the files.
func ofChecker(files []*file, err types.Error) Problem {
	for _, f := range files {
		if f.has(err.Pos) {
			line, column := place(f.cell.text, f.offset(err.Pos))
			return Problem{Cell: f.cell.number, Line: line, Column: column, Message: err.Msg}
		}
	}
	return Problem{Message: err.Msg}
}
