package emit

import (
	"errors"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// firstOnes returns the declarations that are moved before the statements, in the
// initialization order of Go's package level.
func (w *writer) firstOnes(names *program.Writing) (string, error) {
	if w.cell.First == nil {
		return "", nil
	}
	var all, ordered []*initial
	of := map[types.Object]*initial{}
	for _, d := range w.cell.First.AST.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			for _, i := range w.initials(spec.(*ast.ValueSpec)) {
				all = append(all, i)
				for _, id := range i.names {
					of[w.Info.Defs[id]] = i
				}
				if len(i.spec.Values) == 0 {
					ordered = append(ordered, i)
				}
			}
		}
	}
	for _, init := range w.Info.InitOrder {
		for _, v := range init.Lhs {
			if i := of[v]; i != nil {
				ordered = append(slices.DeleteFunc(ordered, func(o *initial) bool { return o == i }), i)
			}
		}
	}
	for _, i := range all { // var _ = x has no object by which InitOrder could be matched
		if !slices.Contains(ordered, i) {
			ordered = append(ordered, i)
		}
	}
	edits := w.edits(w.cell.First, names)
	var b strings.Builder
	for _, i := range ordered {
		if err := w.writeInitial(&b, i, edits); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// initial is a declaration, or the variables of var a, b = 1, 2 that are initialized
// together: Go's initialization order is one of values, and each may need others in its
// declaration.
type initial struct {
	spec  *ast.ValueSpec
	names []*ast.Ident
	value ast.Expr // of a part of the declaration; nil for all of it
}

// initials returns the initials of a declaration.
func (w *writer) initials(spec *ast.ValueSpec) (all []*initial) {
	if len(spec.Names) == 1 || len(spec.Names) != len(spec.Values) || w.isStatic(spec) {
		return []*initial{{spec: spec, names: spec.Names}}
	}
	for i := range spec.Names {
		all = append(all, &initial{spec, spec.Names[i : i+1], spec.Values[i]})
	}
	return all
}

// writeInitial writes an initial, and the code that puts its variables into their slots.
func (w *writer) writeInitial(b *strings.Builder, i *initial, edits []edit) error {
	f := w.cell.First
	write := func(before string, n ast.Node) error {
		from, to := f.Offset(n.Pos()), f.Offset(n.End())
		var within []edit
		for _, e := range edits {
			if from <= e.start && e.end <= to {
				within = append(within, edit{e.start - from, e.end - from, e.text})
			}
		}
		text, err := apply(f.Text[from:to], within)
		b.WriteString(before + text)
		return err
	}
	at := func(n ast.Node) string {
		line, _ := cell.Place(f.Text, f.Offset(n.Pos()))
		return lineDirective(w.cell.Source.Number, line)
	}
	var err error
	_, short := f.Short[i.spec]
	switch {
	case i.value == nil && (short || w.isStatic(i.spec)):
		err = write(at(i.spec), i.spec)
	case i.value == nil:
		err = write(at(i.spec)+"var ", i.spec)
	default:
		err = write(at(i.names[0])+"var ", i.names[0])
		if i.spec.Type != nil {
			err = errors.Join(err, write(" ", i.spec.Type))
		}
		err = errors.Join(err, write(" =\n"+at(i.value), i.value))
	}
	b.WriteString(w.fill(i.names) + "\n")
	return err
}
