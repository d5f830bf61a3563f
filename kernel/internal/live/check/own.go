package check

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// findOwn records what the cell declares outside of its statements, and what that shadows.
func (c *Cell) findOwn() {
	c.own = map[string]bool{}
	for _, d := range c.Declarations.AST.Decls {
		for _, n := range cell.Declares(d) {
			c.own[n] = true
		}
	}
	if c.First != nil {
		for _, d := range c.First.AST.Decls {
			for _, n := range cell.Declares(d) {
				c.own[n] = true
			}
		}
	}
	c.findValues()
	c.findShadowed()
}

// declaresAtTop reports whether a statement at the cell's top level declares a name.
func (c *Cell) declaresAtTop(name string) bool {
	for _, stmt := range c.Statements.Body().Body.List {
		for _, id := range cell.DeclaredAtTop(stmt) {
			if id.Name == name {
				return true
			}
		}
	}
	return false
}

// findValues records the names of the variables and constants that the cell declares at top
// level.
func (c *Cell) findValues() {
	names := map[string]bool{}
	for _, stmt := range c.Statements.Body().Body.List {
		maps.Copy(names, everyNameOf(cell.DeclaredAtTop(stmt)))
	}
	maps.Copy(names, everyNameOf(c.LocalConstants()))
	declared := c.Declarations.AST.Decls
	if c.First != nil {
		declared = slices.Concat(declared, c.First.AST.Decls)
	}
	for _, d := range declared {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.TYPE {
			for _, n := range cell.Declares(g) {
				names[n] = true
			}
		}
	}
	c.values = names
}

// Declares reports whether the cell declares a name outside of its statements.
func (c *Cell) Declares(name string) bool { return c.own[name] }

func everyNameOf(ids []*ast.Ident) map[string]bool {
	names := map[string]bool{}
	for _, id := range ids {
		names[id.Name] = id.Name != "_"
	}
	return names
}
