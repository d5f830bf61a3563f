package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"runtime"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// sizeLimit is how many bytes Go's linker has for a variable of a package. A cell's are on the
// heap; but the process, and all values with it, would end where there is no memory for one.
const sizeLimit = 2_000_000_000

var sizes = types.SizesFor("gc", runtime.GOARCH)

// noRoom returns the problems with variables of the cell's top that are too large, and with
// values that its statements make by new or as a composite literal.
func (c *Cell) noRoom() (problems cell.Problems) {
	check := func(n ast.Node, says string, t types.Type) {
		if size := sizes.Sizeof(t); size > sizeLimit {
			problems = append(problems, c.problem(types.Error{Pos: n.Pos(), Msg: fmt.Sprintf("%s too large (%d bytes > %d bytes)", says, size, sizeLimit)}))
		}
	}
	variables := map[*ast.Ident]bool{}
	note := func(ids []*ast.Ident) {
		for _, id := range ids {
			variables[id] = true
		}
	}
	look := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if v, ok := c.Info.Defs[n].(*types.Var); ok && variables[n] {
					check(n, "main."+n.Name+": symbol", v.Type())
				}
			case *ast.CompositeLit:
				if len(problems) > 0 { // that of the variable is enough
					return false
				}
				check(n, "the value is", c.Info.TypeOf(n))
				return false
			case *ast.CallExpr:
				if b, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && len(n.Args) == 1 {
					if o, ok := c.Info.Uses[b].(*types.Builtin); ok && o.Name() == "new" {
						check(n, "the value is", c.Info.TypeOf(n).(*types.Pointer).Elem())
					}
				}
			}
			return true
		})
	}
	for _, stmt := range c.Statements.Body().Body.List {
		note(cell.DeclaredAtTop(stmt))
	}
	look(c.Statements.AST)
	if c.First != nil {
		for _, d := range c.First.AST.Decls {
			for _, spec := range d.(*ast.GenDecl).Specs {
				note(spec.(*ast.ValueSpec).Names)
			}
		}
		look(c.First.AST)
	}
	return problems
}
