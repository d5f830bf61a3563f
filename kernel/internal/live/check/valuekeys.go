package check

import (
	"go/ast"
	"go/types"
)

// literalKeys returns the names that are keys in composite literals, with these, and that
// nothing within a declaration of the file declares: they are fields, or values.
func literalKeys(f *ast.File) map[*ast.Ident]*ast.CompositeLit {
	keys := map[*ast.Ident]*ast.CompositeLit{}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok {
			for _, e := range lit.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					if id, ok := pair.Key.(*ast.Ident); ok && (id.Obj == nil || id.Obj == f.Scope.Lookup(id.Name)) {
						keys[id] = lit
					}
				}
			}
		}
		return true
	})
	return keys
}

// findValueKeys notes the keys in literals that mean such variables and constants, since the
// literal is no struct's. It tells whether there were any.
func (c *Cell) findValueKeys() (found bool) {
	for _, f := range c.Files {
		for id, lit := range literalKeys(f.AST) {
			of := c.Info.Types[lit].Type
			if c.valueKeys[id] || of == nil || c.valueName(f, id) == "" {
				continue
			}
			if p, ok := of.Underlying().(*types.Pointer); ok { // the elements of []*T{{…}}
				of = p.Elem()
			}
			if _, fields := of.Underlying().(*types.Struct); !fields {
				c.valueKeys[id], found = true, true
			}
		}
	}
	return found
}
