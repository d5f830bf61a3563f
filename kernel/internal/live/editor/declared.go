package editor

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// declared is where a name is declared.
type declared struct {
	*sourceFile
	path []ast.Node // from the file down to the name
}

// find finds where an object is declared; nil if its source is not to be had.
func (d *describer) find(o types.Object) *declared {
	if t := d.thing(o); t != nil {
		return d.cellFile(t.Source).find(o.Name(), 0)
	}
	if !o.Pos().IsValid() {
		return nil
	}
	if inCell(o) {
		if d.sketch == nil {
			return nil
		}
		src, line := d.sketch.SourceAt(o.Pos())
		if src == nil {
			return nil
		}
		return d.cellFile(src).find(o.Name(), line)
	}
	at := d.program.Position(o.Pos())
	f := d.file(at.Filename)
	if f == nil {
		return nil
	}
	return f.find(o.Name(), at.Line)
}

// thing returns which thing of an earlier cell an object is, nil if it is none.
func (d *describer) thing(o types.Object) *program.Thing {
	if d.sketch == nil {
		return nil
	}
	return d.sketch.Thing(o)
}

// inCell tells whether an object is of the cells' package.
func inCell(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == "main" }

// find finds where a name is declared on a line, on any if it is 0.
func (f *sourceFile) find(name string, line int) *declared {
	for _, file := range f.files {
		var path, found []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				path = path[:len(path)-1]
				return false
			}
			path = append(path, n)
			if id, ok := n.(*ast.Ident); ok && id.Name == name && found == nil && (line == 0 || f.line(id.Pos()) == line) && isDeclaring(path) {
				found = slices.Clone(path)
			}
			return true
		})
		if found != nil {
			return &declared{f, found}
		}
	}
	return nil
}

// isDeclaring tells whether the last node of a path is a name where it is declared.
func isDeclaring(path []ast.Node) bool {
	if len(path) < 2 {
		return false
	}
	id := path[len(path)-1].(*ast.Ident)
	switch n := path[len(path)-2].(type) {
	case *ast.FuncDecl:
		return n.Name == id
	case *ast.TypeSpec:
		return n.Name == id
	case *ast.ValueSpec:
		return slices.Contains(n.Names, id)
	case *ast.Field:
		return slices.Contains(n.Names, id) || len(n.Names) == 0
	case *ast.StarExpr, *ast.SelectorExpr, *ast.IndexExpr: // embedded
		if len(path) >= 3 {
			f, ok := path[len(path)-3].(*ast.Field)
			return ok && len(f.Names) == 0
		}
	case *ast.AssignStmt:
		return n.Tok == token.DEFINE && slices.Contains(n.Lhs, ast.Expr(id))
	}
	return false
}
