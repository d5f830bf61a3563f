package editor

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
)

// describer collects what is known about a name.
type describer struct {
	*question
	sketch *sketch // of the cell being typed
	detail int

	declaration string // Go code
	from        string // package or cell
	comment     string // as in the source, without comment marks
	others      []section
}

// section is Go code under a heading.
type section struct{ title, code string }

func (d *describer) found() bool { return d.declaration != "" }

// fromSource adds what the source says of an object.
func (d *describer) fromSource(at *declared, o types.Object) {
	for i := len(at.path) - 2; i >= 0; i-- {
		switch n := at.path[i].(type) {
		case *ast.FuncDecl:
			if _, ok := o.(*types.Func); !ok {
				return // a local of the function
			}
			short := *n
			short.Doc, short.Body = nil, nil
			d.declaration = at.print(&short)
			d.take(at, n, n.Doc)
			return
		case *ast.Field:
			if f, ok := o.(*types.Func); ok { // an interface's method
				d.declaration = signature(f)
			}
			d.take(at, n, n.Doc, n.Comment)
			return
		case *ast.TypeSpec:
			short := *n
			short.Doc, short.Comment = nil, nil
			if !names.InCell(o) {
				short.Type = exported(n.Type)
			}
			d.declaration = at.print(&ast.GenDecl{Tok: token.TYPE, TokPos: n.Pos(), Specs: []ast.Spec{&short}})
			var node ast.Node = n
			group := outer(at.path[:i])
			if len(group.Specs) == 1 {
				node = group
			}
			d.take(at, node, n.Doc, group.Doc, n.Comment)
			return
		case *ast.ValueSpec:
			group := outer(at.path[:i])
			d.take(at, n, n.Doc, n.Comment, group.Doc)
			return
		case *ast.AssignStmt:
			d.take(at, n)
			return
		}
	}
}

// outer returns the declaration that contains a spec.
func outer(path []ast.Node) *ast.GenDecl {
	if len(path) > 0 {
		if g, ok := path[len(path)-1].(*ast.GenDecl); ok {
			return g
		}
	}
	return &ast.GenDecl{}
}

// take adds the first comment that is not nil, and the source if it was asked for.
func (d *describer) take(at *declared, n ast.Node, comments ...*ast.CommentGroup) {
	for _, c := range comments {
		if d.comment == "" {
			d.comment = c.Text()
		}
	}
	if d.detail > 0 {
		d.others = append(d.others, section{"Source", withoutPlaceholder.Replace(at.source(n))})
	}
}

// signature returns a function's declaration without the body.
func signature(f *types.Func) string {
	s := "func "
	if r := f.Signature().Recv(); r != nil && !types.IsInterface(r.Type()) {
		s += "(" + r.Name() + strings.Repeat(" ", min(1, len(r.Name()))) + types.TypeString(r.Type(), func(*types.Package) string { return "" }) + ") "
	}
	return s + f.Name() + strings.TrimPrefix(types.TypeString(f.Type(), shortly), "func")
}
