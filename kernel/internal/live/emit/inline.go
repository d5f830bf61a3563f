package emit

import (
	"go/ast"
	"strings"
)

// inlineLimit is how many syntax nodes a function may have to be repeated with its body.
// The compiler can then inline it, as within one package, and sees which arguments stay on
// the stack. It inlines up to a cost of 80, which is about as much.
const inlineLimit = 60

// inlines reports whether later cells repeat a function with its body: it is small, and
// several copies of it behave like one.
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

// mayInline reports whether the compiler may inline a function where it sees the body. The
// compiler counts its own nodes, of which there can be a quarter as many as syntax nodes,
// and never inlines a function that itself has one of these statements.
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

// size returns the number of syntax nodes in a node.
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
