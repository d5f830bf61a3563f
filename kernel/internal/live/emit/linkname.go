package emit

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// linkName returns the compiler's name for a type (cmd/compile/internal/types, LinkString,
// of Go 1.26), "" for a type that is declared in a function.
func linkName(t types.Type, things map[types.Object]*program.Thing) string {
	l := &linkNames{things: things, known: true}
	if s := l.name(t); l.known {
		return s
	}
	return ""
}

// linkNames writes the names of types.
type linkNames struct {
	things map[types.Object]*program.Thing
	known  bool
}

func (l *linkNames) name(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return "unsafe.Pointer"
		}
		return types.Typ[t.Kind()].Name() // byte is uint8
	case *types.Pointer:
		return "*" + l.name(t.Elem())
	case *types.Slice:
		return "[]" + l.name(t.Elem())
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + l.name(t.Elem())
	case *types.Map:
		return "map[" + l.name(t.Key()) + "]" + l.name(t.Elem())
	case *types.Chan:
		return l.channel(t)
	case *types.Signature:
		return "func" + l.signature(t)
	case *types.Struct:
		return l.structure(t)
	case *types.Interface:
		return l.iface(t)
	case *types.Named:
		return l.named(t)
	}
	l.known = false
	return ""
}

func (l *linkNames) named(t *types.Named) string {
	o := t.Origin().Obj()
	full := o.Name()
	if of := l.things[o]; of != nil {
		full = "main." + of.Symbol
	} else if o.Pkg() != nil {
		full = o.Pkg().Path() + "." + o.Name()
		l.known = l.known && !names.InCell(o) && o.Parent() == o.Pkg().Scope()
	}
	if t.TypeArgs().Len() == 0 {
		return full
	}
	var args []string
	for i := range t.TypeArgs().Len() {
		args = append(args, l.name(t.TypeArgs().At(i)))
	}
	return full + "[" + strings.Join(args, ",") + "]"
}

func (l *linkNames) channel(t *types.Chan) string {
	elem := l.name(t.Elem())
	switch t.Dir() {
	case types.RecvOnly:
		return "<-chan " + elem
	case types.SendOnly:
		return "chan<- " + elem
	}
	if c, ok := types.Unalias(t.Elem()).(*types.Chan); ok && c.Dir() == types.RecvOnly {
		return "chan (" + elem + ")"
	}
	return "chan " + elem
}

func (l *linkNames) signature(t *types.Signature) string {
	list := func(t *types.Tuple, variadic bool) string {
		var all []string
		for i := range t.Len() {
			s := l.name(t.At(i).Type())
			if variadic && i == t.Len()-1 {
				s = "..." + strings.TrimPrefix(s, "[]")
			}
			all = append(all, s)
		}
		return strings.Join(all, ", ")
	}
	s := "(" + list(t.Params(), t.Variadic()) + ")"
	switch t.Results().Len() {
	case 0:
		return s
	case 1:
		return s + " " + list(t.Results(), false)
	}
	return s + " (" + list(t.Results(), false) + ")"
}

func (l *linkNames) structure(t *types.Struct) string {
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		s := l.name(f.Type())
		if f.Embedded() {
			s = l.embedded(f) + s
		} else {
			s = l.member(f) + " " + s
		}
		if t.Tag(i) != "" {
			s += " " + strconv.Quote(t.Tag(i))
		}
		fields = append(fields, " "+s)
	}
	if len(fields) == 0 {
		return "struct {}"
	}
	return "struct {" + strings.Join(fields, ";") + " }"
}

// embedded returns the text before an embedded field's type: nothing, except where the
// field's name differs, because the type is an alias or generic.
func (l *linkNames) embedded(f *types.Var) string {
	called, of := elem(f.Type()), elem(types.Unalias(f.Type()))
	name := f.Name()
	var by *types.TypeName
	switch t := called.(type) {
	case *types.Alias:
		by = t.Obj()
	case *types.Named:
		by = t.Origin().Obj()
	}
	if t := l.things[by]; t != nil {
		name = t.Symbol
	}
	if n, ok := types.Unalias(of).(*types.Named); ok && n.TypeArgs().Len() == 0 && n.Obj().Pkg() != nil {
		if o := n.Obj(); o == by || o.Exported() && o.Name() == name {
			return ""
		}
	}
	if !f.Exported() {
		name = f.Pkg().Path() + "." + name
	}
	return name + " = "
}

// elem returns the element type of a type that is written as a pointer.
func elem(t types.Type) types.Type {
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func (l *linkNames) iface(t *types.Interface) string {
	if t.Empty() {
		return "interface {}"
	}
	l.known = l.known && t.IsMethodSet()
	var methods []string
	for i := range t.NumMethods() {
		m := t.Method(i)
		methods = append(methods, " "+l.member(m)+l.signature(m.Signature()))
	}
	return "interface {" + strings.Join(methods, ";") + " }"
}

// member returns a field's or method's name, qualified by its package if it is not
// exported.
func (l *linkNames) member(o types.Object) string {
	if o.Exported() || o.Pkg() == nil {
		return o.Name()
	}
	return fmt.Sprintf("%s.%s", o.Pkg().Path(), o.Name())
}
