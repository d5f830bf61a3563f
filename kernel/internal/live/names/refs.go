package names

import (
	"go/ast"
	"go/types"
	"sort"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Refs returns the names in a file of the cell that may have to be written differently in
// compiled cells, in order, together with the insertions in the file. Objects in locals
// keep their names: variables of the cell among its statements.
func (m *Meaning) Refs(f *cell.File, locals map[types.Object]bool, insertions []guard.Insertion) []program.Ref {
	var all []program.Ref
	selected := map[*ast.Ident]bool{}
	add := func(id *ast.Ident, r program.Ref) {
		r.From, r.To = f.Offset(id.Pos()), f.Offset(id.Pos())+len(id.Name)
		if was, ok := m.Written[id]; ok {
			r.To = r.From + len(was)
		}
		all = append(all, r)
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.Ident:
			o := m.Info.Uses[n]
			if o == nil {
				o = m.Info.Defs[n]
			}
			if o == nil || n.Name == "_" || locals[o] {
				break
			}
			if r, ok := m.ref(o, selected[n]); ok {
				add(n, r)
			}
		}
		return true
	})
	for _, i := range insertions {
		if f.Has(i.At) {
			all = append(all, program.Ref{From: f.Offset(i.At), To: f.Offset(i.At), Text: i.Text, Check: true})
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.From < b.From || a.From == b.From && a.To == a.From && b.To > b.From // insertions go first
	})
	return all
}

// ref returns how a name with a meaning may have to be written; false if it stays as it is.
func (m *Meaning) ref(o types.Object, selected bool) (program.Ref, bool) {
	o = origin(o)
	switch o := o.(type) {
	case *types.PkgName:
		return program.Ref{Path: o.Imported().Path()}, true
	case *types.Label:
		return program.Ref{}, false
	case *types.Func:
		if o.Signature().Recv() != nil {
			return program.Ref{}, false
		}
	case *types.Var:
		if o.IsField() {
			t := m.Things[fieldType(o)]
			return program.Ref{Thing: t, Name: true}, t != nil && InCell(o)
		}
	}
	if t := m.Things[o]; t != nil {
		return program.Ref{Thing: t}, true
	}
	if t, ok := o.(*types.TypeName); ok {
		switch {
		case o.Pkg() == nil:
			return program.Ref{Builtin: o.Name()}, true
		case o.Pkg() == m.Package && o.Parent() == m.Package.Scope():
			return program.Ref{Text: o.Name()}, true // the cell's own, for which there is no thing yet
		case m.isLocal(t):
			return program.Ref{Text: mark.Version(o.Name(), m.Unit)}, true
		}
	}
	if !selected && o.Pkg() != nil && o.Pkg() != m.Package && o.Parent() == o.Pkg().Scope() {
		return program.Ref{Path: o.Pkg().Path(), Member: o.Name()}, true
	}
	return program.Ref{}, false
}

// isLocal reports whether a type is declared in a function of the cell. Cells are one
// package, in which functions of different cells may have types with the same name.
func (m *Meaning) isLocal(o *types.TypeName) bool {
	if _, ok := o.Type().(*types.TypeParam); ok {
		return false
	}
	return o.Pkg() == m.Package && o.Parent() != m.Package.Scope()
}

// fieldType returns the object of the type that gives an embedded field its name.
func fieldType(o *types.Var) types.Object {
	if !o.Embedded() {
		return nil
	}
	t := o.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj()
	case *types.Named:
		return t.Origin().Obj()
	}
	return nil
}
