package guard

import (
	"go/ast"
	"go/types"
)

// graph is the call graph of a cell. Functions are identified by their bodies.
type graph struct {
	info     *types.Info
	declared map[*types.Func]*ast.BlockStmt
	methods  map[string][]*ast.BlockStmt // by name
	values   []*ast.BlockStmt            // of functions that are also called through their values
	calls    map[*ast.BlockStmt]map[*ast.BlockStmt]bool
	dynamic  map[*ast.BlockStmt]bool // calls a function through its value
}

// recursive returns the bodies of functions that may call themselves. A call of a variable
// may be a call of any function that the cell uses as a value; a call through an interface
// may be one of any method with that name. A call of a parameter counts as neither: a
// function that calls itself that way must be passed to itself.
func recursive(info *types.Info, nodes []ast.Node) []*ast.BlockStmt {
	g := &graph{
		info: info, declared: map[*types.Func]*ast.BlockStmt{}, methods: map[string][]*ast.BlockStmt{},
		calls: map[*ast.BlockStmt]map[*ast.BlockStmt]bool{}, dynamic: map[*ast.BlockStmt]bool{},
	}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			switch f := n.(type) {
			case *ast.FuncDecl:
				if o, ok := info.Defs[f.Name].(*types.Func); ok && f.Body != nil && !unsplit(f) {
					g.declared[o] = f.Body
					if f.Recv != nil {
						g.methods[f.Name.Name] = append(g.methods[f.Name.Name], f.Body)
					}
				}
			case *ast.FuncLit:
				g.values = append(g.values, f.Body)
			}
			return true
		})
	}
	for _, n := range nodes {
		g.read(n)
	}
	var found []*ast.BlockStmt
	for body := range g.calls {
		if g.reaches(body, body, map[*ast.BlockStmt]bool{}) {
			found = append(found, body)
		}
	}
	return found
}

// beforeCall adds a check before the first statement of a function that may call another
// function.
func (w *walker) beforeCall(body *ast.BlockStmt) {
	for _, s := range body.List {
		calls := false
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				calls = true
			case *ast.CallExpr:
				calls = calls || !w.info.Types[n.Fun].IsType() && !w.info.Types[n.Fun].IsBuiltin()
			}
			return !calls
		})
		if calls {
			w.found = append(w.found, Insertion{s.Pos(), w.check + "; "})
			return
		}
	}
}

// read records all calls in a node.
func (g *graph) read(n ast.Node) {
	called := map[ast.Node]bool{}
	parameters := map[types.Object]bool{}
	var in []*ast.BlockStmt // functions around the node
	var at []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			if last := at[len(at)-1]; len(in) > 0 && last == in[len(in)-1] {
				in = in[:len(in)-1]
			}
			at = at[:len(at)-1]
			return true
		}
		at = append(at, n)
		switch n := n.(type) {
		case *ast.FuncType:
			for _, p := range n.Params.List {
				for _, id := range p.Names {
					parameters[g.info.Defs[id]] = true
				}
			}
		case *ast.BlockStmt:
			if len(at) < 2 {
				break
			}
			switch at[len(at)-2].(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				if len(in) > 0 {
					g.call(in[len(in)-1], n)
				}
				in = append(in, n)
			}
		case *ast.CallExpr:
			name := ast.Unparen(n.Fun)
			if s, ok := name.(*ast.SelectorExpr); ok {
				name = s.Sel
			}
			called[name] = true
			if len(in) > 0 && !g.info.Types[n.Fun].IsType() && !g.info.Types[n.Fun].IsBuiltin() {
				g.callee(in[len(in)-1], n.Fun, parameters)
			}
		case *ast.Ident:
			if o, ok := g.info.Uses[n].(*types.Func); ok && !called[n] && g.declared[o.Origin()] != nil {
				g.values = append(g.values, g.declared[o.Origin()])
			}
		}
		return true
	})
}

// callee records a call.
func (g *graph) callee(from *ast.BlockStmt, fun ast.Expr, parameters map[types.Object]bool) {
	o := callee(g.info, fun)
	switch {
	case o == nil:
		if id := asIdent(fun); id == nil || !parameters[g.info.Uses[id]] {
			g.dynamic[from] = true
			g.call(from, nil)
		}
	case types.IsInterface(receiver(o)):
		for _, m := range g.methods[o.Name()] {
			g.call(from, m)
		}
	case g.declared[o.Origin()] != nil:
		g.call(from, g.declared[o.Origin()])
	}
}

func (g *graph) call(from, to *ast.BlockStmt) {
	if g.calls[from] == nil {
		g.calls[from] = map[*ast.BlockStmt]bool{}
	}
	if to != nil {
		g.calls[from][to] = true
	}
}

// reaches reports whether a call of from may lead to a call of to.
func (g *graph) reaches(from, to *ast.BlockStmt, seen map[*ast.BlockStmt]bool) bool {
	next := func(n *ast.BlockStmt) bool {
		if n == to {
			return true
		}
		if seen[n] {
			return false
		}
		seen[n] = true
		return g.reaches(n, to, seen)
	}
	for n := range g.calls[from] {
		if next(n) {
			return true
		}
	}
	if g.dynamic[from] {
		for _, n := range g.values {
			if next(n) {
				return true
			}
		}
	}
	return false
}
