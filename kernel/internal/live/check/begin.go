package check

import (
	"go/ast"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// begin parses a cell and takes its imports.
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
	if problems := c.takeFirst(); problems != nil {
		return nil, problems
	}
	c.findOwn()
	if err := c.keep(); err != nil {
		return nil, cell.ParserProblems(c.Declarations, err)
	}
	c.findOwn()
	return c, nil
}

// takeFirst parts the declarations that must be taken first from the statements.
func (c *Cell) takeFirst() cell.Problems {
	old := func(name string) bool { t := c.Program.Lookup(name); return t != nil && t.Class == program.Variable }
	list := c.Statements.Body().Body.List
	c.ahead = map[int]bool{}
	for i := range aheadOnes(list, c.Declarations.AST, old) {
		c.ahead[c.Source.ChunkAt(c.Statements.Offset(list[i].Pos()))] = true
	}
	c.first = c.ahead
	return c.parseStatements()
}

// parseStatements parses the statements, and the declarations among them that are taken first
// as a file of their own.
func (c *Cell) parseStatements() cell.Problems {
	if len(c.first) == 0 {
		return nil
	}
	var err error
	if c.First, err = c.Source.ParseVariables(c.fset, func(i int, _ cell.Chunk) bool { return c.first[i] }); err != nil {
		return cell.ParserProblems(c.First, err)
	}
	c.Statements, err = c.Source.Parse(c.fset, true, func(i int, k cell.Chunk) bool { return k.Kind == cell.Instructing && !c.first[i] })
	if err != nil {
		return cell.ParserProblems(c.Statements, err)
	}
	return nil
}

// importsName tells whether a file imports a package.
func importsName(f *ast.File, path string) bool {
	for _, spec := range f.Imports {
		if spec.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}
