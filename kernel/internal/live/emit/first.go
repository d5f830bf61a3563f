package emit

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// firstOnes returns the declarations that are taken before the statements, in the order of
// Go's package level.
func (w *writer) firstOnes(names *program.Writing) (string, error) {
	if w.cell.First == nil {
		return "", nil
	}
	var specs []*ast.ValueSpec
	of := map[types.Object]*ast.ValueSpec{}
	for _, d := range w.cell.First.AST.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			spec := spec.(*ast.ValueSpec)
			for _, id := range spec.Names {
				of[w.Info.Defs[id]] = spec
			}
			if len(spec.Values) == 0 {
				specs = append(specs, spec)
			}
		}
	}
	for _, init := range w.Info.InitOrder {
		for _, v := range init.Lhs {
			if spec := of[v]; spec != nil {
				specs = slices.DeleteFunc(specs, func(s *ast.ValueSpec) bool { return s == spec })
				specs = append(specs, spec)
			}
		}
	}
	for _, d := range w.cell.First.AST.Decls { // var _ = x is in no order that could be told
		for _, spec := range d.(*ast.GenDecl).Specs {
			if spec := spec.(*ast.ValueSpec); !slices.Contains(specs, spec) {
				specs = append(specs, spec)
			}
		}
	}
	edits := w.edits(w.cell.First, names)
	var b strings.Builder
	for _, spec := range specs {
		from, to := w.cell.First.Offset(spec.Pos()), w.cell.First.Offset(spec.End())
		var within []edit
		for _, e := range edits {
			if from <= e.start && e.end <= to {
				within = append(within, edit{e.start - from, e.end - from, e.text})
			}
		}
		text, err := apply(w.cell.First.Text[from:to], within)
		if err != nil {
			return "", err
		}
		if _, short := w.cell.First.Short[spec]; !short && !w.isStatic(spec) {
			text = "var " + text
		}
		line, _ := cell.Place(w.cell.First.Text, from)
		fmt.Fprintf(&b, "%s%s%s\n", lineDirective(w.cell.Source.Number, line), text, w.fill(spec.Names))
	}
	return b.String(), nil
}
