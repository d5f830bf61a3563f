package check

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// A variable or constant may have the name of a type of before: server := newServer(). It
// shadows the type as one of main does. The statements mean the variable from its declaration
// on, and so do those of later cells; what is declared outside of statements means the type
// where a type stands, and the variable elsewhere; and what was declared before the variable
// means the type everywhere.

// findShadowed notes the names in the cell's declarations that mean shadowed types.
func (c *Cell) findShadowed() {
	c.shadowed, c.called = map[*ast.Ident]*program.Thing{}, map[*ast.Ident]*program.Thing{}
	c.shadowedIn(c.Declarations, nil)
	if c.First != nil {
		c.shadowedIn(c.First, nil)
	}
}

// shadowedIn notes those in a file, which has the cell's declarations, or one that is compiled
// again.
func (c *Cell) shadowedIn(f *cell.File, again *program.Declaration) {
	values := c.values()
	var places, called map[*ast.Ident]bool
	for _, id := range outerNames(f.AST) {
		t := c.shadowedType(id.Name, values)
		if t == nil {
			continue
		}
		if places == nil {
			places, called = cell.TypePlaces(f.AST)
		}
		switch {
		case places[id], again != nil && usesTypeAlone(again, id.Name):
			c.shadowed[id] = t
		case called[id]:
			c.called[id] = t
		}
	}
}

// outerNames returns the names in a file that nothing within its declarations declares.
func outerNames(f *ast.File) []*ast.Ident {
	all := slices.Clone(f.Unresolved)
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && id.Obj == f.Scope.Lookup(id.Name) {
			all = append(all, id)
		}
		return true
	})
	return all
}

// shadowedType returns the type that the variable or constant of a name shadows when the cell
// has run, nil if there is none.
func (c *Cell) shadowedType(name string, values map[string]bool) *program.Thing {
	switch t := c.Program.Lookup(name); {
	case values[name] && t != nil && t.Class == program.Type:
		return t
	case !values[name] && (c.own[name] || c.Named[name]):
		return nil
	}
	return c.Program.Shadowed(name)
}

// usesTypeAlone tells whether a name means types in a declaration, and nothing else.
func usesTypeAlone(d *program.Declaration, name string) (is bool) {
	for t := range d.Uses {
		if t.Name == name {
			if is = t.Class == program.Type; !is {
				return false
			}
		}
	}
	return is
}

// findConversions notes the calls that convert to a shadowed type, since its variable is no
// function. It tells whether there were any.
func (c *Cell) findConversions() (found bool) {
	for id, t := range c.called {
		if !c.isFunction(id.Name) {
			c.shadowed[id], found = t, true
		}
	}
	return found
}

// isFunction tells whether the variable of a name can be called.
func (c *Cell) isFunction(name string) bool {
	var of types.Type
	if t := c.Program.Lookup(name); t != nil && t.Class == program.Variable {
		if o := c.Object(t); o != nil {
			of = o.Type()
		}
	}
	for _, v := range c.Variables {
		if v.Name == name {
			of = v.Type
		}
	}
	if of == nil {
		return false
	}
	_, is := of.Underlying().(*types.Signature)
	return is
}

// shadowedTypes returns the types that are meant, by name.
func (c *Cell) shadowedTypes() []*program.Thing {
	byName := func(a, b *program.Thing) int { return strings.Compare(a.OldName(), b.OldName()) }
	return slices.Compact(slices.SortedFunc(maps.Values(c.shadowed), byName))
}

// nameShadowed gives the names that mean shadowed types the names that the checker knows those
// by. It returns what takes that back.
func (c *Cell) nameShadowed(hidden map[string]bool) (restore func()) {
	was := renaming{}
	for id, t := range c.shadowed {
		was.rename(id, c.checkName(t, hidden))
	}
	return was.restore
}
