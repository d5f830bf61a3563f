package emit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterInstances records the unnamed types with methods of the cells' types, among the
// types that the cell uses: instances of generic types, and struct types that embed one.
func (w *writer) enterInstances() {
	made := newInstantiation(func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			w.enterInstance(t)
		case *types.Struct:
			w.enterStruct(t)
		}
	})
	named := map[ast.Expr]bool{} // struct types of declared types
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

// enterInstance records a type, if it is an instance that depends on no type parameter.
func (w *writer) enterInstance(t *types.Named) {
	if of := w.Things[t.Origin().Obj()]; of != nil && t.TypeArgs().Len() > 0 {
		w.enterUnnamed(of, t)
	}
}

// enterStruct records a struct type, if it embeds types of cells.
func (w *writer) enterStruct(t *types.Struct) {
	for _, of := range w.embedded(t) {
		w.enterUnnamed(of, t)
	}
}

// enterUnnamed records a type that has methods of a cell's type.
func (w *writer) enterUnnamed(of *program.Thing, t types.Type) {
	head, err := w.TypePiece(t)
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), ";") // the rest is advice on variables
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
