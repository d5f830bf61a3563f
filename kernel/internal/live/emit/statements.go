package emit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// statementText returns the code of the statements.
func (w *writer) statementText(names *program.Writing) (string, error) {
	f := w.cell.Statements
	var edits []edit
	put := func(at token.Pos, text string) {
		edits = append(edits, edit{f.Offset(at), f.Offset(at), text})
	}
	for _, stmt := range f.Body().Body.List {
		ids := cell.DeclaredAtTop(stmt)
		if g := cell.Group(stmt); g != nil && len(ids) > 0 { // each goes into its slot before the next is created
			edits = append(edits, edit{f.Offset(g.TokPos), f.Offset(g.TokPos) + len("var"), ""},
				edit{f.Offset(g.Lparen), f.Offset(g.Lparen) + 1, ""}, edit{f.Offset(g.Rparen), f.Offset(g.Rparen) + 1, ""})
			for _, spec := range g.Specs {
				if !w.isStatic(spec) {
					put(spec.Pos(), "var ")
				}
				put(spec.End(), w.fill(spec.(*ast.ValueSpec).Names))
			}
		} else if len(ids) > 0 {
			if d, ok := stmt.(*ast.DeclStmt); ok && w.isStatic(d.Decl.(*ast.GenDecl).Specs[0]) {
				edits = append(edits, edit{f.Offset(d.Pos()), f.Offset(d.Pos()) + len("var"), ""})
			}
			put(stmt.End(), w.fill(ids))
		}
	}
	if stmt, hidden := w.cell.Last(); stmt != nil && w.shows(stmt.X) {
		_, called := ast.Unparen(stmt.X).(*ast.CallExpr)
		switch {
		case hidden && called:
		case hidden:
			put(stmt.Pos(), "_ = ")
		case called && types.Identical(w.Info.Types[stmt.X].Type, types.Universe.Lookup("error").Type()):
			put(stmt.Pos(), w.alias(hostPackage)+".ShowError(")
			put(stmt.End(), ")")
		default:
			put(stmt.Pos(), w.alias(hostPackage)+".Show(")
			put(stmt.End(), ")")
		}
	}
	return apply(f.Text, append(edits, w.edits(f, names)...)) // checks for a stop go after our code
}

// fill returns the code that puts variables into their slots.
func (w *writer) fill(ids []*ast.Ident) string {
	var b strings.Builder
	for _, id := range ids {
		o := w.Info.Defs[id]
		t, declared := w.variables[o]
		switch {
		case !declared:
		case t != nil && w.static[o.Name()]:
			fmt.Fprintf(&b, "; %s = %s", t.Slot(), t.Bound())
		case t != nil:
			fmt.Fprintf(&b, "; %s = &%s", t.Slot(), id.Name)
		default:
			fmt.Fprintf(&b, "; _ = %s", id.Name)
		}
	}
	return b.String()
}
