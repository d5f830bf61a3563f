package check

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// look returns what some code does itself.
func (r *reach) look(of *code) *touched {
	t := newTouched()
	var path []ast.Node
	ast.Inspect(of.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			path = path[:len(path)-1]
			return true
		case *ast.Ident:
			if of.kept != nil {
				r.nameIn(t, n, path, of)
			} else {
				r.identIn(t, n, path, of.isOwn)
			}
		case *ast.CallExpr:
			r.unseenIn(t, n)
		}
		path = append(path, n)
		return true
	})
	return t
}

// identIn adds the use of an identifier in code that is checked.
func (r *reach) identIn(t *touched, id *ast.Ident, path []ast.Node, own bool) {
	switch o := r.c.Info.Uses[id].(type) {
	case *types.Var, *types.Const:
		key := r.key(o)
		if name := r.same[r.c.Thing(o)]; own && name != "" {
			key = name
		}
		if key != "" {
			r.variableIn(t, key, id, path, r.changed(id, path))
		}
	case *types.Func:
		o = o.Origin()
		key := functionKey(o)
		switch {
		case o.Pkg() != r.c.Package && !strings.HasPrefix(key, "."):
		case strings.HasPrefix(key, "."): // of an interface: it may be any type's
			for _, key := range r.methods(o.Name()) {
				t.refs[key] = true
			}
		case r.code[key] != nil:
			r.functionIn(t, key, id, path)
		default:
			if recv := r.c.Receiver(o); recv != nil && recv.Methods[o.Name()] != nil {
				maps.Copy(t.behind, r.variablesOf(recv.Methods[o.Name()].Declaration))
			} else if f := r.c.Thing(o); f != nil {
				maps.Copy(t.behind, r.variablesOf(f.Declaration))
			}
		}
	}
}

// nameIn adds the use of an identifier in a function that is kept: its names mean what they
// would mean in the cell. Which of them are not its own was found out before: a field may
// have the name of a variable.
func (r *reach) nameIn(t *touched, id *ast.Ident, path []ast.Node, of *code) {
	if s, ok := path[len(path)-1].(*ast.SelectorExpr); ok && s.Sel == id {
		for _, key := range r.methods(id.Name) {
			if of.kept.CallsMethod(id.Name) {
				r.functionIn(t, key, id, path)
			}
		}
		return
	}
	before := r.c.Program.Lookup(id.Name)
	if itself := slices.Contains(of.kept.Things, before); !of.byName(id) || !of.kept.Uses[before] && !itself {
		return
	}
	switch {
	case slices.ContainsFunc(r.c.Variables, func(v *Variable) bool { return v.Name == id.Name }):
		r.variableIn(t, id.Name, id, path, true)
	case r.code[id.Name] != nil:
		r.functionIn(t, id.Name, id, path)
	case before != nil && before.Class == program.Variable:
		r.variableIn(t, outside+before.Symbol, id, path, true)
	case before != nil && before.Class == program.Function:
		maps.Copy(t.behind, r.variablesOf(before.Declaration))
	}
}

// key returns the key of a variable; "" if it is local to a function.
func (r *reach) key(o types.Object) string {
	if name, ok := r.own[o]; ok {
		return name
	}
	switch {
	case o.Pkg() == nil || o.Parent() != o.Pkg().Scope():
		return ""
	case r.c.Thing(o) != nil:
		return outside + r.c.Thing(o).Symbol
	}
	return outside + o.Pkg().Path() + "." + o.Name()
}

func (r *reach) variableIn(t *touched, key string, id *ast.Ident, path []ast.Node, changed bool) {
	t.uses[key] = true
	if !runsLater(path) {
		t.now[key] = true
	}
	if changed {
		t.changes[key] = true
	}
	if r.code[key] != nil {
		r.functionIn(t, key, id, path)
	}
}

func (r *reach) functionIn(t *touched, key string, id *ast.Ident, path []ast.Node) {
	t.refs[key] = true
	if isCalled(id, path) && !runsLater(path) {
		t.calls[key] = true
	}
}

// runsLater reports whether a path leads into a function literal that is not called at
// once, or into a goroutine.
func runsLater(path []ast.Node) bool {
	for i, n := range path {
		switch n := n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.FuncLit:
			if i == 0 {
				return true
			}
			if call, ok := path[i-1].(*ast.CallExpr); !ok || call.Fun != n {
				return true
			}
		}
	}
	return false
}

// isCalled reports whether an identifier, or what it selects, is called.
func isCalled(id *ast.Ident, path []ast.Node) bool {
	var x ast.Node = id
	for _, n := range slices.Backward(path) {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if n.Sel != x {
				return false
			}
		case *ast.IndexExpr: // of type arguments
			if n.X != x {
				return false
			}
		case *ast.IndexListExpr, *ast.ParenExpr:
		case *ast.CallExpr:
			return n.Fun == x
		default:
			return false
		}
		x = n
	}
	return false
}
