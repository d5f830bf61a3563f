package emit

import (
	"go/ast"
	"go/types"
	"strings"
)

// shows reports whether the value of a cell's last expression is to be shown.
func (w *writer) shows(x ast.Expr) bool {
	tv := w.Info.Types[x]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok { // a printing function has shown enough
		if f := w.called(call); f != nil && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && !strings.HasPrefix(f.Name(), "S") {
			return false
		}
	}
	return true
}

// called returns the function or method that a call names, nil if it names none.
func (w *writer) called(call *ast.CallExpr) *types.Func {
	var name *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		name = f.Sel
	case *ast.Ident: // from a dot import
		name = f
	}
	f, _ := w.Info.Uses[name].(*types.Func)
	return f
}
