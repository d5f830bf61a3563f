package editor

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
)

// members returns what can be selected from an expression: the exported names of a package,
// the fields and methods of a value, the methods of a type.
func (s *question) members(sk *sketch, x ast.Expr) []ranked {
	if id, ok := ast.Unparen(x).(*ast.Ident); ok {
		o := sk.object(id)
		if _, ok := o.(*types.PkgName); ok || o == nil {
			return s.packageMembers(sk, id.Name)
		}
	}
	tv, ok := sk.Info.Types[x]
	if !ok || tv.Type == nil || tv.IsBuiltin() || tv.IsVoid() {
		return nil
	}
	var all []ranked
	each(sk.Package, tv.Type, tv.Addressable() || tv.IsType(), func(o types.Object, depth int) {
		if _, ok := o.(*types.Func); ok || !tv.IsType() {
			all = append(all, ranked{candidate(o), depth})
		}
	})
	return all
}

// packageMembers returns the exported names of the package that a name stands for. If it
// could stand for several, the members used decide, so all those of the standard library
// are offered.
func (s *question) packageMembers(sk *sketch, name string) []ranked {
	paths := []string{sk.Imports.Named()[name]}
	if paths[0] == "" {
		used := map[string]bool{}
		for _, f := range sk.own() {
			for m := range cell.Qualifiers(f.AST)[name] {
				used[m] = true
			}
		}
		delete(used, cell.Placeholder)
		paths = slices.DeleteFunc(sk.Imports.Candidates(name), func(path string) bool { return !sk.Imports.Has(path, used) })
		for i, path := range paths {
			if first, _, _ := strings.Cut(path, "/"); i > 0 && strings.Contains(first, ".") {
				paths = paths[:i]
				break
			}
		}
	}
	var all []ranked
	for i, path := range paths {
		pkg, err := sk.Imports.Import(path)
		if err != nil {
			continue
		}
		for _, n := range pkg.Scope().Names() {
			if o := pkg.Scope().Lookup(n); o.Exported() {
				all = append(all, ranked{candidate(o), i})
			}
		}
	}
	return all
}

// each calls f for every field and method that can be selected from a value of a type, with
// its depth in embedded fields.
func each(from *types.Package, t types.Type, addressable bool, f func(o types.Object, depth int)) {
	depths := map[string]int{}
	var order []string
	note := func(o types.Object, depth int) {
		if _, ok := depths[o.Id()]; !ok && (o.Exported() || names.InCell(o)) && o.Name() != "_" {
			depths[o.Id()] = depth
			order = append(order, o.Name())
		}
	}
	level := []types.Type{t}
	seen := map[types.Type]bool{}
	for depth := 0; len(level) > 0; depth++ {
		var next []types.Type
		for _, t := range level {
			if p, ok := types.Unalias(t).(*types.Pointer); ok {
				t = p.Elem()
			}
			t = types.Unalias(t)
			if seen[t] {
				continue
			}
			seen[t] = true
			if named, ok := t.(*types.Named); ok {
				for i := range named.NumMethods() {
					note(named.Method(i), depth)
				}
			}
			if p, ok := t.(*types.TypeParam); ok {
				t = p.Constraint()
			}
			switch u := t.Underlying().(type) {
			case *types.Struct:
				for i := range u.NumFields() {
					note(u.Field(i), depth)
					if u.Field(i).Embedded() {
						next = append(next, u.Field(i).Type())
					}
				}
			case *types.Interface:
				for i := range u.NumMethods() {
					note(u.Method(i), depth)
				}
			}
		}
		level = next
	}
	for _, n := range order {
		o, index, _ := types.LookupFieldOrMethod(t, addressable, from, n)
		if o != nil {
			f(o, len(index)-1)
		}
	}
}

// fieldsOf returns the fields that a struct literal lacks. only is true if nothing but a
// field can stand there.
func fieldsOf(sk *sketch, lit *ast.CompositeLit) (fields []ranked, only bool) {
	tv, ok := sk.Info.Types[lit]
	if !ok || tv.Type == nil {
		return nil, false
	}
	t := tv.Type
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	has := map[string]bool{}
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			only = true
			if id, ok := pair.Key.(*ast.Ident); ok {
				has[id.Name] = true
			}
		}
	}
	if !only && len(lit.Elts) > 1 {
		return nil, false // values without keys
	}
	for i := range structure.NumFields() {
		v := structure.Field(i)
		if !has[v.Name()] && (v.Exported() || names.InCell(v)) && v.Name() != "_" {
			fields = append(fields, ranked{candidate(v), rankField})
		}
	}
	return fields, only
}
