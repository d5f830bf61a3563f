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

// A variable or constant may have the name of an earlier type: server := newServer(). It
// shadows the type as a variable in main does. The statements mean the variable from its
// declaration on, and so do those of later cells. What is declared outside of statements
// means the type where a type stands, and the variable elsewhere. What was declared before
// the variable means the type everywhere. The same holds for names of Go's own and of dot
// imports. Of these, a function is meant where one is called and the variable is not a
// function, a constant in the value of a constant, and true, false and nil everywhere.

// findShadowed records the names in the cell's declarations that mean what is shadowed.
func (c *Cell) findShadowed() {
	c.shadowed, c.called = map[*ast.Ident]*program.Thing{}, map[*ast.Ident]*program.Thing{}
	c.shadowedIn(c.Declarations, nil)
	if c.First != nil {
		c.shadowedIn(c.First, nil)
	}
}

// shadowedIn records these in a file, which has the cell's declarations or one that is
// compiled again.
func (c *Cell) shadowedIn(f *cell.File, again *program.Declaration) {
	var places, called, constants map[*ast.Ident]bool
	for _, id := range outerNames(f.AST) {
		t, is := c.shadowedThing(id.Name)
		if !is {
			continue
		}
		var given types.Object
		if t == nil {
			if given = c.given(f, id.Name); given == nil {
				continue
			}
		}
		if again != nil && t == nil && !again.Outer[id.Name] {
			continue // it means something of a cell
		}
		if places == nil {
			places, called = cell.TypePlaces(f.AST)
			constants = constantPlaces(f.AST)
		}
		switch {
		case places[id], again != nil && usesAlone(again, id.Name, t == nil):
			c.shadowed[id] = t
		case t == nil && standsAsValue(given, constants[id]) && !c.isConstant(id.Name):
			c.shadowed[id] = nil
		case called[id]:
			c.called[id] = t
		}
	}
}

// shadowedThing reports whether a variable or constant has a name once the cell has run. It
// also returns the type of a cell that it shadows; nil if it can only shadow a name of Go's
// or of a dot import.
func (c *Cell) shadowedThing(name string) (of *program.Thing, is bool) {
	t := c.Program.Lookup(name)
	switch {
	case c.values[name] && t != nil && t.Class == program.Type:
		return t, true
	case !c.values[name] && (c.own[name] || c.Named[name]):
		return nil, false
	}
	return c.Program.Shadowed(name), c.values[name] || t != nil && t.IsValue()
}

// usesAlone reports whether, in a declaration, a name means only types of cells, or only
// what Go or a dot import gives.
func usesAlone(d *program.Declaration, name string, given bool) (is bool) {
	is = given && d.Outer[name]
	for t := range d.Uses {
		if t.Name == name {
			if is = !given && t.Class == program.Type; !is {
				return false
			}
		}
	}
	return is
}

// findConversions records the calls of what is shadowed, mostly conversions, where the
// variable is not a function. It reports whether there were any.
func (c *Cell) findConversions() (found bool) {
	for id, t := range c.called {
		if !c.isFunction(id.Name) {
			c.shadowed[id], found = t, true
		}
	}
	return found
}

// isFunction reports whether the variable with a name can be called.
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

// shadowedTypes returns the types that are meant, sorted by name.
func (c *Cell) shadowedTypes() []*program.Thing {
	byName := func(a, b *program.Thing) int { return strings.Compare(a.OldName(), b.OldName()) }
	all := slices.DeleteFunc(slices.Collect(maps.Values(c.shadowed)), func(t *program.Thing) bool { return t == nil })
	slices.SortFunc(all, byName)
	return slices.Compact(all)
}

// nameShadowed renames the identifiers that mean shadowed types to the checker's names for
// these. restore undoes it.
func (c *Cell) nameShadowed(hidden map[string]bool) (restore func()) {
	was := renaming{}
	for id, t := range c.shadowed {
		if t == nil {
			continue
		}
		was.rename(id, c.checkName(t, hidden))
	}
	return was.restore
}
