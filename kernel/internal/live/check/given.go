package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// A variable or constant may have a name that means something without any cell: one of Go's
// own, such as error or len, one of a dot import, main or init. It shadows that meaning, as
// in the body of main. But to the type checker, what cells declare is at package level,
// where such a name would mean the variable to all code, or is rejected. So the checker
// knows the variable by a name with a mark, and the identifiers that mean it get that mark.

// isGiven reports whether a name means something without what cells declare.
func (c *Cell) isGiven(name string) bool {
	if name == "main" || name == "init" || types.Universe.Lookup(name) != nil || c.byDot[name] != "" {
		return true
	}
	for _, d := range c.again {
		if d.Dots[name] != "" {
			return true
		}
	}
	return false
}

// given returns the object that a name of Go's own, or of a dot import, means in a file;
// nil for others.
func (c *Cell) given(f *cell.File, name string) types.Object {
	if o := types.Universe.Lookup(name); o != nil {
		return o
	}
	path := c.dotsOf(f)[name]
	if path == "" {
		return nil
	}
	pkg, err := c.Imports.Import(path)
	if err != nil {
		return nil
	}
	return pkg.Scope().Lookup(name)
}

// packageName returns the checker's name for a package-level name that the cell declares,
// or that is compiled again.
func (c *Cell) packageName(name string) string {
	value := c.values[name]
	if t := c.againThing(name); t != nil {
		value = t.Class == program.Constant
	}
	if value && c.isGiven(name) {
		return mark.Version(name, c.Unit)
	}
	return name
}

// Declared returns the object that the cell, or what is compiled again with it, declares by
// a name outside of the statements; nil if there is none.
func (c *Cell) Declared(name string) types.Object {
	return c.Package.Scope().Lookup(c.packageName(name))
}

// checkName returns the checker's name for a thing of an earlier cell.
func (c *Cell) checkName(t *program.Thing, hidden map[string]bool) string {
	if c.Program.Lookup(t.Name) == t && !hidden[t.Name] && !(t.IsValue() && c.isGiven(t.Name)) {
		return t.Name
	}
	return t.OldName()
}

// againThing returns the thing that is compiled again under a name, nil if there is none.
func (c *Cell) againThing(name string) *program.Thing {
	for _, d := range c.again {
		for _, t := range d.Things {
			if t.Name == name {
				return t
			}
		}
	}
	return nil
}

// isFresh reports whether a name is that of a statement variable that functions refer to.
func (c *Cell) isFresh(name string) bool {
	return slices.ContainsFunc(c.Fresh, func(v *Variable) bool { return v.Name == name })
}

// isHeld reports whether a name means a function, type or package of the cells to the
// checker.
func (c *Cell) isHeld(name string) bool {
	switch t := c.Program.Lookup(name); {
	case c.own[name], c.againThing(name) != nil:
		return c.packageName(name) == name
	case c.Named[name]:
		return !c.overThings[name]
	default:
		return t != nil && !(t.IsValue() && c.isGiven(name))
	}
}

// standsAsValue reports whether an object that a variable shadows is nevertheless meant
// where a value stands: true, false and nil are, because functions could do nothing without
// them, and so are other constants in the value of a constant, where there can be no
// variable.
func standsAsValue(o types.Object, inConstant bool) bool {
	switch o.(type) {
	case *types.Nil:
		return true
	case *types.Const:
		return inConstant || o.Name() == "true" || o.Name() == "false"
	}
	return false
}

// isConstant reports whether a name is a constant outside of the statements.
func (c *Cell) isConstant(name string) bool {
	if t := c.Program.Lookup(name); !c.values[name] {
		return t != nil && t.Class == program.Constant
	}
	return slices.ContainsFunc(c.Declarations.AST.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && g.Tok == token.CONST && slices.Contains(cell.Declares(g), name)
	})
}
