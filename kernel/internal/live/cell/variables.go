package cell

import (
	"go/ast"
	"go/token"
)

// ParseVariables parses those statements of the cell that keep picks, which all declare
// variables, as declarations of a package: x := 1 as var x = 1 is. Every byte stays where it
// is.
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
	for _, id := range f.AST.Unresolved { // in a package, what is declared below is known
		if id.Obj = file.Scope.Lookup(id.Name); id.Obj == nil {
			file.Unresolved = append(file.Unresolved, id)
		}
	}
	f.AST = &file
	return f, nil
}

// IsShort tells whether a statement is a declaration by :=, of nothing but names.
func IsShort(stmt ast.Stmt) bool {
	a, ok := stmt.(*ast.AssignStmt)
	return ok && a.Tok == token.DEFINE && len(DeclaredAtTop(stmt)) == len(a.Lhs)
}

// IsVar tells whether a statement is a declaration by var.
func IsVar(stmt ast.Stmt) bool {
	d, ok := stmt.(*ast.DeclStmt)
	return ok && d.Decl.(*ast.GenDecl).Tok == token.VAR
}
