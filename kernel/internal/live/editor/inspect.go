package editor

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Inspection describes a name: its declaration, its origin, its documentation, and its
// methods.
type Inspection struct {
	Text     string
	Markdown string
}

// Inspect describes the name at the byte at cursor, or else the function or type of the
// call whose arguments contain the cursor. If detail is above 0, the source is included,
// and the complete documentation of a package. ok is false if nothing is known.
//
// The cell may be incomplete. Nothing is run, and the session does not change. Source files
// are read on first use.
func (e *Editor) Inspect(p *program.Program, code string, cursor, detail int) (i Inspection, ok bool) {
	defer func() {
		if recover() != nil { // the checker expects code that parses
			i, ok = Inspection{}, false
		}
	}()
	return (&question{Editor: e, program: p}).inspect(findCursor(code, cursor), detail)
}

func (s *question) inspect(c cursor, detail int) (Inspection, bool) {
	d := &describer{question: s, detail: detail}
	switch {
	case c.region == inImport:
		d.importPath(c.code[c.start:c.end])
	case c.region == inText:
		d.call(&c)
	case c.start < c.end:
		if d.name(&c); !d.found() {
			d.call(&c)
		}
	default:
		d.call(&c)
	}
	if !d.found() {
		return Inspection{}, false
	}
	return Inspection{Text: d.text(), Markdown: d.markdown()}, true
}

// name describes the name at a cursor.
func (d *describer) name(c *cursor) {
	code, all, here := c.code, cell.Chunks(c.code, cell.Lex(c.code), cell.BeginsLine(c.code)), -1
	for i, k := range all {
		if k.Start <= c.start && c.end <= k.End && cell.Parses(code[k.Start:k.End], k.Kind) {
			here = i
		}
	}
	if here < 0 {
		code, all, here = c.repaired(c.code[c.start:c.end])
	}
	d.sketch = d.question.sketch(code, all, here)
	if d.sketch == nil {
		return
	}
	if path := d.sketch.path(c.start); path != nil {
		id := path[len(path)-1].(*ast.Ident)
		if sel, ok := path[max(0, len(path)-2)].(*ast.SelectorExpr); ok && sel.Sel == id {
			d.expression(sel)
		} else {
			d.expression(id)
		}
		return
	}
	d.unseen(c)
}

// unseen describes a name that the checker has not resolved: one of Go's own, or a package.
func (d *describer) unseen(c *cursor) {
	if name := c.code[c.start:c.end]; !c.isMember() && token.IsIdentifier(name) {
		d.unknown(name)
	}
}

// call describes the function or type that the innermost call around a cursor calls.
func (d *describer) call(c *cursor) {
	if c.region == inText {
		tok, at := lastToken(c.code[:c.at])
		if tok == token.COMMENT {
			return
		}
		c.start, c.end = at, at
		c.before = cell.Lex(c.code[:at])
	}
	name, of := cell.Placeholder, 0
	if n := len(c.before); c.start == c.end && n > 0 && c.before[n-1].Tok == token.RPAREN && c.before[n-1].End == c.start {
		name, of = "."+cell.Placeholder, 1 // behind the call
	} else if n > 0 && c.before[n-1].Tok == token.PERIOD {
		name = cell.Placeholder
	}
	code, all, here := c.repaired(name)
	d.sketch = d.question.sketch(code, all, here)
	if d.sketch == nil {
		return
	}
	path := d.sketch.path(c.start + of)
	for i := len(path) - 2; i >= 0; i-- {
		switch n := path[i].(type) {
		case *ast.SelectorExpr:
			if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok && of > 0 && n.Sel == path[len(path)-1] {
				d.expression(call.Fun)
				return
			}
		case *ast.CallExpr:
			if n.Lparen < path[len(path)-1].Pos() {
				d.expression(n.Fun)
				return
			}
		case *ast.CompositeLit:
			if n.Type != nil && n.Lbrace < path[len(path)-1].Pos() {
				d.expression(n.Type)
				return
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return
		}
	}
}

// expression describes the object that an expression stands for.
func (d *describer) expression(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		if o := d.sketch.object(x); o != nil {
			d.object(o)
		} else if x.Name != cell.Placeholder {
			d.unknown(x.Name)
		}
	case *ast.SelectorExpr:
		if o := d.sketch.object(x.Sel); o != nil {
			d.object(o)
		} else if o := d.ofType(x); o != nil {
			d.object(o)
		}
	case *ast.IndexExpr:
		d.expression(x.X)
	case *ast.IndexListExpr:
		d.expression(x.X)
	case *ast.StarExpr:
		d.expression(x.X)
	default:
		if tv := d.sketch.Info.Types[x]; tv.Type != nil {
			d.declaration = types.TypeString(tv.Type, shortly)
		}
	}
}

// ofType returns the method or field of a type that a selector names where Go allows no
// such expression: a method of the pointer type, or a field.
func (d *describer) ofType(x *ast.SelectorExpr) types.Object {
	tv := d.sketch.Info.Types[x.X]
	if tv.Type == nil || !tv.IsType() {
		return nil
	}
	o, _, _ := types.LookupFieldOrMethod(tv.Type, true, d.sketch.Package, x.Sel.Name)
	return o
}

// unknown describes a name without a meaning in the cell: a package that would be imported.
func (d *describer) unknown(name string) {
	path := d.sketch.Imports.Resolve(name, map[string]bool{})
	if path == "" {
		return
	}
	d.importPath(path)
}

// importPath describes a package.
func (d *describer) importPath(path string) {
	if pkg, err := d.program.Imports.Import(strings.TrimSpace(path)); err == nil {
		d.packageOf(pkg)
	}
}
