package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
)

// aliases returns the types that files declare, each with the name that it is an alias of:
// "" if it is none.
func aliases(files []*file) map[string]string {
	all := map[string]string{}
	for spec := range typeSpecs(files) {
		all[spec.Name.Name] = ""
		if spec.Assign.IsValid() {
			all[spec.Name.Name] = typeName(spec.Type)
		}
	}
	return all
}

// typeSpecs gives the types that files declare.
func typeSpecs(files []*file) iter.Seq[*ast.TypeSpec] {
	return func(yield func(*ast.TypeSpec) bool) {
		for _, f := range files {
			for _, d := range f.ast.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, spec := range g.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && !yield(spec) {
						return
					}
				}
			}
		}
	}
}

// typeName returns the name in a type T, *T or T[…], "" for other types.
func typeName(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.ParenExpr:
			t = x.X
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// baseType returns the name of the type that a method of a name is of, through aliases, and
// whether it is among those declared.
func baseType(name string, declared map[string]string) (string, bool) {
	for range len(declared) + 1 {
		of, ok := declared[name]
		if !ok || of == "" {
			return name, ok
		}
		name = of
	}
	return name, false // it goes round in a circle
}

// receivers returns the declarations of the session that must be compiled with the cell
// because it has methods of their types.
func (c *checked) receivers(declared *file, s *scope) []*declaration {
	var all []*declaration
	types := aliases([]*file{declared})
	for _, d := range declared.ast.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		name, found := baseType(receiver(f), types)
		for range len(s.entries) {
			e := s.entries[name]
			if found || c.own[name] || e == nil || e.decl == nil {
				break
			}
			all = append(all, e.decl)
			if name = aliased(e.obj); name == "" {
				break
			}
		}
	}
	return all
}

// aliased returns the name of the session's type that an alias is of, "" if it is none.
func aliased(o types.Object) string {
	t, ok := o.(*types.TypeName)
	if !ok || !t.IsAlias() {
		return ""
	}
	u := types.Unalias(t.Type())
	if p, ok := u.(*types.Pointer); ok {
		u = types.Unalias(p.Elem())
	}
	if n, ok := u.(*types.Named); ok && inCell(n.Obj()) {
		return n.Obj().Name()
	}
	return ""
}

// strangers returns the methods of types that are in scope without being declared in the
// files: nothing can be added to them.
func (c *checked) strangers() map[*ast.FuncDecl]string {
	all := map[*ast.FuncDecl]string{}
	types := aliases(c.files)
	for _, f := range c.files {
		for _, d := range f.ast.Decls {
			m, ok := d.(*ast.FuncDecl)
			if !ok || m.Recv == nil {
				continue
			}
			if name, declared := baseType(receiver(m), types); !declared && c.pkg.Scope().Lookup(name) != nil {
				all[m] = name
			}
		}
	}
	return all
}

// shield puts brackets around the types of earlier cells that types of the files are
// declared to be, as in type celsius kelvin: the type checker looks for the declarations of
// names there, and takes for granted that those in the scope of the package have one.
func (c *checked) shield() {
	declared := aliases(c.files)
	for spec := range typeSpecs(c.files) {
		id, ok := spec.Type.(*ast.Ident)
		if !ok {
			continue
		}
		if _, ok := declared[id.Name]; !ok && c.pkg.Scope().Lookup(id.Name) != nil {
			spec.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
		}
	}
}

// setsOwnField tells whether a value in a struct literal is that of a field which some cell
// has declared.
func (c *checked) setsOwnField(value token.Pos) (own bool) {
	for _, f := range c.files {
		if !f.has(value) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			for i, e := range lit.Elts {
				t, ok := c.info.Types[lit].Type, e.Pos() == value
				if !ok || t == nil {
					continue
				}
				if p, ok := t.Underlying().(*types.Pointer); ok {
					t = p.Elem()
				}
				if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() && inCell(s.Field(i)) {
					own = true
				}
			}
			return true
		})
	}
	return own
}
