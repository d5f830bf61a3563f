// Package names is how the names in a checked cell are written for another cell, or for the
// package that is compiled.
//
//	meaning     what the names mean
//	refs        those in a file that may have to be written in another way
//	type        a type as code; typetext
//	constant    the value of a constant as code, with every digit
package names

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Meaning is what the names in the files of a cell mean, as the type checker found.
type Meaning struct {
	Package *types.Package
	Info    *types.Info
	Things  map[types.Object]*program.Thing // which things of cells objects are
	Written map[*ast.Ident]string           // names as the cell has them, where the checker was told others
	Unit    int                             // of the cell
}

// Thing returns which thing of the cells an object is, nil if it is none.
func (m *Meaning) Thing(o types.Object) *program.Thing { return m.Things[origin(o)] }

// Object returns the object that a thing is, nil if the cell does not know it.
func (m *Meaning) Object(t *program.Thing) types.Object {
	for o, other := range m.Things {
		if other == t {
			return o
		}
	}
	return nil
}

// Receiver returns the type of a cell that a function is a method of; nil if it is of none.
func (m *Meaning) Receiver(f *types.Func) *program.Thing { return m.Things[receiverType(f)] }

// receiverType returns the object of the type that a method is of; nil for functions.
func receiverType(f *types.Func) types.Object {
	r := f.Signature().Recv()
	if r == nil {
		return nil
	}
	t := types.Unalias(r.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok {
		return nil
	}
	return n.Origin().Obj()
}

// origin returns the generic object that an instance is of.
func origin(o types.Object) types.Object {
	switch x := o.(type) {
	case *types.Var:
		return x.Origin()
	case *types.Func:
		return x.Origin()
	}
	return o
}

// InCell tells whether an object is of the cells' package.
func InCell(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == "main" }

// OfPointer tells whether a method is of *T.
func OfPointer(f *types.Func) bool {
	_, ok := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	return ok
}
