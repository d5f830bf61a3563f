package emit

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterInstances notes the types without a name of their own that have methods of the cells'
// types, of those that the cell's types are made of: instances of generic types, and struct
// types that embed one.
func (w *writer) enterInstances() {
	seen := map[types.Type]bool{}
	var visit func(t types.Type)
	fields := func(t *types.Struct) {
		for i := range t.NumFields() {
			visit(t.Field(i).Type())
		}
	}
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
			if s, ok := t.Underlying().(*types.Struct); ok && names.InCell(t.Obj()) {
				fields(s)
			} else if names.InCell(t.Obj()) {
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
			w.enterStruct(t)
			fields(t)
		case *types.Signature:
			visit(t.Params())
			visit(t.Results())
		case *types.Tuple:
			for i := range t.Len() {
				visit(t.At(i).Type())
			}
		}
	}
	named := map[ast.Expr]bool{} // struct types that are a declared type's
	for _, f := range w.cell.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if d, ok := n.(*ast.TypeSpec); ok && !d.Assign.IsValid() {
				if s, ok := ast.Unparen(d.Type).(*ast.StructType); ok {
					named[s], named[d.Type] = true, true
				}
			}
			return true
		})
	}
	for x, tv := range w.Info.Types {
		if s, ok := tv.Type.(*types.Struct); ok && named[x] {
			fields(s)
		} else {
			visit(tv.Type)
		}
	}
	for _, v := range w.cell.Variables {
		visit(v.Type)
	}
}

// enterInstance notes a type, if it is an instance without parameters of its own.
func (w *writer) enterInstance(t *types.Named) {
	if of := w.Things[t.Origin().Obj()]; of != nil && t.TypeArgs().Len() > 0 {
		w.enterUnnamed(of, t)
	}
}

// enterStruct notes a struct type, if it embeds types of cells.
func (w *writer) enterStruct(t *types.Struct) {
	for _, of := range w.embedded(t) {
		w.enterUnnamed(of, t)
	}
}

// enterUnnamed notes a type that has methods of a cell's type.
func (w *writer) enterUnnamed(of *program.Thing, t types.Type) {
	if open(t) {
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
