package check

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// findEmbedded renames selectors of embedded fields that are named after an earlier type to
// the checker's name for that type. It reports whether there were any.
func (c *Cell) findEmbedded() (found bool) {
	old := map[string][]string{}
	for _, t := range c.Earlier {
		if t.Class == program.Type {
			old[t.Name] = append(old[t.Name], t.OldName())
		}
	}
	field := func(of types.Type, id *ast.Ident) {
		for _, name := range old[id.Name] {
			if o, _, _ := types.LookupFieldOrMethod(of, true, c.Package, name); o != nil && c.Info.Uses[id] == nil {
				if _, ok := c.Written[id]; !ok {
					c.Written[id] = id.Name
				}
				id.Name, found = name, true
				return
			}
		}
	}
	for _, f := range c.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if tv := c.Info.Types[n.X]; tv.Type != nil && c.Info.Selections[n] == nil {
					field(tv.Type, n.Sel)
				}
			case *ast.CompositeLit:
				for _, e := range n.Elts {
					if pair, ok := e.(*ast.KeyValueExpr); ok && c.Info.Types[n].Type != nil {
						if id, ok := pair.Key.(*ast.Ident); ok {
							field(c.Info.Types[n].Type, id)
						}
					}
				}
			}
			return true
		})
	}
	return found
}
