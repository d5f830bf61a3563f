package check

import (
	"go/ast"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// replaces adds what the cell's own declarations take the place of.
func (c *Cell) replaces(all *program.Change) {
	for n := range c.own {
		if t := c.Program.Lookup(n); t != nil {
			all.Add(t)
		}
	}
	for n := range c.Named {
		if t := c.Program.Lookup(n); t != nil {
			all.Add(t)
		}
	}
	for _, d := range c.Declarations.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			if t := c.receiver(f); t != nil && t.Methods[f.Name.Name] != nil {
				all.Method(t, f.Name.Name)
			}
		}
	}
	for _, id := range c.LocalConstants() {
		if t := c.Program.Lookup(id.Name); t != nil {
			all.Add(t)
		}
	}
	for _, stmt := range c.Statements.Body().Body.List {
		for _, id := range cell.DeclaredAtTop(stmt) {
			if t := c.Program.Lookup(id.Name); t != nil && t.Class != program.Variable {
				all.Add(t)
			}
		}
	}
}

// receiver returns the type of the session that a method of the cell is of; nil where it is
// of one that the cell declares.
func (c *Cell) receiver(f *ast.FuncDecl) *program.Thing {
	name := cell.Receiver(f)
	if c.own[name] || slices.ContainsFunc(c.again, func(d *program.Declaration) bool { return slices.Contains(d.Names(), name) }) {
		return nil
	}
	return c.Program.TypeNamed(name)
}

// stale returns the declarations that must be compiled again with the cell.
func (c *Cell) stale(replaced *program.Change, dropped map[*program.Declaration]bool) []*program.Declaration {
	own := map[string]bool{} // methods of the cell
	for _, d := range c.Declarations.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			own[cell.Receiver(f)+"."+f.Name.Name] = true
		}
	}
	return slices.DeleteFunc(c.Program.Dependents(replaced, dropped), func(d *program.Declaration) bool {
		if d.Receiver != nil {
			return own[d.Receiver.Name+"."+d.Method]
		}
		return slices.ContainsFunc(d.Names(), func(n string) bool { return c.own[n] || c.Named[n] || c.declaresAtTop(n) })
	})
}

// retyped adds the variables of the session that the cell replaces by others of another
// type: what uses them must be compiled again.
func (c *Cell) retyped(replaced *program.Change) {
	for _, v := range c.Variables {
		if t := c.Program.Lookup(v.Name); t != nil && v.Same == nil {
			replaced.Add(t)
		}
	}
}
