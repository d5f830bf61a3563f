package check

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// replaces adds what the cell's own declarations replace.
func (c *Cell) replaces(all *program.Change) {
	for n := range c.own {
		if t := c.Program.Lookup(n); t != nil {
			all.Add(t)
		} else {
			all.AddName(n) // it may have been one of Go's own, or of a dot import
		}
	}
	for n := range c.values {
		all.Value(n)
	}
	for n := range c.Named {
		if t := c.Program.Lookup(n); t != nil {
			all.Add(t)
		}
	}
	for _, d := range c.Declarations.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			if t := c.receiver(f); t != nil {
				all.Method(t, f.Name.Name)
				if c.changesSet(t, f) {
					all.MethodSet(t)
				}
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

// receiver returns the type of the session that a method of the cell belongs to; nil for a
// type that the cell declares.
func (c *Cell) receiver(f *ast.FuncDecl) *program.Thing {
	if t := c.shadowed[cell.TypeIdent(f.Recv.List[0].Type)]; t != nil {
		return t
	}
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
	retry := len(c.Declarations.AST.Decls) > 0 || len(c.Variables) > 0
	return slices.DeleteFunc(c.Program.Dependents(replaced, dropped, retry), func(d *program.Declaration) bool {
		if d.Receiver != nil {
			return own[d.Receiver.Name+"."+d.Method]
		}
		return slices.ContainsFunc(d.Names(), func(n string) bool { return c.own[n] || c.Named[n] || c.declaresAtTop(n) })
	})
}

// changesSet reports whether values of a type, or of one that embeds it, may implement
// fewer interfaces because of a method: its receiver or signature differs from the method
// that it replaces, or it makes a name ambiguous.
func (c *Cell) changesSet(t *program.Thing, f *ast.FuncDecl) bool {
	old, known := t.Method(f.Name.Name)
	if old == nil {
		return known || slices.ContainsFunc(c.Program.Embedders([]*program.Thing{t}), func(e *program.Thing) bool {
			_, known := e.Method(f.Name.Name)
			return known
		})
	}
	_, pointer := ast.Unparen(f.Recv.List[0].Type).(*ast.StarExpr)
	_, signature, _ := strings.Cut(old.Head.Text, old.Name)
	return pointer != old.Pointer || !strings.HasPrefix(strings.Join(words(signature), " "), strings.Join(words(c.Declarations.Text[c.Declarations.Offset(f.Type.Params.Pos()):c.Declarations.Offset(f.Type.End())]), " "))
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
