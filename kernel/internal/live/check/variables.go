package check

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// findVariables records what the checker found for the variables of the cell.
func (c *Cell) findVariables() {
	c.Variables = nil
	add := func(id *ast.Ident, first bool) {
		v, ok := c.Info.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		found := &Variable{Name: id.Name, Object: v, Type: v.Type(), First: first, pos: id.Pos()}
		// An import takes the name from an earlier variable.
		if t := c.Program.Lookup(id.Name); t != nil && t.Class == program.Variable && !c.Named[id.Name] {
			for _, name := range []string{t.Name, t.OldName()} {
				if o := c.Package.Scope().Lookup(name); o != nil && c.Things[o] == t && types.Identical(o.Type(), v.Type()) {
					found.Same = t
				}
			}
		}
		c.Variables = append(c.Variables, found)
	}
	if c.First != nil {
		for _, d := range c.First.AST.Decls {
			for _, spec := range d.(*ast.GenDecl).Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					add(id, true)
				}
			}
		}
	}
	for _, stmt := range c.Statements.Body().Body.List {
		for _, id := range cell.DeclaredAtTop(stmt) {
			add(id, false)
		}
	}
}
