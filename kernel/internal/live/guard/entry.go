package guard

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// What compiled code calls from its own loops must check, since those loops do not. A
// function or method without any other check gets one at its beginning
//
//   - unless it is quick: a check costs a nanosecond, of many;
//   - if the cell uses it as a value;
//   - if it is a method that compiled packages call through an interface, or a function that
//     compares: another cell may pass it to them. Such methods are known by their names.
//
// All others, which are small, have no check: the compiler would not inline most of them
// with one. A comparison of two numbers, called by a loop of a cell, takes 0.8 ns with a
// check and 0.6 without; the effect on sort.Sort cannot be measured.

// callbacks are the methods that compiled packages call through an interface.
var callbacks = map[string]bool{
	"Read": true, "ReadAt": true, "ReadByte": true, "ReadRune": true, "ReadFrom": true, "Write": true, "WriteAt": true, "WriteByte": true,
	"WriteString": true, "WriteTo": true, "Seek": true, "Less": true, "Swap": true, "Push": true, "Pop": true, "Next": true, "Scan": true,
	"Token": true, "Visit": true, "ServeHTTP": true, "RoundTrip": true, "Accept": true, "Handle": true, "Err": true, "Int63": true, "Uint64": true,
}

// entries adds checks at the beginning of such functions. It must run after all other
// checks have been added.
func (w *walker) entries(nodes []ast.Node) {
	values := w.values(nodes)
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Body == nil || unsplit(n) {
					return false
				}
				if strings.HasPrefix(n.Name.Name, mark.Letter) { // it holds the statements of a cell: only our code calls it
					return true
				}
				o := w.info.Defs[n.Name]
				if !w.quick.small(n.Body, w.isFew, w.isFree) || values[o] || n.Recv != nil && callbacks[n.Name.Name] || n.Recv == nil && compares(o, n.Name.Name) {
					w.enter(n.Body)
				}
			case *ast.AssignStmt:
				for i, x := range n.Rhs {
					if len(n.Lhs) == len(n.Rhs) {
						w.literal(n.Lhs[i], x, values)
					}
				}
			case *ast.ValueSpec:
				for i, x := range n.Values {
					if len(n.Names) == len(n.Values) {
						w.literal(n.Names[i], x, values)
					}
				}
			case *ast.CompositeLit:
				w.fields(n)
			}
			return true
		})
	}
}

// enter adds a check at the beginning of a function, unless it has a check somewhere.
func (w *walker) enter(body *ast.BlockStmt) {
	for _, i := range w.found {
		if body.Lbrace < i.At && i.At <= body.Rbrace {
			return
		}
	}
	w.begin(body.Lbrace)
}

// literal adds a check to a function literal that becomes a variable's value, if the
// variable is passed on or compares.
func (w *walker) literal(name, x ast.Expr, values map[types.Object]bool) {
	f, ok := ast.Unparen(x).(*ast.FuncLit)
	id := asIdent(name)
	if !ok || id == nil {
		return
	}
	o := w.info.Defs[id]
	if o == nil {
		o = w.info.Uses[id]
	}
	if values[o] || compares(o, id.Name) {
		w.enter(f.Body)
	}
}

// fields adds checks to function literals that are put into a value of a compiled package's
// type.
func (w *walker) fields(c *ast.CompositeLit) {
	named, ok := types.Unalias(w.info.TypeOf(c)).(*types.Named)
	if !ok || w.own(named.Obj()) {
		return
	}
	for _, x := range c.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if f, ok := ast.Unparen(x).(*ast.FuncLit); ok {
			w.enter(f.Body)
		}
	}
}

// own reports whether cells declare an object.
func (w *walker) own(o types.Object) bool {
	return o.Pkg() != nil && o.Pkg().Path() == w.path
}

// isFree reports whether a call gives its function no reason to check: a call of a cell's
// function, which has its own check if needed, of a function value, or of a quick function.
func (w *walker) isFree(c *ast.CallExpr) bool {
	o := callee(w.info, c.Fun)
	return o == nil && !w.info.Types[c.Fun].IsType() || o != nil && w.own(o) || w.quick.call(c)
}

// values returns the functions and variables that the cell uses in other ways than calling
// or setting them.
func (w *walker) values(nodes []ast.Node) map[types.Object]bool {
	found, other := map[types.Object]bool{}, map[*ast.Ident]bool{}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch f := ast.Unparen(n.Fun).(type) {
				case *ast.Ident:
					other[f] = true
				case *ast.SelectorExpr:
					other[f.Sel] = true
				}
			case *ast.AssignStmt:
				for _, x := range n.Lhs {
					if id := asIdent(x); id != nil {
						other[id] = true
					}
				}
				for _, x := range n.Rhs { // _ = f
					if id := asIdent(x); id != nil && len(n.Lhs) == 1 && isBlank(n.Lhs[0]) {
						other[id] = true
					}
				}
			case *ast.Ident:
				o := w.info.Uses[n]
				if o == nil || other[n] || o.Type() == nil {
					break
				}
				if f, ok := o.(*types.Func); ok {
					o = f.Origin()
				}
				if _, ok := o.Type().Underlying().(*types.Signature); ok {
					found[o] = true
				}
			}
			return true
		})
	}
	return found
}

func isBlank(x ast.Expr) bool {
	id := asIdent(x)
	return id != nil && id.Name == "_"
}

// compares reports whether a function orders two values of a type. If these are numbers,
// its name must say so.
func compares(o types.Object, name string) bool {
	if o == nil {
		return false
	}
	f, ok := o.Type().Underlying().(*types.Signature)
	if !ok || f.Params().Len() != 2 || f.Results().Len() != 1 || !types.Identical(f.Params().At(0).Type(), f.Params().At(1).Type()) {
		return false
	}
	r, ok := f.Results().At(0).Type().Underlying().(*types.Basic)
	if !ok || r.Kind() != types.Int && r.Kind() != types.Bool {
		return false
	}
	if b, ok := f.Params().At(0).Type().Underlying().(*types.Basic); ok && b.Info()&types.IsNumeric != 0 {
		name = strings.ToLower(name)
		for _, word := range []string{"cmp", "comp", "less", "order", "sort", "by"} {
			if strings.Contains(name, word) {
				return true
			}
		}
		return false
	}
	return true
}
