package check

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// changed notes the types of the session that have other methods by the cell: those of new
// methods, and those that embed them. It returns them with what their instances are made of.
func (c *Cell) changed() []*program.Thing {
	var of []*program.Thing
	for i, f := range c.Files[1:] {
		for _, d := range f.AST.Decls {
			m, ok := d.(*ast.FuncDecl)
			if !ok || m.Recv == nil {
				continue
			}
			t := c.receiverThing(m)
			if t != nil && slices.Contains(c.Earlier, t) && (i == 0 || t.Methods[m.Name.Name] != nil) && !slices.Contains(of, t) {
				of = append(of, t)
			}
		}
	}
	c.Grown = nil
	if len(of) == 0 {
		return nil
	}
	c.Grown = c.Program.Embedders(of)
	all := slices.Clone(c.Grown)
	for _, t := range c.Grown {
		for _, i := range t.Instances {
			for _, r := range i.Head.Refs {
				if r.Thing != nil {
					all = append(all, r.Thing)
				}
			}
		}
	}
	return all
}

// receiverThing returns the type of the session that a method is of, as the checker found.
func (c *Cell) receiverThing(m *ast.FuncDecl) *program.Thing {
	f, ok := c.Info.Defs[m.Name].(*types.Func)
	if !ok {
		return nil
	}
	return c.Receiver(f)
}
