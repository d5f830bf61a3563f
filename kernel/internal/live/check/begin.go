package check

import (
	"go/ast"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// begin parses a cell and its imports.
func begin(p *program.Program, src *cell.Source) (*Cell, cell.Problems) {
	c := newCell(p, p.FileSet(), src, p.Imports.Clone())
	var err error
	if c.Statements, err = src.Parse(c.fset, true, func(_ int, k cell.Chunk) bool { return k.Kind == cell.Instructing }); err != nil {
		return nil, cell.ParserProblems(c.Statements, err)
	}
	if c.Declarations, err = src.Parse(c.fset, false, func(_ int, k cell.Chunk) bool { return k.Kind == cell.Declaring || k.Kind == cell.Importing }); err != nil {
		return nil, cell.ParserProblems(c.Declarations, err)
	}
	if c.local() {
		return begin(p, src)
	}
	var missing cell.Problems
	c.Effects = c.Imports.Declare(c.Declarations.AST.Imports, func(spec *ast.ImportSpec, path string, err error) {
		line, column := cell.Place(src.Text, c.Declarations.Offset(spec.Path.Pos()))
		missing = append(missing, cell.Problem{Cell: src.Number, Line: line, Column: column, Message: err.Error(), Missing: path})
	})
	if missing != nil {
		return nil, missing
	}
	c.Files = []*cell.File{c.Declarations}
	if clashes := c.clashes(); clashes != nil {
		return nil, clashes
	}
	for n, path := range c.Imports.Named() {
		if p.Imports.Named()[n] != path || importsName(c.Declarations.AST, path) {
			c.Named[n] = true
		}
	}
	c.findDots()
	c.findOwn()
	if err := c.keep(); err != nil {
		return nil, cell.ParserProblems(c.Declarations, err)
	}
	c.findOwn()
	return c, nil
}

// importsName reports whether a file imports a package.
func importsName(f *ast.File, path string) bool {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}
