// Package names writes the names in a checked cell for another cell, or for the package
// that is compiled.
//
//	meaning     what the names mean
//	refs        names in a file that may have to be written differently
//	type        a type as code; typetext
//	constant    the value of a constant as code, with every digit
package names

import (
	"go/ast"
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Meaning is the meaning of the names in the files of a cell, as the type checker found it.
type Meaning struct {
	Package *types.Package
	Info    *types.Info
	Things  map[types.Object]*program.Thing // the thing of the cells that each object is
	Written map[*ast.Ident]string           // names as in the cell, where the checker saw others
	Unit    int                             // of the cell
}

// Thing returns the thing of the cells that an object is, nil if it is none.
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

// Receiver returns the type of a cell that a function is a method of; nil if there is none.
func (m *Meaning) Receiver(f *types.Func) *program.Thing { return m.Things[receiverType(f)] }

// receiverType returns the object of a method's receiver type; nil for functions.
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

// origin returns the generic object of an instance.
func origin(o types.Object) types.Object {
	switch x := o.(type) {
	case *types.Var:
		return x.Origin()
	case *types.Func:
		return x.Origin()
	}
	return o
}

// InCell reports whether an object is in the cells' package.
func InCell(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == "main" }

// OfPointer reports whether a method is one of *T.
func OfPointer(f *types.Func) bool {
	_, ok := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	return ok
}
