package check

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// nameGiven renames the identifiers that mean such variables and constants to the checker's
// names for them. restore undoes it.
func (c *Cell) nameGiven() (restore func()) {
	was := renaming{}
	for _, f := range c.Files {
		keys := literalKeys(f.AST)
		for _, id := range slices.Concat(outerNames(f.AST), declaredNames(f.AST)) {
			if to := c.valueName(f, id); to != "" && keys[id] == nil {
				was.rename(id, to)
			}
		}
		for id := range keys {
			if to := c.valueName(f, id); to != "" && c.valueKeys[id] {
				was.rename(id, to)
			}
		}
		for _, id := range c.besideVariable(f) {
			was.rename(id, packageMark+id.Name)
		}
	}
	return was.restore
}

// valueName returns the checker's name for the variable or constant that an identifier in a
// file means; "" if it means none, or has that name already.
func (c *Cell) valueName(f *cell.File, id *ast.Ident) string {
	if _, is := c.shadowed[id]; is || !c.isGiven(id.Name) {
		return ""
	}
	old := c.Program.Lookup(id.Name)
	switch {
	case c.own[id.Name], c.againThing(id.Name) != nil, f != c.Statements && c.isFresh(id.Name):
		if to := c.packageName(id.Name); to != id.Name {
			return to
		}
	case !c.Named[id.Name] && old != nil && old.IsValue():
		return old.OldName()
	}
	return ""
}

// findValueKeys records the keys in literals that mean such variables and constants because
// the literal is not a struct's. It reports whether there were any.
func (c *Cell) findValueKeys() (found bool) {
	for _, f := range c.Files {
		for id, lit := range literalKeys(f.AST) {
			of := c.Info.Types[lit].Type
			if c.valueKeys[id] || of == nil || c.valueName(f, id) == "" {
				continue
			}
			if p, ok := of.Underlying().(*types.Pointer); ok { // the elements of []*T{{…}}
				of = p.Elem()
			}
			if _, fields := of.Underlying().(*types.Struct); !fields {
				c.valueKeys[id], found = true, true
			}
		}
	}
	return found
}

// besideVariable returns the identifiers in a file outside of the statements that mean
// imported packages although the cell declares variables of these names: what is selected
// exists only in the package. Elsewhere the functions of a cell mean its variables.
func (c *Cell) besideVariable(f *cell.File) (names []*ast.Ident) {
	if f == c.Statements || c.before[f] != nil {
		return nil
	}
	open := map[*ast.Ident]bool{}
	for _, id := range f.AST.Unresolved {
		open[id] = c.Named[id.Name] && c.isFresh(id.Name)
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && open[id] && c.Imports.Has(c.Imports.Named()[id.Name], map[string]bool{s.Sel.Name: true}) {
				names = append(names, id)
			}
		}
		return true
	})
	return names
}
