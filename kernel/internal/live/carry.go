package live

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// A variable keeps its type. But a type that is compiled again for the cell's sake, as it
// has another method now or uses something that has, is the same to its user, and has the
// same layout: its variables are carried over into the cell's package, where they have the
// new one.

// carried returns the session's variables that are to be carried over with the types among
// the declarations that are compiled again.
func (c *checked) carried(s *scope) []*variable {
	again := map[string]*declaration{}
	for _, d := range c.again {
		for _, n := range d.names {
			if e := s.entries[n]; e != nil && isType(e.obj) {
				again[n] = d
			}
		}
	}
	if len(again) == 0 {
		return nil
	}
	var all []*variable
	for _, e := range s.entries {
		if e.decl != nil || c.own[e.name] || c.isVariable(e.name) {
			continue
		}
		moves, same := false, true
		eachNamed(e.obj.Type(), func(o *types.TypeName) {
			if _, ok := s.owners[o]; !ok {
				return
			}
			if now := s.entries[o.Name()]; now == nil || now.obj != o {
				same = false // an older type of that name
			} else if again[o.Name()] != nil {
				moves = true
				same = same && c.sameLayout(again, o.Name(), map[string]bool{})
			}
		})
		if moves && same {
			all = append(all, &variable{name: e.name, owner: c.cell.unit, typ: e.obj.Type(), from: e.cell})
		}
	}
	return all
}

func isType(o types.Object) bool {
	_, ok := o.(*types.TypeName)
	return ok
}

// sameLayout tells whether a type that is compiled again uses nothing that the cell itself
// declares.
func (c *checked) sameLayout(again map[string]*declaration, name string, seen map[string]bool) bool {
	if c.own[name] {
		return false
	}
	d := again[name]
	if d == nil || seen[name] {
		return true
	}
	seen[name] = true
	for n := range d.uses {
		if !c.sameLayout(again, n, seen) {
			return false
		}
	}
	return true
}

// eachNamed calls f for each declared type that a type is written with.
func eachNamed(t types.Type, f func(*types.TypeName)) {
	arguments := func(list *types.TypeList) {
		for i := range list.Len() {
			eachNamed(list.At(i), f)
		}
	}
	switch t := t.(type) {
	case *types.Named:
		f(t.Origin().Obj())
		arguments(t.TypeArgs())
	case *types.Alias:
		f(t.Obj())
		arguments(t.TypeArgs())
	case *types.Pointer:
		eachNamed(t.Elem(), f)
	case *types.Slice:
		eachNamed(t.Elem(), f)
	case *types.Array:
		eachNamed(t.Elem(), f)
	case *types.Chan:
		eachNamed(t.Elem(), f)
	case *types.Map:
		eachNamed(t.Key(), f)
		eachNamed(t.Elem(), f)
	case *types.Tuple:
		for i := range t.Len() {
			eachNamed(t.At(i).Type(), f)
		}
	case *types.Signature:
		eachNamed(t.Params(), f)
		eachNamed(t.Results(), f)
	case *types.Struct:
		for i := range t.NumFields() {
			eachNamed(t.Field(i).Type(), f)
		}
	}
}

// variableFile declares variables, by their types as they are written: so they have the
// types of the package that is being checked. Those whose types cannot be written are
// returned.
func variableFile(fset *token.FileSet, variables []*variable) (f *ast.File, rest []*variable) {
	aliases := map[string]string{}
	w := &typeWriter{
		name: func(o types.Object) (string, error) {
			switch {
			case o.Pkg() == nil || inCell(o) && o.Parent() == o.Pkg().Scope():
				return o.Name(), nil
			case inCell(o) || !o.Exported() && o.Pkg().Path() != "unsafe" || o.Parent() != o.Pkg().Scope():
				return "", fmt.Errorf("type %s has no name here", o.Name())
			}
			path := o.Pkg().Path()
			if aliases[path] == "" {
				aliases[path] = fmt.Sprintf("%sv%d", host.Mark, len(aliases))
			}
			return aliases[path] + "." + o.Name(), nil
		},
		field: func(o types.Object) string { return o.Name() },
		tag:   func(_ *types.Var, tag string) string { return tag },
	}
	var declared strings.Builder
	for _, v := range variables {
		text, err := w.text(v.typ)
		if err != nil {
			rest = append(rest, v)
			continue
		}
		fmt.Fprintf(&declared, "var %s %s\n", v.name, text)
	}
	var code strings.Builder
	code.WriteString("package main\n")
	for path, alias := range aliases {
		fmt.Fprintf(&code, "import %s %q\n", alias, path)
	}
	f, err := parser.ParseFile(fset, "", code.String()+declared.String(), parser.SkipObjectResolution)
	if err != nil {
		return nil, variables
	}
	return f, rest
}
