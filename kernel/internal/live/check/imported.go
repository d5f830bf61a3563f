package check

import (
	"go/ast"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// A cell may give a name to another package. Later declarations use that one, even if the
// same text exists already; earlier declarations keep their own package, even if they are
// compiled again.

// resolve returns the import path for a name that a file uses as a package. What is
// compiled again keeps the packages that it was written with.
func (c *Cell) resolve(f *cell.File, name string, members map[string]bool) string {
	if d := c.before[f]; d != nil && d.Packages[name] != "" {
		return d.Packages[name]
	}
	return c.Imports.Resolve(name, members)
}

// keepPackages gives unique names to the packages that a declaration was written with when
// it is compiled again: their own names may mean something else by now.
func (c *Cell) keepPackages(f *cell.File, d *program.Declaration) {
	open := map[*ast.Ident]bool{}
	for _, id := range f.AST.Unresolved {
		open[id] = true
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && open[id] && d.Packages[id.Name] != "" {
				c.Written[id] = id.Name
				id.Name = packageMark + id.Name
			}
		}
		return true
	})
}

// importsStand reports whether the names of packages and of dot imports in a declaration
// would mean the same if it were declared now. A package that no cell has imported remains
// the one that was found.
func (c *Cell) importsStand(d *program.Declaration) bool {
	for name, path := range d.Packages {
		if now := c.Imports.Named()[name]; now != "" && now != path || !c.Named[name] && c.meansThing(name) {
			return false
		}
	}
	if len(d.Dots) == 0 {
		return true
	}
	for name, path := range d.Dots {
		if c.byDot[name] != path || c.isHeld(name) {
			return false
		}
	}
	return true
}

// meansThing reports whether a name means something that an earlier cell or this one
// declares.
func (c *Cell) meansThing(name string) bool {
	return c.own[name] || c.declaresAtTop(name) || c.Program.Lookup(name) != nil
}
