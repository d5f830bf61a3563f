package cell

import (
	"go/ast"
	"go/token"
)

// ParseVariables parses the statements of the cell that keep selects, which must all
// declare variables, as package-level declarations: x := 1 like var x = 1. All bytes stay
// where they are.
func (s *Source) ParseVariables(fset *token.FileSet, keep func(int, Chunk) bool) (*File, error) {
	f, err := s.Parse(fset, true, keep)
	if err != nil {
		return f, err
	}
	file := *f.AST
	file.Decls, file.Unresolved, file.Scope = nil, nil, ast.NewScope(nil)
	f.Short = map[ast.Spec]token.Pos{}
	for _, stmt := range f.Body().Body.List {
		for _, id := range DeclaredAtTop(stmt) {
			if id.Obj != nil {
				file.Scope.Insert(id.Obj)
			}
		}
		switch stmt := stmt.(type) {
		case *ast.DeclStmt:
			file.Decls = append(file.Decls, stmt.Decl)
		case *ast.AssignStmt:
			spec := &ast.ValueSpec{Names: DeclaredAtTop(stmt), Values: stmt.Rhs}
			f.Short[spec] = stmt.TokPos
			file.Decls = append(file.Decls, &ast.GenDecl{TokPos: stmt.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}})
		}
	}
	for _, id := range f.AST.Unresolved { // at package level, later declarations are visible too
		if id.Obj = file.Scope.Lookup(id.Name); id.Obj == nil {
			file.Unresolved = append(file.Unresolved, id)
		}
	}
	f.AST = &file
	return f, nil
}

// IsShort reports whether a statement is a declaration by := with only names on its left.
func IsShort(stmt ast.Stmt) bool {
	a, ok := stmt.(*ast.AssignStmt)
	return ok && a.Tok == token.DEFINE && len(DeclaredAtTop(stmt)) == len(a.Lhs)
}

// IsVar reports whether a statement is a declaration by var.
func IsVar(stmt ast.Stmt) bool {
	d, ok := stmt.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}
