package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// A constant may be declared with the earlier meaning of its own name: const n = n + 1. Go
// allows that only in functions, where a name has the new meaning only after its
// declaration, so the declaration becomes a statement. Later cells can use the value all
// the same.

// local turns such declarations into statements. It reports whether there were any.
func (c *Cell) local() (found bool) {
	for _, d := range c.Declarations.AST.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || !c.usesItself(g) {
			continue
		}
		if at := c.Source.ChunkAt(c.Declarations.Offset(g.Pos())); at >= 0 && c.Source.Chunks[at].Kind == cell.Declaring {
			c.Source.Chunks[at].Kind = cell.Instructing
			found = true
		}
	}
	return found
}

// usesItself reports whether the declaration of a constant uses its own name, which means
// something already.
func (c *Cell) usesItself(g *ast.GenDecl) bool {
	for _, spec := range g.Specs {
		spec := spec.(*ast.ValueSpec)
		used := map[string]bool{}
		for _, x := range spec.Values {
			cell.Mentions(x, used)
		}
		for _, id := range spec.Names {
			if used[id.Name] && (c.Program.Lookup(id.Name) != nil || types.Universe.Lookup(id.Name) != nil) {
				return true
			}
		}
	}
	return false
}

// LocalConstants returns the names of the constants that the statements declare at top
// level.
func (c *Cell) LocalConstants() (names []*ast.Ident) {
	for _, stmt := range c.Statements.Body().Body.List {
		d, ok := stmt.(*ast.DeclStmt)
		if !ok || d.Decl.(*ast.GenDecl).Tok != token.CONST {
			continue
		}
		for _, spec := range d.Decl.(*ast.GenDecl).Specs {
			names = append(names, spec.(*ast.ValueSpec).Names...)
		}
	}
	return names
}
