package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// declared is where a name is declared.
type declared struct {
	*sourceFile
	path []ast.Node // from the file down to the name
}

// find finds where an object is declared; nil if its source is not to be had.
func (d *describer) find(o types.Object) *declared {
	if !o.Pos().IsValid() {
		return d.findVariable(o)
	}
	fset := d.fset
	if d.sketch != nil {
		if f := d.sketch.fileOf(o); f != nil {
			s := &sourceFile{fset: d.sketch.fset, text: d.sketch.cell.text, at: int(f.at - f.ast.FileStart), files: []*ast.File{f.ast}}
			return s.find(o.Name(), d.sketch.fset.PositionFor(o.Pos(), false).Line)
		}
	}
	at := fset.PositionFor(o.Pos(), false)
	var f *sourceFile
	if unit, ok := strings.CutPrefix(at.Filename, "cell/"); ok {
		n, err := strconv.Atoi(unit)
		if err != nil {
			return nil
		}
		f = d.cellFile(n)
	} else {
		f = d.base.file(at.Filename)
	}
	if f == nil {
		return nil
	}
	return f.find(o.Name(), at.Line)
}

// fileOf returns the file of the cell being typed that declares an object of a cell.
func (c *sketch) fileOf(o types.Object) *file {
	if !inCell(o) || o.Parent() == nil && o.Pkg() != c.pkg || o.Pkg() != c.pkg {
		return nil
	}
	for _, f := range c.cellFiles() {
		if f.has(o.Pos()) {
			return f
		}
	}
	return nil
}

// findVariable finds where a variable of the session is declared, of which the checker
// keeps no place.
func (d *describer) findVariable(o types.Object) *declared {
	e := d.Session.scope.entries[o.Name()]
	if e == nil || e.obj != o {
		return nil
	}
	if f := d.cellFile(e.cell); f != nil {
		return f.find(o.Name(), 0)
	}
	return nil
}

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
			if id, ok := n.(*ast.Ident); ok && id.Name == name && found == nil && (line == 0 || f.fset.PositionFor(id.Pos(), false).Line == line) && isDeclaring(path) {
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
