package emit

import (
	"go/ast"
	"go/constant"
	"go/types"
)

// flags returns the names of the command-line flags that the cell defines.
func (w *writer) flags() []string {
	var names []string
	for _, f := range w.cell.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if arg := w.flagName(call); arg != nil {
					if v := w.Info.Types[arg].Value; v != nil && v.Kind() == constant.String {
						names = append(names, constant.StringVal(v))
					}
				}
			}
			return true
		})
	}
	return names
}

// flagName returns the argument with the name of the flag that a call of package flag
// defines, nil if it defines none.
func (w *writer) flagName(call *ast.CallExpr) ast.Expr {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	o, ok := w.Info.Uses[s.Sel].(*types.Func)
	if !ok || o.Pkg() == nil || o.Pkg().Path() != "flag" || o.Signature().Recv() != nil || o.Name() == "Set" || o.Name() == "Lookup" {
		return nil
	}
	for i := range min(len(call.Args), o.Signature().Params().Len()) {
		if o.Signature().Params().At(i).Name() == "name" {
			return call.Args[i]
		}
	}
	return nil
}
