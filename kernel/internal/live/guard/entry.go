package guard

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// What compiled code calls from a loop of its own has to look, since that loop does not. A
// function or a method that does not look anywhere looks when it begins:
//
//   - if it is not done in no time: the look costs a nanosecond, of many;
//   - if the cell uses it as a value;
//   - if it is a method that compiled packages call by an interface, or a function that
//     compares: another cell may hand it to them. A method is known by its name.
//
// All others, which are small, stay free: the compiler does not inline most of them with a
// look in it. One that compares two numbers, called by a loop of a cell, takes 0.8 ns with it
// and 0.6 without; what sort.Sort takes does not change that can be measured.

// callbacks are such methods.
var callbacks = map[string]bool{
	"Read": true, "ReadAt": true, "ReadByte": true, "ReadRune": true, "ReadFrom": true, "Write": true, "WriteAt": true, "WriteByte": true,
	"WriteString": true, "WriteTo": true, "Seek": true, "Less": true, "Swap": true, "Push": true, "Pop": true, "Next": true, "Scan": true,
	"Token": true, "Visit": true, "ServeHTTP": true, "RoundTrip": true, "Accept": true, "Handle": true, "Err": true, "Int63": true, "Uint64": true,
}

// entries has those functions look when they begin. It comes after all other checks.
func (w *walker) entries(nodes []ast.Node) {
	values := w.values(nodes)
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Body == nil || unsplit(n) {
					return false
				}
				if strings.HasPrefix(n.Name.Name, mark.Letter) { // it holds the statements of a cell: nobody calls it but us
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

// enter has a function look when it begins, unless it looks anywhere.
func (w *walker) enter(body *ast.BlockStmt) {
	for _, i := range w.found {
		if body.Lbrace < i.At && i.At <= body.Rbrace {
			return
		}
	}
	w.begin(body.Lbrace)
}

// literal has a function literal look that becomes a variable's value, if the variable is
// handed on or compares.
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

// fields has function literals look that are put into a value of a compiled package's type.
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

// own tells whether cells declare an object.
func (w *walker) own(o types.Object) bool {
	return o.Pkg() != nil && o.Pkg().Path() == w.path
}

// isFree tells whether a call does not make a function one that has to look: that of a
// function of cells, which looks itself if it has to, and that of a function's value.
func (w *walker) isFree(c *ast.CallExpr) bool {
	o := callee(w.info, c.Fun)
	return o == nil && !w.info.Types[c.Fun].IsType() || o != nil && w.own(o) || w.quick.call(c)
}

// values returns the functions, and the variables, that the cell uses other than to call them
// and to set them.
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

// compares tells whether a function orders two values of a type. Of one that is given two
// numbers the name has to say so.
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
