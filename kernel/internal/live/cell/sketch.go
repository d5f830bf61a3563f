package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// Sketch checks a cell that is being typed, as far as it goes: those chunks that parse, and
// the one here as well as it can be parsed. It changes nothing in the program, and returns nil
// where nothing can be made of the cell.
func (p *Program) Sketch(src *Source, here int) *Checked {
	own := *p
	own.fset = token.NewFileSet()
	src.Unit = p.units + 1
	c := &Checked{program: &own, Cell: src, Imports: p.Imports.clone(), named: map[string]bool{}, written: map[*ast.Ident]string{}}
	c.Imports.found = maps.Clone(c.Imports.found)
	good := make([]bool, len(src.Chunks))
	for i, k := range src.Chunks {
		good[i] = i == here && k.Kind != Importing || k.Kind != Blank && i != here && Parses(src.Text[k.Start:k.End], k.Kind)
	}
	statements := func() {
		c.statements, _ = src.Parse(own.fset, true, func(i int, k Chunk) bool { return good[i] && k.Kind == Instructing })
	}
	statements()
	c.declared, _ = src.Parse(own.fset, false, func(i int, k Chunk) bool { return good[i] && (k.Kind == Declaring || k.Kind == Importing) })
	if !c.statements.HasBody() {
		good[here] = false
		if statements(); !c.statements.HasBody() {
			return nil
		}
	}
	for _, spec := range c.declared.AST.Imports {
		before := maps.Clone(c.Imports.named)
		c.Imports.declare([]*ast.ImportSpec{spec}, func(*ast.ImportSpec, string, error) {}) // what is not there has no names
		for n, path := range c.Imports.named {
			if before[n] != path {
				c.named[n] = true
			}
		}
	}
	c.findOwn()
	replaced := newChange()
	c.replaces(replaced)
	for range 2 { // again if the first shows new types
		before := len(replaced.things)
		c.again = c.stale(replaced, nil)
		c.round()
		if c.retyped(replaced); len(replaced.things) == before {
			break
		}
	}
	if c.Info == nil {
		return nil
	}
	return c
}

// Parses tells whether a chunk is whole.
func Parses(text string, kind Kind) bool {
	s := &Source{Text: text, Chunks: []Chunk{{kind, 0, len(text)}}}
	_, err := s.Parse(token.NewFileSet(), kind == Instructing, func(int, Chunk) bool { return true })
	return err == nil
}

// Files returns the two files that have the cell's own code: statements, and declarations.
func (c *Checked) Files() []*File { return []*File{c.statements, c.declared} }

// FileSet has the places of all that was checked.
func (c *Checked) FileSet() *token.FileSet { return c.program.fset }

// Declares tells whether the cell declares a name outside of its statements.
func (c *Checked) Declares(name string) bool { return c.own[name] }

// Thing returns which thing of an earlier cell an object is, nil if it is none.
func (c *Checked) Thing(o types.Object) *Thing { return c.things[origin(o)] }

// Source returns the cell that declares a thing.
func (t *Thing) Source() *Source { return t.source }

// SourceAt returns the cell that has a place, and the line; nil if it is no cell's.
func (c *Checked) SourceAt(p token.Pos) (src *Source, line int) {
	for _, f := range c.files {
		if f.Has(p) {
			line, _ := place(f.Cell.Text, f.Offset(p))
			return f.Cell, line
		}
	}
	at := c.program.fset.PositionFor(p, true)
	return c.program.sources[unitOf(at.Filename)], at.Line
}
