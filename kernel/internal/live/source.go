package live

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// file is a part of a cell's code, parsed. It has the cell's own shape, with all that is
// not part of it blanked out, so a place in it is the same place in the cell.
type file struct {
	cell *source
	ast  *ast.File
	at   token.Pos // where the cell's first byte stands
	text string    // the cell, blanked out
}

// source is a cell's code.
type source struct {
	number int    // what the user calls it
	unit   int    // counts up: the cell's package is named for it
	text   string // Go, nothing else
	chunks []chunk
	quiet  bool // the last value is not shown
	tests  bool // are to be run
}

const (
	declPrefix = "package main\n" // a comment behind it may be of what follows
	stmtPrefix = "package main;func " + statementsName + "(){"
	stmtSuffix = "\n}"

	// statementsName is the function of a cell's package that its statements are in.
	statementsName = host.Mark + host.Mark + "statements"
)

// parse parses those chunks of the cell that keep picks, statements or declarations.
func (s *source) parse(fset *token.FileSet, statements bool, keep func(int, chunk) bool) (*file, error) {
	text := []byte(s.text)
	for i, c := range s.chunks {
		if !keep(i, c) {
			blankOut(text[c.start:c.end])
		}
	}
	f := &file{cell: s, text: string(text)}
	prefix, suffix := declPrefix, "\n"
	if statements {
		prefix, suffix = stmtPrefix, stmtSuffix
	}
	f.at = token.Pos(fset.Base() + len(prefix))
	var err error
	f.ast, err = parser.ParseFile(fset, cellPath(s.unit), prefix+f.text+suffix, parser.SkipObjectResolution|parser.ParseComments)
	if err == nil && statements && len(f.ast.Decls) != 1 {
		line, column := place(s.text, f.offset(f.ast.Decls[0].End())-1)
		err = scanner.ErrorList{{Pos: token.Position{Offset: int(f.ast.Decls[0].End() - f.ast.FileStart - 1), Line: line, Column: column}, Msg: "unexpected }"}}
	}
	return f, err
}

// blankOut writes spaces over all but line ends.
func blankOut(b []byte) {
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
}

// offset returns where in the cell a place of the file is.
func (f *file) offset(p token.Pos) int { return max(0, min(int(p-f.at), len(f.text))) }

// has tells whether a place is in the file.
func (f *file) has(p token.Pos) bool { return f.ast.FileStart <= p && p <= f.ast.FileEnd }

// run returns the function that the statements are in.
func (f *file) run() *ast.FuncDecl { return f.ast.Decls[0].(*ast.FuncDecl) }

// place returns the line and column, from 1, of a byte of text.
func place(text string, offset int) (line, column int) {
	before := text[:max(0, min(offset, len(text)))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndex(before, "\n")
}
