package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// sketch is a cell that is being typed with what can be found out of it.
type sketch struct {
	*checked
	fset *token.FileSet
}

// sketch checks those chunks of a cell that parse, and the one here as well as it can be
// parsed. It changes nothing in the session.
func (s *Session) sketch(cell *source, here int) *sketch {
	fset := token.NewFileSet()
	im := s.imports.clone()
	im.found = maps.Clone(im.found)
	c := &checked{cell: cell, imports: im, own: map[string]bool{}, named: map[string]bool{}}
	good := make([]bool, len(cell.chunks))
	for i, k := range cell.chunks {
		good[i] = i == here && k.kind != importing || k.kind != blank && i != here && parses(cell.text[k.start:k.end], k.kind)
	}
	c.statements, _ = cell.parse(fset, true, func(i int, k chunk) bool { return good[i] && k.kind == instructing })
	declared, _ := cell.parse(fset, false, func(i int, k chunk) bool { return good[i] && (k.kind == declaring || k.kind == importing) })
	if !c.statements.hasRun() {
		good[here] = false
		c.statements, _ = cell.parse(fset, true, func(i int, k chunk) bool { return good[i] && k.kind == instructing })
		if !c.statements.hasRun() {
			return nil
		}
	}
	var dots []string
	for _, spec := range declared.ast.Imports {
		before := maps.Clone(im.named)
		_, dot := im.declare([]*ast.ImportSpec{spec}, func(*ast.ImportSpec, string, error) {}) // what is not there has no names
		dots = append(dots, dot...)
		for n, path := range im.named {
			if before[n] != path {
				c.named[n] = true
			}
		}
	}
	changed := map[string]bool{}
	methods := map[string]bool{}
	for _, d := range declared.ast.Decls {
		for _, n := range declares(d) {
			c.own[n] = true
			changed[n] = s.scope.entries[n] != nil
		}
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			methods[receiver(f)+"."+f.Name.Name] = true
			changed[receiver(f)] = true
		}
	}
	maps.DeleteFunc(changed, func(_ string, is bool) bool { return !is })
	for range 2 { // again if the first shows new types
		c.again = c.stale(s.scope, declared, methods, changed, nil)
		c.round(fset, s.scope, declared, dots)
		if !c.retyped(s.scope, changed) {
			break
		}
	}
	return &sketch{c, fset}
}

// hasRun tells whether the parser made out the function that the statements are in.
func (f *file) hasRun() bool {
	if len(f.ast.Decls) == 0 {
		return false
	}
	run, ok := f.ast.Decls[0].(*ast.FuncDecl)
	return ok && run.Body != nil
}

// parses tells whether a chunk is whole.
func parses(text string, kind chunkKind) bool {
	s := &source{text: text, chunks: []chunk{{kind, 0, len(text)}}}
	_, err := s.parse(token.NewFileSet(), kind == instructing, func(int, chunk) bool { return true })
	return err == nil
}

// cellFiles returns the files that have the cell's own code.
func (c *sketch) cellFiles() []*file { return c.files[:2] }

// path returns the nodes that a place in the cell's text is in, the innermost last: the
// name that it is in or beside, and what that is part of.
func (c *sketch) path(offset int) []ast.Node {
	for _, f := range c.cellFiles() {
		pos := f.at + token.Pos(offset)
		var path, found []ast.Node
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if n == nil {
				path = path[:len(path)-1]
				return false
			}
			path = append(path, n)
			if id, ok := n.(*ast.Ident); ok && id.Pos() <= pos && pos <= id.End() && found == nil {
				found = append(found, path...)
			}
			return true
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// object returns what a name means, nil if that is not known.
func (c *sketch) object(id *ast.Ident) types.Object {
	if o := c.info.Uses[id]; o != nil {
		return o
	}
	return c.info.Defs[id]
}

// scopeAt returns the innermost scope at a place of the cell's text.
func (c *sketch) scopeAt(offset int, statement bool) (*types.Scope, token.Pos) {
	f := c.cellFiles()[1]
	if statement {
		f = c.cellFiles()[0]
	}
	pos := f.at + token.Pos(offset)
	if inner := c.pkg.Scope().Innermost(pos); inner != nil {
		return inner, pos
	}
	return c.pkg.Scope(), pos
}
