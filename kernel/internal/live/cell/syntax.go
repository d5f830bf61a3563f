package cell

import (
	"go/ast"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Declares returns the names that a declaration adds to the scope of its package.
func Declares(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.Name != "_" {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					if id.Name != "_" {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// Receiver returns the name of the type that a method belongs to.
func Receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	return TypeName(f.Recv.List[0].Type)
}

// TypeName returns the name in a type T, *T or T[…], "" for other types.
func TypeName(t ast.Expr) string {
	if id := TypeIdent(t); id != nil {
		return id.Name
	}
	return ""
}

// TypeIdent returns the name in a type T, *T or T[…], nil for other types.
func TypeIdent(t ast.Expr) *ast.Ident {
	for {
		switch x := t.(type) {
		case *ast.ParenExpr:
			t = x.X
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x
		default:
			return nil
		}
	}
}

// Mentions adds the names in a node that could stand for things: all except those after a
// dot.
func Mentions(n ast.Node, names map[string]bool) {
	EachMention(n, func(id *ast.Ident) { names[id.Name] = true })
}

// EachMention calls f for each of the names that Mentions adds.
func EachMention(n ast.Node, f func(*ast.Ident)) {
	selected := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.Ident:
			if !selected[n] {
				f(n)
			}
		}
		return true
	})
}

// DeclaredAtTop returns the names that a statement declares.
func DeclaredAtTop(stmt ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		if stmt.Tok == token.DEFINE {
			for _, e := range stmt.Lhs {
				if id, ok := e.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		if g, ok := stmt.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				ids = append(ids, spec.(*ast.ValueSpec).Names...)
			}
		}
	case *ast.LabeledStmt:
		return DeclaredAtTop(stmt.Stmt)
	}
	return ids
}

// IsInit reports whether a function is one that GoNB turns into an init: init_ followed by
// a name. Unlike a func init, it has a name that others can call.
func IsInit(f *ast.FuncDecl) bool {
	return f.Recv == nil && len(f.Name.Name) > len("init_") && f.Name.Name[:len("init_")] == "init_" &&
		f.Type.TypeParams == nil && f.Type.Params.NumFields() == 0 && f.Type.Results == nil
}

// Qualifiers returns the names in a file that could be packages: those that nothing in the
// file declares in the scope where they stand. With each come the names selected from it.
func Qualifiers(f *ast.File) map[string]map[string]bool {
	used := map[string]map[string]bool{}
	open := map[*ast.Ident]bool{}
	for _, id := range f.Unresolved {
		open[id] = true
		if used[id.Name] == nil {
			used[id.Name] = map[string]bool{}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && open[x] && s.Sel.Name != Placeholder {
				used[x.Name][s.Sel.Name] = true
			}
		}
		return true
	})
	return used
}

// Group returns the bracketed declaration that a statement consists of, nil for other
// statements.
func Group(stmt ast.Stmt) *ast.GenDecl {
	if d, ok := stmt.(*ast.DeclStmt); ok {
		if g, ok := d.Decl.(*ast.GenDecl); ok && g.Lparen.IsValid() {
			return g
		}
	}
	return nil
}

// TestPrefix returns the prefix that makes a name the name of a test, benchmark, fuzz test
// or example, and "" for other names: no lower-case letter may follow it.
func TestPrefix(name string) string {
	for _, prefix := range testPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLower(r) {
				return prefix
			}
		}
	}
	return ""
}

var testPrefixes = []string{"Test", "Benchmark", "Fuzz", "Example"}
