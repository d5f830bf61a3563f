package emit

import (
	"go/ast"
	"go/types"
	"strings"
)

// shows tells whether the value of a cell's last expression is to be shown.
func (w *writer) shows(x ast.Expr) bool {
	tv := w.Info.Types[x]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || tv.Type == nil {
		return false
	}
	if t, ok := tv.Type.(*types.Tuple); ok && t.Len() == 0 {
		return false
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok { // that it printed is enough
		if s, ok := call.Fun.(*ast.SelectorExpr); ok {
			if f, ok := w.Info.Uses[s.Sel].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && strings.Contains(f.Name(), "rint") && !strings.HasPrefix(f.Name(), "S") {
				return false
			}
		}
	}
	return true
}
