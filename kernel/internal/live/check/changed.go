package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// changed reports whether a variable may be changed at the place of the identifier.
func (r *reach) changed(id *ast.Ident, path []ast.Node) bool {
	var x ast.Expr = id
	i := len(path) - 1
	for ; i >= 0; i-- {
		e, ok := path[i].(ast.Expr)
		if !ok {
			break
		}
		if s, ok := e.(*ast.SelectorExpr); ok && s.X == x {
			if m := r.c.Info.Selections[s]; m != nil && m.Kind() == types.MethodVal {
				f := m.Obj().(*types.Func)
				_, pointer := f.Signature().Recv().Type().(*types.Pointer)
				return pointer || r.refers(x)
			}
		}
		if !leadsOn(e, x) {
			break
		}
		x = e
	}
	if i < 0 {
		return r.refers(x)
	}
	switch n := path[i].(type) {
	case *ast.AssignStmt:
		return slices.Contains(n.Lhs, x) || r.refers(x)
	case *ast.IncDecStmt, *ast.SendStmt:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.AND || n.Op == token.ARROW
	case *ast.RangeStmt:
		return n.X != x || r.refers(x)
	case *ast.BinaryExpr, *ast.ExprStmt, *ast.IndexExpr:
		return false
	case *ast.CallExpr:
		return n.Fun != x && !r.onlyReads(n) && r.refers(x)
	}
	return r.refers(x)
}

// leadsOn reports whether e is a part of x, or of what x refers to.
func leadsOn(e, x ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ParenExpr, *ast.StarExpr, *ast.SelectorExpr, *ast.TypeAssertExpr:
		return true
	case *ast.IndexExpr:
		return e.X == x
	case *ast.SliceExpr:
		return e.X == x
	}
	return false
}

// onlyReads reports whether a call leaves its arguments unchanged: it prints them, or takes
// their length.
func (r *reach) onlyReads(call *ast.CallExpr) bool {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		o, ok := r.c.Info.Uses[f].(*types.Builtin)
		return ok && slices.Contains([]string{"len", "cap", "min", "max", "append", "print", "println"}, o.Name())
	case *ast.SelectorExpr:
		o := r.c.Info.Uses[f.Sel]
		return o != nil && o.Pkg() != nil && o.Pkg().Path() == "fmt" &&
			(strings.HasPrefix(o.Name(), "Print") || strings.HasPrefix(o.Name(), "Sprint") || o.Name() == "Errorf")
	}
	return false
}

// refers reports whether other data can be changed through a copy of a value.
func (r *reach) refers(x ast.Expr) bool {
	t := r.c.Info.TypeOf(x)
	return t != nil && refersOn(t)
}

func refersOn(t types.Type) bool {
	if types.Identical(t, types.Universe.Lookup("error").Type()) {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Signature:
		return false
	case *types.Array:
		return refersOn(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if refersOn(f.Type()) {
				return true
			}
		}
		return false
	}
	return true
}
