package editor

import (
	"go/ast"
	"go/token"
	"slices"
)

// declared is the place where a name is declared.
type declared struct {
	*sourceFile
	path []ast.Node // from the file to the name
}

// find finds the declaration of a name on a line, on any line if line is 0.
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

// isDeclaring reports whether a path ends in a name at the place where it is declared.
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
