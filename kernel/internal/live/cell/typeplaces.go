package cell

import "go/ast"

// TypePlaces returns the names in a node that stand where only a type can, and those that
// are called: functions, or types in conversions.
func TypePlaces(n ast.Node) (types, called map[*ast.Ident]bool) {
	types, called = map[*ast.Ident]bool{}, map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			typeNames(n.Type, types)
		case *ast.ValueSpec:
			typeNames(n.Type, types)
		case *ast.TypeSpec:
			typeNames(n.Type, types)
		case *ast.CompositeLit:
			typeNames(n.Type, types)
		case *ast.TypeAssertExpr:
			typeNames(n.Type, types)
		case *ast.ArrayType:
			typeNames(n.Elt, types)
		case *ast.MapType:
			typeNames(n.Key, types)
			typeNames(n.Value, types)
		case *ast.ChanType:
			typeNames(n.Value, types)
		case *ast.TypeSwitchStmt:
			for _, clause := range n.Body.List {
				for _, x := range clause.(*ast.CaseClause).List {
					typeNames(x, types)
				}
			}
		case *ast.CallExpr:
			typeNames(n.Fun, called)
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "make" || id.Name == "new") && len(n.Args) > 0 {
				typeNames(n.Args[0], types)
			}
		}
		return true
	})
	return types, called
}

// typeNames adds the names in a type, except those in types that are nodes of their own,
// such as []T.
func typeNames(t ast.Expr, names map[*ast.Ident]bool) {
	switch t := t.(type) {
	case *ast.Ident:
		names[t] = true
	case *ast.ParenExpr:
		typeNames(t.X, names)
	case *ast.StarExpr:
		typeNames(t.X, names)
	case *ast.Ellipsis:
		typeNames(t.Elt, names)
	case *ast.UnaryExpr:
		typeNames(t.X, names)
	case *ast.BinaryExpr:
		typeNames(t.X, names)
		typeNames(t.Y, names)
	case *ast.IndexExpr:
		typeNames(t.X, names)
		typeNames(t.Index, names)
	case *ast.IndexListExpr:
		typeNames(t.X, names)
		for _, x := range t.Indices {
			typeNames(x, names)
		}
	}
}
