// Package cell is the text of a cell: what may be a pasted file becomes a cell, a cell is
// split into chunks, and those are parsed. It knows of no other cell.
//
//	pasted      a Go file as a cell; constraint, directive: what only files have
//	split       tokens, and the chunks of a cell
//	source      a cell, and parts of it as the parser's files
//	syntax      what a declaration or statement declares and mentions; typeplaces: where a type stands
//	variables   statements that declare variables, as declarations of a package
//	problem     what keeps a cell from being compiled; parserproblem: the parser's words for it
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

// File is a part of a cell's code, parsed. It has the cell's own shape, with all that is
// not part of it blanked out, so a place in it is the same place in the cell.
type File struct {
	Source *Source
	AST    *ast.File
	At     token.Pos // where the cell's first byte stands
	Text   string    // the cell, blanked out

	Short map[ast.Spec]token.Pos // of declarations by := that are parsed as those of a package, where := stands
}

// Source is a cell's code.
type Source struct {
	Number int    // what the user calls it
	Unit   int    // counts up
	Text   string // Go, nothing else
	Chunks []Chunk
	Quiet  bool // the last value is not shown
	Tests  bool // are to be run
}

const (
	declPrefix = "package main\n" // a comment behind it may be of what follows
	stmtPrefix = "package main;func " + statementsName + "(){"
	stmtSuffix = "\n}"

	// statementsName is the function that a cell's statements are in, while it is checked.
	statementsName = mark.Letter + "statements"
)

// Parse parses those chunks of the cell that keep picks, statements or declarations.
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
	fset.File(f.At).AddLineColumnInfo(len(prefix), FileName(s.Unit), 1, 1) // a place that is written has the cell's lines
	err = inAnyOrder(err)
	if err == nil && statements && len(f.AST.Decls) != 1 {
		line, column := Place(s.Text, f.Offset(f.AST.Decls[0].End())-1)
		err = scanner.ErrorList{{Pos: token.Position{Offset: int(f.AST.Decls[0].End() - f.AST.FileStart - 1), Line: line, Column: column}, Msg: "unexpected }"}}
	}
	return f, err
}

// inAnyOrder leaves out what the parser says of imports behind other declarations, which it
// parses all the same: a cell has its declarations in any order.
func inAnyOrder(err error) error {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return err
	}
	return slices.DeleteFunc(list, func(e *scanner.Error) bool { return e.Msg == "imports must appear before other declarations" }).Err()
}

// FileName is what a cell's file is called, to find its code again.
func FileName(unit int) string { return filePrefix + strconv.Itoa(unit) }

const filePrefix = "cell/"

// UnitOf returns the unit of the cell that a name by [FileName] is of, 0 for other names.
func UnitOf(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, filePrefix))
	return n
}

// BlankOut writes spaces over all but line ends.
func BlankOut(b []byte) {
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
}

// Offset returns where in the cell a place of the file is.
func (f *File) Offset(p token.Pos) int { return max(0, min(int(p-f.At), len(f.Text))) }

// Has tells whether a place is in the file.
func (f *File) Has(p token.Pos) bool { return f.AST.FileStart <= p && p <= f.AST.FileEnd }

// Body returns the function that the statements are in.
func (f *File) Body() *ast.FuncDecl { return f.AST.Decls[0].(*ast.FuncDecl) }

// HasBody tells whether the parser made out the function that the statements are in.
func (f *File) HasBody() bool {
	if len(f.AST.Decls) == 0 {
		return false
	}
	run, ok := f.AST.Decls[0].(*ast.FuncDecl)
	return ok && run.Body != nil
}

// Place returns the line and column, from 1, of a byte of text.
func Place(text string, offset int) (line, column int) {
	before := text[:max(0, min(offset, len(text)))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndex(before, "\n")
}

// Placeholder is the name that an editor's question puts where one is being typed.
const Placeholder = mark.Letter + mark.Letter + "cursor"

// Empty tells whether the cell has comments and space alone.
func (s *Source) Empty() bool {
	return !slices.ContainsFunc(s.Chunks, func(c Chunk) bool { return c.Kind != Blank })
}

// ChunkAt returns which chunk a byte of the cell is in, -1 if none has it.
func (s *Source) ChunkAt(offset int) int {
	for i, c := range s.Chunks {
		if c.Start <= offset && offset < c.End {
			return i
		}
	}
	return -1
}

// Parses tells whether a chunk is whole.
func Parses(text string, kind Kind) bool {
	s := &Source{Text: text, Chunks: []Chunk{{kind, 0, len(text)}}}
	_, err := s.Parse(token.NewFileSet(), kind == Instructing, func(int, Chunk) bool { return true })
	return err == nil
}
