package emit

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterLocalTypes notes the types that functions declare and that embed types of cells: no
// other cell can name them, so they do not get methods that are declared later.
func (w *writer) enterLocalTypes() {
	for _, f := range w.cell.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			d, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			o, ok := w.Info.Defs[d.Name].(*types.TypeName)
			if !ok || o.IsAlias() || o.Parent() == w.Package.Scope() {
				return true
			}
			for _, of := range w.embedded(o.Type()) {
				w.entry.Locals = append(w.entry.Locals, program.Local{Of: of, Name: d.Name.Name, Cell: f.Source.Number})
			}
			return true
		})
	}
}

// warnOfLocalTypes says which types do not get the methods that the cell declares.
func (w *writer) warnOfLocalTypes() {
	for _, t := range w.cell.Grown {
		for _, l := range t.Locals {
			w.warn(fmt.Sprintf("values of type %s, which is declared in a function of cell %d, keep the methods that they had: it embeds %s", l.Name, l.Cell, t.Name))
		}
	}
}
