package check

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// findBroken records the generic declarations that are repeated with their bodies and
// contain one of the errors: a method that they call may have changed. It reports whether
// there were any.
func (c *Cell) findBroken(errs []types.Error, earlier *ast.File, hidden map[string]bool) (found bool) {
	for _, d := range earlier.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, e := range errs {
			if f.Pos() <= e.Pos && e.Pos < f.End() {
				if d := c.repeatedAs(f, hidden); d != nil && d.Generic && !c.broken[d] {
					c.broken[d], found = true, true
				}
			}
		}
	}
	return found
}

// repeatedAs returns the declaration that is repeated as a function for the checker; nil if
// there is none.
func (c *Cell) repeatedAs(f *ast.FuncDecl, hidden map[string]bool) *program.Declaration {
	name := f.Name.Name
	if f.Recv != nil {
		name = cell.Receiver(f)
	}
	for _, t := range c.Earlier {
		if c.checkName(t, hidden) != name {
			continue
		}
		if f.Recv == nil {
			return t.Declaration
		}
		if m := t.Methods[f.Name.Name]; m != nil {
			return m.Declaration
		}
	}
	return nil
}
