// Package cell handles the text of a cell: it turns text that may be a pasted file into a
// cell, splits the cell into chunks, and parses them. It knows nothing of other cells.
//
//	pasted      a Go file as a cell; constraint, directive: what only files have
//	split       tokens, and the chunks of a cell
//	source      a cell, and parts of it as files for the parser
//	syntax      what a declaration or statement declares and mentions; typeplaces: where a type stands
//	variables   statements that declare variables, parsed as declarations of a package
//	problem     why a cell does not compile; parserproblem: the parser's errors
package cell

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// File is a part of a cell's code, parsed. Everything outside the part is blanked out, so
// places in the file are the same as in the cell.
type File struct {
	Source *Source
	AST    *ast.File
	At     token.Pos // position of the cell's first byte
	Text   string    // the cell with the rest blanked out

	Short map[ast.Spec]token.Pos // of declarations by := that are parsed as package-level ones: the position of :=
}

// Source is a cell's code.
type Source struct {
	Number int    // the user's number for it
	Unit   int    // increases from cell to cell
	Text   string // Go only
	Chunks []Chunk
	Quiet  bool // do not show the last value
	Tests  bool // run the tests
}

const (
	declPrefix = "package main\n" // a newline at the end: a comment behind it may belong to what follows
	stmtPrefix = "package main;func " + statementsName + "(){"
	stmtSuffix = "\n}"

	// statementsName is the function that holds a cell's statements while it is checked.
	statementsName = mark.Letter + "statements"
)

// Parse parses the chunks of the cell that keep selects: statements or declarations.
func (s *Source) Parse(fset *token.FileSet, statements bool, keep func(int, Chunk) bool) (*File, error) {
	text := []byte(s.Text)
	for i, c := range s.Chunks {
		if !keep(i, c) {
			BlankOut(text[c.Start:c.End])
		}
	}
	f := &File{Source: s, Text: string(text)}
	prefix, suffix := declPrefix, "\n"
	if statements {
		prefix, suffix = stmtPrefix, stmtSuffix
	}
	f.At = token.Pos(fset.Base() + len(prefix))
	var err error
	f.AST, err = parser.ParseFile(fset, FileName(s.Unit), prefix+f.Text+suffix, parser.ParseComments)
	fset.File(f.At).AddLineColumnInfo(len(prefix), FileName(s.Unit), 1, 1) // so that positions print with the cell's lines
	err = inAnyOrder(err)
	if err == nil && statements && len(f.AST.Decls) != 1 {
		line, column := Place(s.Text, f.Offset(f.AST.Decls[0].End())-1)
		err = scanner.ErrorList{{Pos: token.Position{Offset: int(f.AST.Decls[0].End() - f.AST.FileStart - 1), Line: line, Column: column}, Msg: "unexpected }"}}
	}
	return f, err
}

// inAnyOrder drops the parser's errors about imports after other declarations, which it
// parses anyway: the declarations of a cell may be in any order.
func inAnyOrder(err error) error {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return err
	}
	return slices.DeleteFunc(list, func(e *scanner.Error) bool { return e.Msg == "imports must appear before other declarations" }).Err()
}

// FileName returns the file name of a cell, by which its code can be found again.
func FileName(unit int) string { return filePrefix + strconv.Itoa(unit) }

const filePrefix = "cell/"

// UnitOf returns the unit of the cell with a file name from [FileName], 0 for other names.
func UnitOf(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, filePrefix))
	return n
}

// BlankOut replaces everything but line ends by spaces.
func BlankOut(b []byte) {
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
}

// Offset returns the byte offset in the cell of a position in the file.
func (f *File) Offset(p token.Pos) int { return max(0, min(int(p-f.At), len(f.Text))) }

// Has reports whether a position is in the file.
func (f *File) Has(p token.Pos) bool { return f.AST.FileStart <= p && p <= f.AST.FileEnd }

// Body returns the function that holds the statements.
func (f *File) Body() *ast.FuncDecl { return f.AST.Decls[0].(*ast.FuncDecl) }

// HasBody reports whether the parser recognized the function that holds the statements.
func (f *File) HasBody() bool {
	if len(f.AST.Decls) == 0 {
		return false
	}
	run, ok := f.AST.Decls[0].(*ast.FuncDecl)
	return ok && run.Body != nil
}

// Place returns the line and column, both from 1, of a byte of text.
func Place(text string, offset int) (line, column int) {
	before := text[:max(0, min(offset, len(text)))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndex(before, "\n")
}

// Placeholder is the name that stands for the one being typed when an editor asks.
const Placeholder = mark.Letter + mark.Letter + "cursor"

// Empty reports whether the cell has only comments and space.
func (s *Source) Empty() bool {
	return !slices.ContainsFunc(s.Chunks, func(c Chunk) bool { return c.Kind != Blank })
}

// ChunkAt returns the index of the chunk with a byte of the cell, -1 if there is none.
func (s *Source) ChunkAt(offset int) int {
	for i, c := range s.Chunks {
		if c.Start <= offset && offset < c.End {
			return i
		}
	}
	return -1
}

// Parses reports whether a chunk is complete.
func Parses(text string, kind Kind) bool {
	s := &Source{Text: text, Chunks: []Chunk{{kind, 0, len(text)}}}
	_, err := s.Parse(token.NewFileSet(), kind == Instructing, func(int, Chunk) bool { return true })
	return err == nil
}
