package emit

import (
	"go/ast"
	"strings"
)

// inlineLimit is how many nodes of syntax a function may have to be repeated with its body.
// The compiler can inline it then, as within one package, and sees which arguments stay on
// the stack. It inlines up to a cost of 80, which is about as much.
const inlineLimit = 60

// inlines tells whether later cells repeat a function with its body: a small one, of which
// it makes no difference that there are several copies.
func inlines(d *ast.FuncDecl) bool {
	if d.Body == nil || d.Doc != nil && strings.Contains(commentText(d.Doc), "//go:") {
		return false
	}
	n, plain := 0, true
	ast.Inspect(d.Body, func(node ast.Node) bool {
		n++
		switch x := node.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt, *ast.SelectStmt, *ast.LabeledStmt, *ast.DeclStmt:
			plain = false
		case *ast.Ident:
			plain = plain && x.Name != "recover"
		}
		return plain && n <= inlineLimit
	})
	return plain && n <= inlineLimit
}

// mayInline tells whether the compiler may inline a function where it has its body. It counts
// what it makes of the syntax, which can be a fourth of that, and takes none that has one of
// these statements itself.
func mayInline(d *ast.FuncDecl) bool {
	if d.Body == nil {
		return false
	}
	n, never := 0, false
	ast.Inspect(d.Body, func(node ast.Node) bool {
		n++
		switch node.(type) {
		case *ast.DeferStmt, *ast.GoStmt, *ast.SelectStmt:
			never = true
		case *ast.FuncLit:
			n += size(node)
			return false
		}
		return true
	})
	return !never && n <= 4*inlineLimit
}

// size returns how many nodes of syntax there are in one.
func size(node ast.Node) (n int) {
	ast.Inspect(node, func(ast.Node) bool {
		n++
		return true
	})
	return n
}

func commentText(g *ast.CommentGroup) string {
	var b strings.Builder
	for _, c := range g.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}
