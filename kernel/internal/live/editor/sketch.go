package editor

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// question is a question about a program.
type question struct {
	*Editor
	program *program.Program
}

// sketch is a cell that is being typed, with what can be found out about it.
type sketch struct{ *check.Cell }

// sketch checks a cell in which the chunk here is being typed; nil if that fails.
func (q *question) sketch(code string, chunks []cell.Chunk, here int) *sketch {
	c := check.Sketch(q.program, &cell.Source{Text: code, Chunks: chunks}, here)
	if c == nil {
		return nil
	}
	return &sketch{c}
}

// own returns the files with the cell's own code.
func (c *sketch) own() []*cell.File { return []*cell.File{c.Statements, c.Declarations} }

// path returns the nodes that contain a place in the cell's text, the innermost last: the
// name at or beside it, and what that is part of.
func (c *sketch) path(offset int) []ast.Node {
	for _, f := range c.own() {
		pos := f.At + token.Pos(offset)
		var path, found []ast.Node
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if n == nil {
				path = path[:len(path)-1]
				return false
			}
			path = append(path, n)
			if id, ok := n.(*ast.Ident); ok && id.Pos() <= pos && pos <= id.End() && found == nil {
				found = append(found, path...)
			}
			return true
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// object returns the object that a name stands for, nil if it is unknown.
func (c *sketch) object(id *ast.Ident) types.Object {
	if o := c.Info.Uses[id]; o != nil {
		return o
	}
	return c.Info.Defs[id]
}

// scopeAt returns the innermost scope at a place in the cell's text.
func (c *sketch) scopeAt(offset int, statement bool) (*types.Scope, token.Pos) {
	f := c.Declarations
	if statement {
		f = c.Statements
	}
	pos := f.At + token.Pos(offset)
	if inner := c.Package.Scope().Innermost(pos); inner != nil {
		return inner, pos
	}
	return c.Package.Scope(), pos
}

// shortly qualifies a type's name with its package as a cell would.
func shortly(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}
