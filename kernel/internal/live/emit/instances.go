package emit

import (
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterInstances notes the instances of the cells' generic types that the cell's types are
// made of.
func (w *writer) enterInstances() {
	seen := map[types.Type]bool{}
	var visit func(t types.Type)
	visit = func(t types.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Alias:
			visit(types.Unalias(t))
		case *types.Named:
			w.enterInstance(t)
			for i := range t.TypeArgs().Len() {
				visit(t.TypeArgs().At(i))
			}
			if names.InCell(t.Obj()) {
				visit(t.Underlying())
			}
		case *types.Pointer:
			visit(t.Elem())
		case *types.Slice:
			visit(t.Elem())
		case *types.Array:
			visit(t.Elem())
		case *types.Chan:
			visit(t.Elem())
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		case *types.Struct:
			for i := range t.NumFields() {
				visit(t.Field(i).Type())
			}
		case *types.Signature:
			visit(t.Params())
			visit(t.Results())
		case *types.Tuple:
			for i := range t.Len() {
				visit(t.At(i).Type())
			}
		}
	}
	for _, tv := range w.Info.Types {
		visit(tv.Type)
	}
	for _, v := range w.cell.Variables {
		visit(v.Type)
	}
}

// enterInstance notes a type, if it is an instance without parameters of its own.
func (w *writer) enterInstance(t *types.Named) {
	of := w.Things[t.Origin().Obj()]
	if of == nil || t.TypeArgs().Len() == 0 || open(t) {
		return
	}
	symbol := linkName(t, w.Things)
	same := func(i program.Instance) bool { return i.Of == of && i.Symbol == symbol }
	if symbol == "" || slices.ContainsFunc(of.Instances, same) || slices.ContainsFunc(w.entry.Instances, same) {
		return
	}
	if head, err := w.TypePiece(t); err == nil {
		w.entry.Instances = append(w.entry.Instances, program.Instance{Of: of, Head: head, Symbol: symbol})
	}
}

// open tells whether a type depends on type parameters.
func open(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for i := range t.TypeArgs().Len() {
			if open(t.TypeArgs().At(i)) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		if m, ok := t.(*types.Map); ok && open(m.Key()) {
			return true
		}
		return open(t.Elem())
	case *types.Signature:
		return open(t.Params()) || open(t.Results())
	case *types.Tuple:
		for i := range t.Len() {
			if open(t.At(i).Type()) {
				return true
			}
		}
	case *types.Struct:
		for i := range t.NumFields() {
			if open(t.Field(i).Type()) {
				return true
			}
		}
	}
	return false
}
