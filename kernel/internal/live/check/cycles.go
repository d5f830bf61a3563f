package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// cycles returns the problems with declarations by var whose value depends on the variable
// itself, by way of functions of the cell. The type checker finds those of package level; but
// most of a cell's variables are declared among its statements.
func (c *Cell) cycles() cell.Problems {
	fresh := c.freshObjects()
	if len(fresh) == 0 {
		return nil
	}
	bodies := map[types.Object]*ast.BlockStmt{}
	for _, d := range c.Declarations.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			bodies[c.Info.Defs[f.Name]] = f.Body
		}
	}
	var problems cell.Problems
	for _, stmt := range c.Statements.Body().Body.List {
		d, ok := stmt.(*ast.DeclStmt)
		if !ok || d.Decl.(*ast.GenDecl).Tok != token.VAR {
			continue
		}
		for _, spec := range d.Decl.(*ast.GenDecl).Specs {
			v := spec.(*ast.ValueSpec)
			for i, id := range v.Names {
				if x := initial(v, i); x != nil && c.reaches(x, bodies, fresh)[id.Name] {
					problems = append(problems, c.problem(types.Error{Pos: id.Pos(), Msg: "initialization cycle for " + id.Name}))
				}
			}
		}
	}
	return problems
}

// initial returns what the i-th variable of a declaration begins with, nil if that is its zero.
func initial(v *ast.ValueSpec, i int) ast.Expr {
	switch len(v.Values) {
	case 0:
		return nil
	case 1:
		return v.Values[0]
	}
	return v.Values[i]
}

// reaches returns the variables that an expression depends on by way of functions.
func (c *Cell) reaches(x ast.Expr, bodies map[types.Object]*ast.BlockStmt, variables map[types.Object]string) map[string]bool {
	found, seen := map[string]bool{}, map[types.Object]bool{}
	var visit func(ast.Node)
	visit = func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := c.Info.Uses[id]
			if name, ok := variables[o]; ok {
				found[name] = true
			}
			if f, ok := o.(*types.Func); ok && !seen[f.Origin()] {
				seen[f.Origin()] = true
				if body := bodies[f.Origin()]; body != nil {
					visit(body)
				}
			}
			return true
		})
	}
	visit(x)
	return found
}
