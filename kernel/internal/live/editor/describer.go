package editor

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
)

// describer gathers what is known of a name.
type describer struct {
	*question
	sketch *sketch // of the cell being typed
	detail int

	declaration string // Go
	from        string // package or cell
	comment     string // as in the source, without its marks
	others      []section
}

// section is Go code under a heading.
type section struct{ title, code string }

func (d *describer) found() bool { return d.declaration != "" }

// fromSource takes what the source of an object says.
func (d *describer) fromSource(at *declared, o types.Object) {
	for i := len(at.path) - 2; i >= 0; i-- {
		switch n := at.path[i].(type) {
		case *ast.FuncDecl:
			if _, ok := o.(*types.Func); !ok {
				return // of its own
			}
			short := *n
			short.Doc, short.Body = nil, nil
			d.declaration = at.print(&short)
			d.take(at, n, n.Doc)
			return
		case *ast.Field:
			if f, ok := o.(*types.Func); ok { // of an interface
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

// outer returns the declaration that a spec is of.
func outer(path []ast.Node) *ast.GenDecl {
	if len(path) > 0 {
		if g, ok := path[len(path)-1].(*ast.GenDecl); ok {
			return g
		}
	}
	return &ast.GenDecl{}
}

// take takes the first comment that there is, and the source if it is wanted.
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

// signature returns a function's declaration without its body.
func signature(f *types.Func) string {
	s := "func "
	if r := f.Signature().Recv(); r != nil && !types.IsInterface(r.Type()) {
		s += "(" + r.Name() + strings.Repeat(" ", min(1, len(r.Name()))) + types.TypeString(r.Type(), func(*types.Package) string { return "" }) + ") "
	}
	return s + f.Name() + strings.TrimPrefix(types.TypeString(f.Type(), shortly), "func")
}
