package emit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterInstances notes the types without a name of their own that have methods of the cells'
// types, of those that the cell's types are made of: instances of generic types, and struct
// types that embed one.
func (w *writer) enterInstances() {
	made := newInstantiation(func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			w.enterInstance(t)
		case *types.Struct:
			w.enterStruct(t)
		}
	})
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
			for f := range s.Fields() {
				made.add(f.Type())
			}
		} else {
			made.add(tv.Type)
		}
	}
	for id, i := range w.Info.Instances {
		if f, ok := w.Info.Uses[id].(*types.Func); ok {
			made.addCall(f, i.TypeArgs)
		}
	}
	for _, v := range w.cell.Variables {
		made.add(v.Type)
	}
	made.find()
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
	head, err := w.TypePiece(t)
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), ";") // what follows is advice on variables
		w.enterKeeping(of, types.TypeString(t, types.RelativeTo(w.Package)), why)
		return
	}
	symbol := linkName(t, w.Things)
	same := func(i program.Instance) bool { return i.Of == of && i.Symbol == symbol }
	if symbol == "" || slices.ContainsFunc(of.Instances, same) || slices.ContainsFunc(w.entry.Instances, same) {
		return
	}
	w.entry.Instances = append(w.entry.Instances, program.Instance{Of: of, Head: head, Symbol: symbol})
}
