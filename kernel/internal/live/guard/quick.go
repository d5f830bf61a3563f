package guard

import (
	"go/ast"
	"go/token"
	"go/types"
)

// quick knows which functions of a cell return almost at once: they have no loop, and call
// only functions that are quick.
type quick struct {
	info    *types.Info
	own     map[*types.Func]bool
	earlier map[string]bool // of earlier cells, by full name
}

// quickOf finds the quick functions of a cell and remembers them.
func (g *Guard) quickOf(info *types.Info, nodes []ast.Node) *quick {
	if g.quick == nil {
		g.quick = map[string]bool{}
	}
	q := &quick{info: info, own: map[*types.Func]bool{}, earlier: g.quick}
	bodies := map[*types.Func]*ast.BlockStmt{}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Body != nil {
				if o, ok := info.Defs[f.Name].(*types.Func); ok {
					bodies[o] = f.Body
					delete(g.quick, o.FullName())
				}
			}
			return true
		})
	}
	for again := true; again; { // a recursive function never becomes quick
		again = false
		for o, body := range bodies {
			if !q.own[o] && q.body(body) {
				q.own[o], again = true, true
			}
		}
	}
	for o := range q.own {
		g.quick[o.FullName()] = true
	}
	return q
}

// body reports whether a function's body is quick.
func (q *quick) body(body *ast.BlockStmt) bool {
	return q.small(body, func(ast.Stmt) bool { return false }, q.call)
}

// small is body for code that may contain certain loops and calls.
func (q *quick) small(body *ast.BlockStmt, few func(loop ast.Stmt) bool, quick func(*ast.CallExpr) bool) bool {
	is := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			is = is && few(n)
		case *ast.RangeStmt:
			is = is && few(n)
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt, *ast.SelectStmt, *ast.SendStmt:
			is = false
		case *ast.BranchStmt:
			is = is && n.Tok != token.GOTO
		case *ast.UnaryExpr:
			is = is && n.Op != token.ARROW
		case *ast.CallExpr:
			is = is && quick(n)
		}
		return is
	})
	return is
}

func (q *quick) call(c *ast.CallExpr) bool {
	fun := ast.Unparen(c.Fun)
	if tv := q.info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return true
	}
	o := callee(q.info, fun)
	if o == nil || o.Pkg() == nil {
		return false
	}
	switch o.Pkg().Path() {
	case "math", "math/bits", "math/cmplx", "sync/atomic":
		return true
	}
	return q.own[o.Origin()] || q.earlier[o.Origin().FullName()]
}
