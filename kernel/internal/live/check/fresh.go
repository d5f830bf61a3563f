package check

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// freshOnes returns the variables that the statements declare and functions of the cell
// mention. For the functions they are declared as the session's.
func (c *Cell) freshOnes() []*Variable {
	names := map[string]bool{}
	for _, f := range c.Files[1:] {
		cell.EachMention(f.AST, func(id *ast.Ident) {
			if _, is := c.shadowed[id]; !is {
				names[id.Name] = true
			}
		})
	}
	var all []*Variable
	seen := map[string]bool{}
	for _, v := range c.Variables {
		if !v.First && v.Same == nil && names[v.Name] && !seen[v.Name] && !c.own[v.Name] && v.Type != types.Typ[types.Invalid] {
			seen[v.Name] = true
			if head, err := c.TypePiece(v.Type); err == nil { // functions cannot use a variable of unnamed local type
				v.head = head
				all = append(all, v)
			}
		}
	}
	return all
}

// freshObjects returns the names of these variables, by the object that functions refer to.
func (c *Cell) freshObjects() map[types.Object]string {
	all := map[types.Object]string{}
	for _, v := range c.Fresh {
		if o := c.Declared(v.Name); o != nil {
			all[o] = v.Name
		}
	}
	return all
}

// pointBack renames identifiers in the statements that mean variables of the session, where
// functions will mean the cell's own by the same name, and those that also mean packages.
// restore undoes it.
func (c *Cell) pointBack() (restore func()) {
	fresh := map[string]bool{}
	for _, v := range c.Fresh {
		fresh[v.Name] = true
	}
	was := renaming{}
	for _, f := range []*cell.File{c.Statements, c.First} {
		if f == nil {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || !fresh[id.Name] {
				return true
			}
			if t := c.Thing(c.Info.Uses[id]); t != nil {
				was.rename(id, t.OldName())
			} else if _, ok := c.Info.Uses[id].(*types.PkgName); ok {
				was.rename(id, packageMark+id.Name)
			}
			return true
		})
	}
	return was.restore
}

// early returns the problems with statements that use variables declared further down in
// the cell: functions can, as they are called later.
func (c *Cell) early() cell.Problems {
	known := c.freshObjects()
	var problems cell.Problems
	ast.Inspect(c.Statements.AST, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && known[c.Info.Uses[id]] != "" {
			problems = append(problems, c.problem(types.Error{Pos: id.Pos(), Msg: id.Name + " is used before the cell declares it"}))
		}
		return true
	})
	return problems
}
