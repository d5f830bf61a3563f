package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// The statements of a cell become a function. Its variables are the function's own, so that
// closures and goroutines hold them as in any function, and each is put into its slot as
// soon as it is declared:
//
//	x := f()            x := f(); x·slot = &x
//
// Variables of earlier cells are reached by pointers taken from their slots when the cell
// begins: what the cell leaves running goes on with the variables that it found, whatever
// is declared again later.

// run returns the function that runs the cell: declarations that are taken first, init
// functions, statements, main and tests.
func (w *writer) run() (string, error) {
	bound := map[*Thing]bool{}
	names := w.names()
	names.value = func(t *Thing) string {
		bound[t] = true
		return "(*" + t.bound() + ")"
	}
	first, err := w.firstOnes(names)
	if err != nil {
		return "", err
	}
	statements, err := w.statementText(names)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "func %s() {\n", w.runName())
	var pointers []*Thing
	for t := range bound {
		pointers = append(pointers, t)
	}
	slices.SortFunc(pointers, func(a, b *Thing) int { return strings.Compare(a.Symbol, b.Symbol) })
	for _, t := range pointers {
		fmt.Fprintf(&b, "\t%s := %s\n", t.bound(), t.slot())
	}
	b.WriteString(first)
	for _, init := range w.inits {
		fmt.Fprintf(&b, "\t%s()\n", init)
	}
	b.WriteString(lineDirective(w.Cell.Number, 1) + statements + "\n")
	b.WriteString("//line frame.go:1\n")
	for _, t := range w.made {
		if t.Name == "main" && t.Class == Function {
			fmt.Fprintf(&b, "\t%s()\n", t.Symbol)
		}
	}
	if w.Cell.Tests {
		fmt.Fprintf(&b, "\t%s.Test(%s)\n", w.alias(hostPackage), w.tests())
	}
	b.WriteString("}\n")
	return b.String(), nil
}

// runName is the name of the function that runs the cell: main, but for its marks.
func (w *writer) runName() string {
	return mark.Version(mark.Version("main", w.Cell.Unit), 0)
}

// firstOnes returns the declarations that are taken before the statements, in the order of
// Go's package level.
func (w *writer) firstOnes(names *writing) (string, error) {
	if w.first == nil {
		return "", nil
	}
	var specs []*ast.ValueSpec
	of := map[types.Object]*ast.ValueSpec{}
	for _, d := range w.first.AST.Decls {
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
	for _, d := range w.first.AST.Decls { // var _ = x is in no order that could be told
		for _, spec := range d.(*ast.GenDecl).Specs {
			if spec := spec.(*ast.ValueSpec); !slices.Contains(specs, spec) {
				specs = append(specs, spec)
			}
		}
	}
	edits := w.edits(w.first, names)
	var b strings.Builder
	for _, spec := range specs {
		from, to := w.first.Offset(spec.Pos()), w.first.Offset(spec.End())
		var within []edit
		for _, e := range edits {
			if from <= e.start && e.end <= to {
				within = append(within, edit{e.start - from, e.end - from, e.text})
			}
		}
		text, err := apply(w.first.Text[from:to], within)
		if err != nil {
			return "", err
		}
		line, _ := place(w.first.Text, from)
		fmt.Fprintf(&b, "%svar %s%s\n", lineDirective(w.Cell.Number, line), text, w.fill(spec.Names))
	}
	return b.String(), nil
}

// statementText returns the statements.
func (w *writer) statementText(names *writing) (string, error) {
	f := w.statements
	var edits []edit
	put := func(at token.Pos, text string) {
		edits = append(edits, edit{f.Offset(at), f.Offset(at), text})
	}
	for _, stmt := range f.Body().Body.List {
		ids := declaredAtTop(stmt)
		if g := group(stmt); g != nil && len(ids) > 0 { // each in its slot before the next is made
			edits = append(edits, edit{f.Offset(g.TokPos), f.Offset(g.TokPos) + len("var"), ""},
				edit{f.Offset(g.Lparen), f.Offset(g.Lparen) + 1, ""}, edit{f.Offset(g.Rparen), f.Offset(g.Rparen) + 1, ""})
			for _, spec := range g.Specs {
				put(spec.Pos(), "var ")
				put(spec.End(), w.fill(spec.(*ast.ValueSpec).Names))
			}
		} else if len(ids) > 0 {
			put(stmt.End(), w.fill(ids))
		}
	}
	if stmt, hidden := w.last(); stmt != nil && w.shows(stmt.X) {
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
	return apply(f.Text, append(edits, w.edits(f, names)...)) // what looks whether to stop comes behind ours
}

// group returns a declaration in brackets that a statement is, nil for others.
func group(stmt ast.Stmt) *ast.GenDecl {
	if d, ok := stmt.(*ast.DeclStmt); ok {
		if g, ok := d.Decl.(*ast.GenDecl); ok && g.Lparen.IsValid() {
			return g
		}
	}
	return nil
}

// fill returns what puts variables into their slots.
func (w *writer) fill(ids []*ast.Ident) string {
	var b strings.Builder
	for _, id := range ids {
		o := w.Info.Defs[id]
		for _, v := range w.variables {
			if v.object == o && o != nil {
				if v.thing != nil {
					fmt.Fprintf(&b, "; %s = &%s", v.thing.slot(), v.name)
				} else {
					fmt.Fprintf(&b, "; _ = %s", v.name)
				}
			}
		}
	}
	return b.String()
}
