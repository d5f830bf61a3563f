package cell

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A constant may be declared by what its name meant before: const n = n + 1. Go has that in
// functions alone, where a name means the new constant only behind its declaration, so it is
// made one of the statements. Later cells have its value all the same.

// local makes statements of such declarations. It tells whether there were any.
func (c *Checked) local() (found bool) {
	for _, d := range c.declared.AST.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || !c.usesItself(g) {
			continue
		}
		if at := c.Cell.chunkAt(c.declared.Offset(g.Pos())); at >= 0 && c.Cell.Chunks[at].Kind == Declaring {
			c.Cell.Chunks[at].Kind = Instructing
			found = true
		}
	}
	return found
}

// usesItself tells whether a constant is declared by the name that it has, which means
// something already.
func (c *Checked) usesItself(g *ast.GenDecl) bool {
	for _, spec := range g.Specs {
		spec := spec.(*ast.ValueSpec)
		used := map[string]bool{}
		for _, x := range spec.Values {
			mentions(x, used)
		}
		for _, id := range spec.Names {
			if used[id.Name] && (c.program.current[id.Name] != nil || types.Universe.Lookup(id.Name) != nil) {
				return true
			}
		}
	}
	return false
}

// localConstants returns the names of the constants that the statements declare at the top.
func (c *Checked) localConstants() (names []*ast.Ident) {
	for _, stmt := range c.statements.Body().Body.List {
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

// enterLocals makes the things for those constants.
func (c *Checked) enterLocals() {
	for _, id := range c.localConstants() {
		o, ok := c.Info.Defs[id].(*types.Const)
		if !ok || id.Name == "_" {
			continue
		}
		c.locals[o] = true
		c.made = append(c.made, &Thing{
			Name: id.Name, Class: Constant, Symbol: c.program.symbol(id.Name, Constant, c.Cell.Unit), Cell: c.Cell.Number, source: c.Cell,
			head: c.constantPiece(o), Text: types.ObjectString(o, types.RelativeTo(c.Package)),
		})
	}
}
