package names

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// typeWriter writes types as Go source. name returns the text for a type's name.
type typeWriter struct {
	name func(types.Object) (string, error)
}

func (w *typeWriter) text(t types.Type) (string, error) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return w.name(types.Unsafe.Scope().Lookup("Pointer"))
		}
		return w.name(types.Universe.Lookup(t.Name()))
	case *types.Alias:
		return w.named(t.Obj(), t.TypeArgs())
	case *types.Named:
		return w.named(t.Obj(), t.TypeArgs())
	case *types.TypeParam:
		return t.Obj().Name(), nil
	case *types.Pointer:
		return w.wrap("*%s", t.Elem())
	case *types.Slice:
		return w.wrap("[]%s", t.Elem())
	case *types.Array:
		return w.wrap("["+strconv.FormatInt(t.Len(), 10)+"]%s", t.Elem())
	case *types.Map:
		return w.wrap("map[%s]%s", t.Key(), t.Elem())
	case *types.Chan:
		return w.wrap(map[types.ChanDir]string{types.SendRecv: "chan (%s)", types.SendOnly: "chan<- (%s)", types.RecvOnly: "<-chan (%s)"}[t.Dir()], t.Elem())
	case *types.Signature:
		s, err := w.signature(t)
		return "func" + s, err
	case *types.Struct:
		return w.structure(t)
	case *types.Interface:
		return w.iface(t)
	case *types.Union:
		var terms []string
		for i := range t.Len() {
			s, err := w.text(t.Term(i).Type())
			if err != nil {
				return "", err
			}
			if t.Term(i).Tilde() {
				s = "~" + s
			}
			terms = append(terms, s)
		}
		return strings.Join(terms, " | "), nil
	}
	return "", fmt.Errorf("a variable cannot have type %s", t)
}

// wrap formats the texts of types.
func (w *typeWriter) wrap(format string, parts ...types.Type) (string, error) {
	var texts []any
	for _, p := range parts {
		s, err := w.text(p)
		if err != nil {
			return "", err
		}
		texts = append(texts, s)
	}
	return fmt.Sprintf(format, texts...), nil
}

func (w *typeWriter) named(o types.Object, args *types.TypeList) (string, error) {
	s, err := w.name(o)
	if err != nil || args.Len() == 0 {
		return s, err
	}
	var texts []string
	for i := range args.Len() {
		a, err := w.text(args.At(i))
		if err != nil {
			return "", err
		}
		texts = append(texts, a)
	}
	return s + "[" + strings.Join(texts, ", ") + "]", nil
}

func (w *typeWriter) signature(t *types.Signature) (string, error) {
	params, err := w.tuple(t.Params(), t.Variadic())
	if err != nil {
		return "", err
	}
	results, err := w.tuple(t.Results(), false)
	return "(" + params + ") (" + results + ")", err
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) (string, error) {
	var texts []string
	for i := range t.Len() {
		typ := t.At(i).Type()
		dots := ""
		if s, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			typ, dots = s.Elem(), "..."
		}
		s, err := w.text(typ)
		if err != nil {
			return "", err
		}
		texts = append(texts, dots+s)
	}
	return strings.Join(texts, ", "), nil
}

func (w *typeWriter) structure(t *types.Struct) (string, error) {
	var b strings.Builder
	b.WriteString("struct {")
	for i := range t.NumFields() {
		f := t.Field(i)
		if f.Pkg() != nil && !f.Exported() && f.Pkg().Path() != "main" {
			return "", fmt.Errorf("the type has the field %s of package %s, which has no name outside it", f.Name(), f.Pkg().Path())
		}
		s, err := w.text(f.Type())
		if err != nil {
			return "", err
		}
		if !f.Embedded() {
			s = f.Name() + " " + s
		}
		if tag := t.Tag(i); tag != "" {
			s += " " + strconv.Quote(tag)
		}
		b.WriteString(" " + s + ";")
	}
	b.WriteString(" }")
	return b.String(), nil
}

func (w *typeWriter) iface(t *types.Interface) (string, error) {
	var b strings.Builder
	b.WriteString("interface {")
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		if !m.Exported() && !InCell(m) {
			return "", fmt.Errorf("the type has the method %s of package %s, which has no name outside it", m.Name(), m.Pkg().Path())
		}
		s, err := w.signature(m.Signature())
		if err != nil {
			return "", err
		}
		b.WriteString(" " + m.Name() + s + ";")
	}
	for i := range t.NumEmbeddeds() {
		s, err := w.text(t.EmbeddedType(i))
		if err != nil {
			return "", err
		}
		b.WriteString(" " + s + ";")
	}
	b.WriteString(" }")
	return b.String(), nil
}
