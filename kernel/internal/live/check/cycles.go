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
	fresh := map[types.Object]string{}
	for _, v := range c.Fresh {
		if o := c.Package.Scope().Lookup(v.Name); o != nil {
			fresh[o] = v.Name
		}
	}
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
			for i, id := range spec.(*ast.ValueSpec).Names {
				for j, value := range spec.(*ast.ValueSpec).Values {
					if (i == j || len(spec.(*ast.ValueSpec).Values) == 1) && c.reaches(value, bodies, fresh)[id.Name] {
						problems = append(problems, c.problem(types.Error{Pos: id.Pos(), Msg: "initialization cycle for " + id.Name}))
					}
				}
			}
		}
	}
	return problems
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
