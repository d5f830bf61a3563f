package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// mentions finds which variables and constants of the cell names mean if the cell is read
// as a package, in which later declarations are visible too. It uses what the type checker
// found when it read the cell in text order.
type mentions struct {
	c        *Cell
	parts    []*part
	of       map[types.Object]*part
	declares map[string][]*part

	asTypes, called map[*ast.Ident]bool
}

// newMentions prepares mentions from the type checker's latest results.
func (c *Cell) newMentions() *mentions {
	m := &mentions{c: c, parts: c.parts(), of: map[types.Object]*part{}, declares: map[string][]*part{}, asTypes: map[*ast.Ident]bool{}, called: map[*ast.Ident]bool{}}
	for _, p := range m.parts {
		for _, id := range p.names {
			if o := c.Info.Defs[id]; o != nil {
				m.of[o] = p
				m.declares[id.Name] = append(m.declares[id.Name], p)
			}
		}
	}
	for _, f := range c.Files {
		places, called := cell.TypePlaces(f.AST)
		maps.Copy(m.asTypes, places)
		maps.Copy(m.called, called)
	}
	return m
}

// usedIn returns what some nodes use. They belong to a part, or to none if they are of a
// declaration outside of the statements.
func (m *mentions) usedIn(nodes []ast.Node, by *part) map[use]bool {
	used := map[use]bool{}
	for _, n := range nodes {
		m.each(n, func(id *ast.Ident) {
			o := m.c.Info.Uses[id]
			if p := m.of[o]; p != nil && o != nil {
				used[use{id.Name, p}] = true
				return
			}
			for _, p := range m.declares[id.Name] {
				if (by == nil || p.chunk >= by.chunk) && m.isMeant(p, id) {
					used[use{id.Name, p}] = true
				}
			}
		})
	}
	return used
}

// isMeant reports whether an identifier can mean a variable of its name. Where it stands as
// a type, or is called and the variable is not a function, it means what the variable
// shadows.
func (m *mentions) isMeant(p *part, id *ast.Ident) bool {
	o := m.c.Info.Uses[id]
	if o == nil {
		return true
	}
	if _, ok := o.(*types.TypeName); ok && m.asTypes[id] {
		return false
	}
	if _, is := m.c.shadowed[id]; is || standsAsValue(o, false) && o.Parent() == types.Universe {
		return false
	}
	if !m.called[id] {
		return true
	}
	for _, name := range p.names {
		if v := m.c.Info.Defs[name]; v != nil && name.Name == id.Name {
			_, function := v.Type().Underlying().(*types.Signature)
			return function || v.Type() == types.Typ[types.Invalid]
		}
	}
	return true
}

// each calls f for the identifiers in a node that mean something outside of it, or nothing
// yet.
func (m *mentions) each(n ast.Node, f func(*ast.Ident)) {
	info := m.c.Info
	inside := func(at token.Pos) bool { return n.Pos() <= at && at < n.End() }
	skip := map[*ast.Ident]bool{}
	ast.Inspect(n, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.SelectorExpr:
			skip[x.Sel] = true
			if id, ok := x.X.(*ast.Ident); ok && info.Uses[x.Sel] != nil {
				_, isPackage := info.Uses[id].(*types.PkgName)
				skip[id] = skip[id] || isPackage
			}
		case *ast.CompositeLit:
			for _, id := range m.openKeys(x) {
				skip[id] = true
			}
		case *ast.Ident:
			o, isUse := info.Uses[x]
			_, isDeclared := info.Defs[x]
			v, _ := o.(*types.Var)
			switch {
			case isDeclared, skip[x], v != nil && v.IsField(), isUse && inside(o.Pos()):
			default:
				f(x)
			}
		}
		return true
	})
}

// openKeys returns the identifiers that are keys in a literal of a type that is not known
// yet: they may be fields.
func (m *mentions) openKeys(lit *ast.CompositeLit) (keys []*ast.Ident) {
	if of := m.c.Info.Types[lit].Type; of != nil && of != types.Typ[types.Invalid] {
		return nil
	}
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := pair.Key.(*ast.Ident); ok {
				keys = append(keys, id)
			}
		}
	}
	return keys
}
