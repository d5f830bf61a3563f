package check

import (
	"go/ast"
	"go/token"
	"maps"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Sketch checks a cell that is being typed as far as possible: the chunks that parse, and
// the chunk here as well as it can be parsed. It does not change the program, and returns
// nil if nothing can be made of the cell.
func Sketch(p *program.Program, src *cell.Source, here int) *Cell {
	src.Unit = p.NextUnit()
	c := newCell(p, token.NewFileSet(), src, p.Imports.Detached())
	good := make([]bool, len(src.Chunks))
	for i, k := range src.Chunks {
		good[i] = i == here && k.Kind != cell.Importing || k.Kind != cell.Blank && i != here && cell.Parses(src.Text[k.Start:k.End], k.Kind)
	}
	statements := func() {
		c.Statements, _ = src.Parse(c.fset, true, func(i int, k cell.Chunk) bool { return good[i] && k.Kind == cell.Instructing })
	}
	statements()
	c.Declarations, _ = src.Parse(c.fset, false, func(i int, k cell.Chunk) bool {
		return good[i] && (k.Kind == cell.Declaring || k.Kind == cell.Importing)
	})
	if !c.Statements.HasBody() {
		good[here] = false
		if statements(); !c.Statements.HasBody() {
			return nil
		}
	}
	for _, spec := range c.Declarations.AST.Imports {
		before := maps.Clone(c.Imports.Named())
		c.Imports.Declare([]*ast.ImportSpec{spec}, func(*ast.ImportSpec, string, error) {}) // a missing package has no names
		for n, path := range c.Imports.Named() {
			if before[n] != path {
				c.Named[n] = true
			}
		}
	}
	c.findDots()
	c.findOwn()
	replaced := program.NewChange()
	c.replaces(replaced)
	for range 2 { // again if the first check shows new types, or what stays as it was
		before := replaced.Len() + len(c.dropped)
		c.again = c.stale(replaced, c.dropped)
		for _, p := range c.round() {
			if d := c.declarationAt(p); d != nil && d.Stale {
				c.dropped[d] = true
			}
		}
		if c.retyped(replaced); replaced.Len()+len(c.dropped) == before {
			break
		}
	}
	if c.Info == nil {
		return nil
	}
	return c
}
