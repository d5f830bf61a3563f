package emit

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// enterLocalTypes records the types that functions declare and that embed types of cells.
// No other cell can name them.
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
				w.enterKeeping(of, fmt.Sprintf("%s, which is declared in a function of cell %d,", d.Name.Name, f.Source.Number), "it embeds "+of.Name)
			}
			return true
		})
	}
}

// enterKeeping records a type that does not get the methods which are declared later for
// another.
func (w *writer) enterKeeping(of *program.Thing, what, why string) {
	w.entry.Locals = append(w.entry.Locals, program.Local{Of: of, Text: w.keeping(what, why)})
}

// keeping returns the warning that a type does not get methods.
func (w *writer) keeping(what, why string) string {
	return w.cell.Program.Said(fmt.Sprintf("values of type %s keep the methods that they had: %s", what, why))
}

// warnOfLocalTypes warns of the types that do not get the methods that the cell declares.
func (w *writer) warnOfLocalTypes() {
	for _, t := range w.cell.Grown {
		for _, l := range t.Locals {
			w.warn(l.Text)
		}
	}
	for _, i := range w.cell.Instances {
		if i.Lost != "" {
			w.warn(w.keeping(strings.ReplaceAll(i.Symbol, "main.", ""), i.Lost))
		}
	}
}
