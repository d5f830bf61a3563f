package emit

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterCalls records which methods a declaration uses, and of which types it has values.
func (w *writer) enterCalls(decl *program.Declaration, d ast.Decl) {
	if f, ok := d.(*ast.FuncDecl); ok {
		decl.Small = mayInline(f)
	}
	values := &reached{of: w, things: decl.Values, seen: map[types.Type]bool{}}
	ast.Inspect(d, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok {
			values.add(w.Info.TypeOf(x))
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if s := w.Info.Selections[n]; s != nil {
				w.enterPath(decl, s)
			}
		case *ast.Ident:
			f, ok := w.Info.Uses[n].(*types.Func)
			if !ok {
				break
			}
			if t := w.Receiver(f.Origin()); t != nil {
				decl.Call(t, f.Name())
			}
			if recv := f.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
				decl.Dynamic[f.Name()] = true
			}
			if !names.InCell(f) {
				w.enterHanded(decl, f.Origin())
			}
		}
		return true
	})
}

// enterPath records the types through which a declaration reaches a field or method: if one
// of them gets a method of that name later, it hides the field or method, or makes the name
// ambiguous.
func (w *writer) enterPath(decl *program.Declaration, s *types.Selection) {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		of := &reached{of: w, things: map[*program.Thing]bool{}, seen: map[types.Type]bool{}}
		of.add(t)
		for thing := range of.things {
			decl.Call(thing, s.Obj().Name())
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
}

// enterHanded records the interfaces through which a function of a package may call methods
// of its arguments: the compiler may inline the function, and instantiates it if it is
// generic.
func (w *writer) enterHanded(decl *program.Declaration, f *types.Func) {
	note := func(t types.Type) {
		if s, ok := t.Underlying().(*types.Slice); ok { // the last parameter of a variadic function
			t = s.Elem()
		}
		i, ok := t.Underlying().(*types.Interface)
		if !ok || i.NumMethods() == 0 {
			return
		}
		var methods []string
		for m := range i.Methods() {
			methods = append(methods, m.Name())
		}
		decl.Handed[strings.Join(methods, " ")] = true
	}
	sig := f.Signature()
	for p := range sig.Params().Variables() {
		note(p.Type())
	}
	for p := range sig.TypeParams().TypeParams() {
		note(p.Constraint())
	}
}

// promoted returns the names of the methods that a type has from its embedded types.
func promoted(t types.Type) map[string]bool {
	all := map[string]bool{}
	if _, ok := t.Underlying().(*types.Struct); ok {
		for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
			if len(m.Index()) > 1 {
				all[m.Obj().Name()] = true
			}
		}
	}
	return all
}

// methodNames returns the names of all methods of a type and of pointers to it.
func methodNames(t types.Type) map[string]bool {
	all := map[string]bool{}
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		all[m.Obj().Name()] = true
	}
	return all
}

// reached collects the cells' types that values of some types have or are made of, such as
// the elements of a slice.
type reached struct {
	of     *writer
	things map[*program.Thing]bool
	seen   map[types.Type]bool
}

func (r *reached) add(t types.Type) {
	if t == nil || r.seen[t] {
		return
	}
	r.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		r.add(types.Unalias(t))
	case *types.Named:
		for of := range t.TypeArgs().Types() {
			r.add(of)
		}
		thing := r.of.Things[t.Origin().Obj()]
		switch t.Underlying().(type) {
		case *types.Interface: // a value in it has another type
		case *types.Struct:
			if thing != nil {
				r.things[thing] = true // the thing knows what it embeds
			} else {
				r.add(t.Underlying())
			}
		default:
			if thing != nil {
				r.things[thing] = true
			}
			r.add(t.Underlying())
		}
	case *types.Pointer:
		r.add(t.Elem())
	case *types.Slice:
		r.add(t.Elem())
	case *types.Array:
		r.add(t.Elem())
	case *types.Chan:
		r.add(t.Elem())
	case *types.Map:
		r.add(t.Key())
		r.add(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			r.add(v.Type())
		}
	case *types.Signature:
		r.add(t.Params())
		r.add(t.Results())
	case *types.Struct: // each field has a type where it is selected
		for f := range t.Fields() {
			if f.Embedded() {
				r.add(f.Type())
			}
		}
	}
}
