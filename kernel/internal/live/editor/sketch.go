package editor

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// question is one that is asked of a program.
type question struct {
	*Editor
	program *program.Program
}

// sketch is a cell that is being typed with what can be found out of it.
type sketch struct{ *check.Cell }

// sketch checks a cell, of which the chunk here is being typed; nil if nothing comes of it.
func (q *question) sketch(code string, chunks []cell.Chunk, here int) *sketch {
	c := check.Sketch(q.program, &cell.Source{Text: code, Chunks: chunks}, here)
	if c == nil {
		return nil
	}
	return &sketch{c}
}

// own returns the files that have the code of the cell itself.
func (c *sketch) own() []*cell.File { return []*cell.File{c.Statements, c.Declarations} }

// path returns the nodes that a place in the cell's text is in, the innermost last: the
// name that it is in or beside, and what that is part of.
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

// object returns what a name means, nil if that is not known.
func (c *sketch) object(id *ast.Ident) types.Object {
	if o := c.Info.Uses[id]; o != nil {
		return o
	}
	return c.Info.Defs[id]
}

// scopeAt returns the innermost scope at a place of the cell's text.
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

// shortly names a package in a type as a cell would.
func shortly(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}
