package check

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// unseenIn adds the methods of the cell that a call may lead to although they are not
// mentioned: String, when a value is passed as an interface, as to fmt.Println.
func (r *reach) unseenIn(t *touched, call *ast.CallExpr) {
	fun, ok := r.c.Info.Types[call.Fun]
	if !ok || fun.Type == nil {
		return
	}
	sig, isCall := fun.Type.Underlying().(*types.Signature)
	for i, x := range call.Args {
		var to types.Type
		switch {
		case fun.IsType():
			to = fun.Type
		case !isCall:
			return
		case sig.Variadic() && i >= sig.Params().Len()-1:
			if call.Ellipsis.IsValid() {
				continue
			}
			s, ok := sig.Params().At(sig.Params().Len() - 1).Type().Underlying().(*types.Slice)
			if !ok {
				continue
			}
			to = s.Elem()
		case i < sig.Params().Len():
			to = sig.Params().At(i).Type()
		default:
			continue
		}
		iface, ok := to.Underlying().(*types.Interface)
		from := r.c.Info.TypeOf(x)
		if !ok || from == nil || types.IsInterface(from) {
			continue
		}
		for _, name := range r.namedIn(from) {
			for key := range r.code {
				if m, ok := strings.CutPrefix(key, name+"."); ok && isUnseen(m, iface) {
					t.refs[key] = true
				}
			}
		}
	}
}

// isUnseen reports whether a method may be called by code that has a value as an interface:
// it is a method of the interface, or one that the standard library checks for.
func isUnseen(name string, iface *types.Interface) bool {
	for m := range iface.Methods() {
		if m.Name() == name {
			return true
		}
	}
	return slices.Contains([]string{"String", "GoString", "Error", "Format", "LogValue"}, name) ||
		strings.HasPrefix(name, "Marshal") || strings.HasPrefix(name, "Unmarshal") || strings.HasPrefix(name, "Gob")
}

// namedIn returns the names of the types of cells that a value of a type may contain.
func (r *reach) namedIn(t types.Type) (names []string) {
	seen := map[types.Type]bool{}
	var visit func(types.Type)
	visit = func(t types.Type) {
		t = types.Unalias(t)
		if seen[t] {
			return
		}
		seen[t] = true
		if named, ok := t.(*types.Named); ok {
			if named.Obj().Pkg() != r.c.Package {
				return
			}
			names = append(names, named.Obj().Name())
		}
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			visit(u.Elem())
		case *types.Slice:
			visit(u.Elem())
		case *types.Array:
			visit(u.Elem())
		case *types.Map:
			visit(u.Key())
			visit(u.Elem())
		case *types.Struct:
			for f := range u.Fields() {
				visit(f.Type())
			}
		}
	}
	visit(t)
	return names
}
