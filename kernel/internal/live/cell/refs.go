package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// refs returns the names in a file that may have to be written in another way in compiled
// cells, in order. Variables of the cell itself have their own names among its statements.
func (c *Checked) refs(f *File) []ref {
	statement := f == c.statements || f == c.first
	var all []ref
	selected := map[*ast.Ident]bool{}
	add := func(id *ast.Ident, r ref) {
		r.from, r.to = f.Offset(id.Pos()), f.Offset(id.Pos())+len(id.Name)
		if was, ok := c.written[id]; ok {
			r.to = r.from + len(was)
		}
		all = append(all, r)
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.Ident:
			o := c.Info.Uses[n]
			if o == nil {
				o = c.Info.Defs[n]
			}
			if o == nil || n.Name == "_" || statement && c.locals[o] {
				break
			}
			if r, ok := c.ref(o, selected[n]); ok {
				add(n, r)
			}
		}
		return true
	})
	for _, i := range c.checks {
		if f.Has(i.At) {
			all = append(all, ref{from: f.Offset(i.At), to: f.Offset(i.At), text: i.Text, check: true})
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.from < b.from || a.from == b.from && a.to == a.from && b.to > b.from // what is put in goes first
	})
	return all
}

// ref returns how a name with a meaning may have to be written; false where it stays as it is.
func (c *Checked) ref(o types.Object, selected bool) (ref, bool) {
	o = origin(o)
	switch o := o.(type) {
	case *types.PkgName:
		return ref{path: o.Imported().Path()}, true
	case *types.Label:
		return ref{}, false
	case *types.Func:
		if o.Signature().Recv() != nil {
			return ref{}, false
		}
	case *types.Var:
		if o.IsField() {
			t := c.things[fieldType(o)]
			return ref{thing: t, name: true}, t != nil && inCell(o)
		}
	}
	if t := c.things[o]; t != nil {
		return ref{thing: t}, true
	}
	if t, ok := o.(*types.TypeName); ok {
		switch {
		case o.Pkg() == nil:
			return ref{builtin: o.Name()}, true
		case o.Pkg() == c.Package && o.Parent() == c.Package.Scope():
			return ref{text: o.Name()}, true // the cell's own, which has no thing yet
		case c.isLocal(t):
			return ref{text: mark.Version(o.Name(), c.Cell.Unit)}, true
		}
	}
	if !selected && o.Pkg() != nil && o.Pkg() != c.Package && o.Parent() == o.Pkg().Scope() {
		return ref{path: o.Pkg().Path(), member: o.Name()}, true
	}
	return ref{}, false
}

// isLocal tells whether a type is declared in a function of the cell. Cells are one
// package, and two functions of different cells may each have a type of one name.
func (c *Checked) isLocal(o *types.TypeName) bool {
	if _, ok := o.Type().(*types.TypeParam); ok {
		return false
	}
	return o.Pkg() == c.Package && o.Parent() != c.Package.Scope()
}

// fieldType returns the object of the type that an embedded field is called after.
func fieldType(o *types.Var) types.Object {
	if !o.Embedded() {
		return nil
	}
	t := o.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj()
	case *types.Named:
		return t.Origin().Obj()
	}
	return nil
}

// inCell tells whether an object is of the cells' package.
func inCell(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == "main" }

// typePiece returns a type as it is written; an error where it has no name outside of its
// function or package.
func (c *Checked) typePiece(t types.Type) (*piece, error) {
	const stop = "\x00"
	var refs []ref
	w := &typeWriter{name: func(o types.Object) (string, error) {
		r, ok := c.ref(o, false)
		switch {
		case !ok, r.text != "" && r.text != o.Name():
			return "", fmt.Errorf("its type %s is declared in a function, and has no name outside it", o.Name())
		case r.path != "" && !o.Exported():
			return "", fmt.Errorf("its type %s.%s has no name outside its package; give it an interface type", o.Pkg().Name(), o.Name())
		}
		refs = append(refs, r)
		return stop + strconv.Itoa(len(refs)-1) + stop, nil
	}}
	text, err := w.text(t)
	if err != nil {
		return nil, err
	}
	p := &piece{}
	for i, part := range strings.Split(text, stop) {
		if i%2 == 0 {
			p.text += part
			continue
		}
		n, _ := strconv.Atoi(part)
		r := refs[n]
		r.from, r.to = len(p.text), len(p.text)
		p.refs = append(p.refs, r)
	}
	return p, nil
}
