package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// replaced returns the variables of earlier cells that a cell puts others in the place of.
func (s *Session) replaced(c *checked) []string {
	var names []string
	for _, v := range c.variables {
		if e := s.scope.entries[v.name]; e != nil && e.decl == nil && v.owner == c.cell.unit {
			names = append(names, v.name)
		}
	}
	for n := range c.own {
		if e := s.scope.entries[n]; e != nil && e.decl == nil {
			names = append(names, n)
		}
	}
	return names
}

// adopt takes what a cell declares into the session.
func (s *Session) adopt(c *checked) {
	s.sources[c.cell.number] = c.cell
	s.imports = c.imports
	scope := c.pkg.Scope()
	for i, f := range c.files[1:] {
		for _, d := range f.ast.Decls {
			decl := s.declaration(c, f, d)
			if i > 0 {
				decl.source, decl.chunk = c.again[i-1].source, c.again[i-1].chunk
			}
			for _, n := range decl.names {
				s.scope.entries[n] = &entry{name: n, cell: c.cell.unit, obj: scope.Lookup(n), decl: decl}
				s.scope.owners[scope.Lookup(n)] = c.cell.unit
				delete(s.imports.named, n)
			}
			if m, ok := d.(*ast.FuncDecl); ok && m.Recv != nil {
				s.scope.setMethod(decl, m.Name.Name)
			}
		}
	}
	for _, v := range append(c.variables, c.moved...) {
		if v.owner != c.cell.unit {
			continue
		}
		o := types.NewVar(token.NoPos, c.pkg, v.name, v.typ)
		s.scope.entries[v.name] = &entry{name: v.name, cell: c.cell.unit, obj: o}
		s.scope.owners[o] = c.cell.unit
		if p := scope.Lookup(v.name); p != nil && p.Pkg() == c.pkg {
			s.scope.owners[p] = c.cell.unit
		}
		delete(s.imports.named, v.name)
	}
	for n := range c.imports.named {
		if c.named[n] {
			delete(s.scope.entries, n)
		}
	}
}

// declaration notes what a declaration refers to.
func (s *Session) declaration(c *checked, f *file, d ast.Decl) *declaration {
	decl := &declaration{source: c.cell, names: declares(d), uses: map[string]bool{}}
	if m, ok := d.(*ast.FuncDecl); ok {
		decl.receiver = receiver(m)
	}
	at := f.offset(d.Pos())
	decl.chunk = slices.IndexFunc(c.cell.chunks, func(c chunk) bool { return c.start <= at && at < c.end })
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := c.info.Uses[id]; o != nil && o.Pkg() != nil && o.Pkg().Path() == "main" && s.topLevel(c, o) {
				decl.uses[o.Name()] = true
			}
		}
		return true
	})
	for _, n := range decl.names {
		delete(decl.uses, n)
	}
	return decl
}

// topLevel tells whether an object is declared at some cell's top.
func (s *Session) topLevel(c *checked, o types.Object) bool {
	switch x := o.(type) {
	case *types.Var:
		o = x.Origin()
	case *types.Func:
		o = x.Origin()
	}
	if _, ok := s.scope.owners[o]; ok {
		return true
	}
	return o.Parent() == c.pkg.Scope()
}
