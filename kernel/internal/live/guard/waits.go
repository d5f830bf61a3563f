package guard

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// waiting knows which functions may wait.
type waiting struct {
	info *types.Info
	own  map[*types.Func]bool // of this cell: whether it may wait
	calm map[string]bool      // of cells so far, those that cannot, by full name
}

// waiting finds the functions of a cell that may wait and remembers the others.
func (g *Guard) waiting(info *types.Info, nodes []ast.Node) *waiting {
	if g.calm == nil {
		g.calm = map[string]bool{}
	}
	w := &waiting{info: info, own: map[*types.Func]bool{}, calm: g.calm}
	bodies := map[*types.Func]*ast.BlockStmt{}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok {
				if o, ok := info.Defs[f.Name].(*types.Func); ok {
					bodies[o], w.own[o] = f.Body, f.Body == nil
				}
			}
			return true
		})
	}
	for again := true; again; {
		again = false
		for o, body := range bodies {
			if !w.own[o] && w.in(body) {
				w.own[o], again = true, true
			}
		}
	}
	for o, waits := range w.own {
		if delete(g.calm, o.FullName()); !waits {
			g.calm[o.FullName()] = true
		}
	}
	return w
}

// waits reports whether a statement or an expression may wait.
func (w *walker) waits(n ast.Node) bool {
	switch n := n.(type) {
	case nil:
		return false
	case ast.Stmt:
		return w.waiting.in(n)
	}
	return w.waiting.in(n)
}

// in reports whether a node contains code that may wait, on the goroutine that executes the
// node.
func (w *waiting) in(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.GoStmt:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.SendStmt, *ast.SelectStmt:
			found = true
		case *ast.RangeStmt:
			if t := w.info.TypeOf(n.X); t != nil {
				switch t.Underlying().(type) {
				case *types.Chan, *types.Signature:
					found = true
				}
			}
		case *ast.CallExpr:
			found = found || w.call(n)
		}
		return !found
	})
	return found
}

// call reports whether a call may wait.
func (w *waiting) call(c *ast.CallExpr) bool {
	fun := ast.Unparen(c.Fun)
	if tv := w.info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return false
	}
	o := callee(w.info, fun)
	if o == nil || types.IsInterface(receiver(o)) || o.Pkg() == nil {
		return true
	}
	if waits, ok := w.own[o.Origin()]; ok {
		return waits
	}
	path := o.Pkg().Path()
	return !calm[path] && !w.calm[o.Origin().FullName()] && !strings.HasPrefix(path, "unicode/")
}

// callee returns the declared function that an expression names, nil if it names none.
func callee(info *types.Info, fun ast.Expr) *types.Func {
	switch f := ast.Unparen(fun).(type) {
	case *ast.IndexExpr:
		return callee(info, f.X)
	case *ast.IndexListExpr:
		return callee(info, f.X)
	case *ast.Ident:
		o, _ := info.Uses[f].(*types.Func)
		return o
	case *ast.SelectorExpr:
		o, _ := info.Uses[f.Sel].(*types.Func)
		return o
	}
	return nil
}

// receiver returns the type of a method's receiver, an empty struct type for functions.
func receiver(f *types.Func) types.Type {
	if r := f.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.NewStruct(nil, nil)
}

// calm are packages with functions that never wait, except in functions passed to them.
var calm = map[string]bool{
	"cmp": true, "errors": true, "hash/fnv": true, "maps": true, "math": true, "math/big": true, "math/bits": true,
	"math/cmplx": true, "math/rand": true, "math/rand/v2": true, "reflect": true, "slices": true, "sort": true, "strconv": true,
	"strings": true, "bytes": true, "sync/atomic": true, "unicode": true, "unsafe": true,
}
