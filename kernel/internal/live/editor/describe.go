package editor

import (
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// object describes the object that a name stands for.
func (d *describer) object(o types.Object) {
	switch o := o.(type) {
	case *types.PkgName:
		d.packageOf(o.Imported())
		return
	case *types.Builtin, *types.Nil:
		d.predeclared(o.Name())
		return
	case *types.Label:
		return
	case *types.TypeName:
		if o.Pkg() == nil {
			d.predeclared(o.Name())
			return
		}
	case *types.Const:
		if o.Pkg() == nil {
			d.predeclared(o.Name())
			return
		}
	}
	at := d.find(o)
	d.from = d.origin(o, at)
	if at != nil {
		d.fromSource(at, o)
	}
	switch o := o.(type) {
	case *types.Func:
		if d.declaration == "" {
			d.declaration = signature(o)
		}
	case *types.TypeName:
		if d.declaration == "" {
			d.declaration = "type " + mark.Strip(o.Name()) + " " + types.TypeString(o.Type().Underlying(), shortly)
		}
		d.methods(o)
	case *types.Const:
		if d.declaration = "const " + mark.Strip(o.Name()); isTyped(o.Type()) {
			d.declaration += " " + types.TypeString(o.Type(), shortly)
		}
		d.declaration += " = " + o.Val().String()
	case *types.Var:
		kind := "var "
		if o.IsField() {
			kind = "field "
		}
		d.declaration = kind + mark.Strip(o.Name()) + " " + types.TypeString(o.Type(), shortly)
		d.typeOf(o.Type())
	}
}

func isTyped(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return !ok || b.Info()&types.IsUntyped == 0
}

// typeOf adds the description of a variable's type, if the type has a name.
func (d *describer) typeOf(t types.Type) {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	of := &describer{question: d.question, sketch: d.sketch}
	of.object(named.Obj())
	d.others = append(d.others, section{"Type", of.declaration})
	d.others = append(d.others, of.others...)
	if d.comment == "" {
		d.comment = of.comment
	}
}
