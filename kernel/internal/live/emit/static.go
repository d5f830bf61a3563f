package emit

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Values of a type that only C allocates (one that contains runtime/cgo.Incomplete) may be
// in package-level variables, but neither on the heap nor on a stack. So a cell's variable
// of such a type is package-level, and the statements reach it through a pointer, like
// variables of earlier cells:
//
//	var x T = f()            x·bound = &x·room.after; *x·bound = f(); x·slot = x·bound

// isIncomplete reports whether a type is one that only C allocates.
func isIncomplete(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		o := named.Obj()
		if o.Name() == "Incomplete" && o.Pkg() != nil && o.Pkg().Path() == "runtime/cgo" {
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if isIncomplete(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return isIncomplete(u.Elem())
	}
	return false
}

// enterStatic records which variables have such a type. Only var declares them, as at
// package level.
func (w *writer) enterStatic() {
	var decls []ast.Decl
	if w.cell.First != nil {
		decls = slices.Clone(w.cell.First.AST.Decls)
	}
	for _, stmt := range w.cell.Statements.Body().Body.List {
		if d, ok := stmt.(*ast.DeclStmt); ok {
			decls = append(decls, d.Decl)
		}
	}
	needsHeap := func(id *ast.Ident) bool {
		v, ok := w.Info.Defs[id].(*types.Var)
		return !ok || id.Name == "_" || !isIncomplete(v.Type())
	}
	for _, d := range decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			if spec, ok := spec.(*ast.ValueSpec); ok && !slices.ContainsFunc(spec.Names, needsHeap) {
				w.statics = append(w.statics, spec)
				for _, id := range spec.Names {
					w.static[id.Name] = true
				}
			}
		}
	}
}

// isStatic reports whether a var declaration is of such variables. The compiler rejects one
// that also declares others.
func (w *writer) isStatic(spec ast.Spec) bool {
	return w.static[spec.(*ast.ValueSpec).Names[0].Name]
}

// staticRoom returns the name of the package-level variable: its field before is in the
// slot until the declaration is reached, and after from then on.
func (w *writer) staticRoom(name string) string {
	return mark.Version(mark.Version(name, w.Unit), 0)
}

// staticRooms declares these variables. The padding keeps two fields of size zero from
// having the same address.
func (w *writer) staticRooms(b *strings.Builder, names *program.Writing) {
	for _, spec := range w.statics {
		for _, id := range spec.Names {
			if t := w.variables[w.Info.Defs[id]]; t != nil {
				of := names.Write(t.Head)
				fmt.Fprintf(b, "var %s struct {\n\tbefore %s\n\t_      byte\n\tafter  %s\n\t_      byte\n}\n", w.staticRoom(t.Name), of, of)
			}
		}
	}
}

// staticEdits returns the edits at the beginnings of declarations of such variables.
func (w *writer) staticEdits(f *cell.File, names *program.Writing) (edits []edit) {
	for _, spec := range w.statics {
		if !f.Has(spec.Pos()) || !w.isStatic(spec) {
			continue
		}
		var places []string
		var b strings.Builder
		for _, id := range spec.Names {
			t := w.variables[w.Info.Defs[id]]
			fmt.Fprintf(&b, "%s = &%s.after; ", t.Bound(), w.staticRoom(id.Name))
			places = append(places, names.Value(t))
		}
		end := spec.End()
		if len(spec.Values) > 0 {
			end = spec.Values[0].Pos()
			fmt.Fprintf(&b, "%s = ", strings.Join(places, ", "))
		}
		edits = append(edits, edit{f.Offset(spec.Pos()), f.Offset(end), b.String()})
	}
	return edits
}
