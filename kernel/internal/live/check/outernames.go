package check

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// outerNames returns the identifiers in a file that nothing within its declarations
// declares.
func outerNames(f *ast.File) []*ast.Ident {
	all := slices.Clone(f.Unresolved)
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && id.Obj == f.Scope.Lookup(id.Name) {
			all = append(all, id)
		}
		return true
	})
	return all
}

// declaredNames returns the identifiers at the declarations of a file's variables and
// constants: when a name is declared twice, the parser does not resolve the second.
func declaredNames(f *ast.File) (names []*ast.Ident) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, spec := range g.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					names = append(names, v.Names...)
				}
			}
		}
	}
	return names
}

// literalKeys returns the identifiers that are keys in composite literals and that nothing
// within a declaration of the file declares, with their literals: they are fields or
// values.
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

// constantPlaces returns the identifiers in the values of a file's constants.
func constantPlaces(f *ast.File) map[*ast.Ident]bool {
	names := map[*ast.Ident]bool{}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, spec := range g.Specs {
				for _, x := range spec.(*ast.ValueSpec).Values {
					cell.EachMention(x, func(id *ast.Ident) { names[id] = true })
				}
			}
		}
	}
	return names
}
