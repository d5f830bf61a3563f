package emit

import (
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
)

// instantiation finds the types that code uses, as the compiler does. They include those
// that generic functions, and methods of generic types, use when instantiated. There are
// finitely many, since the type checker rejects other code.
type instantiation struct {
	found   func(types.Type) // receives named types, and unnamed struct types
	context *types.Context
	seen    map[types.Type]bool

	// What was added:
	types []types.Type
	calls []call
	// What depends on type parameters, by one of them:
	openTypes map[*types.TypeParam][]types.Type
	openCalls map[*types.TypeParam][]call
}

// call is a generic function with type arguments.
type call struct {
	of   *types.Func
	args []types.Type
}

func newInstantiation(found func(types.Type)) *instantiation {
	return &instantiation{
		found: found, context: types.NewContext(), seen: map[types.Type]bool{},
		openTypes: map[*types.TypeParam][]types.Type{}, openCalls: map[*types.TypeParam][]call{},
	}
}

// add adds a type of the code.
func (i *instantiation) add(t types.Type) {
	if t == nil || i.seen[t] {
		return
	}
	i.seen[t] = true
	if p := paramOf(t); p != nil {
		i.openTypes[p] = append(i.openTypes[p], t)
	} else {
		i.types = append(i.types, t)
	}
}

// addCall adds a call of a generic function in the code.
func (i *instantiation) addCall(f *types.Func, args *types.TypeList) {
	c := call{of: f}
	var p *types.TypeParam
	for t := range args.Types() {
		c.args = append(c.args, t)
		if p == nil {
			p = paramOf(t)
		}
	}
	if p != nil {
		i.openCalls[p] = append(i.openCalls[p], c)
	} else {
		i.calls = append(i.calls, c)
	}
}

// find finds the types, once everything has been added.
func (i *instantiation) find() {
	clear(i.seen)
	for _, t := range i.types {
		i.visit(t)
	}
	for _, c := range i.calls {
		i.call(c)
	}
}

func (i *instantiation) visit(t types.Type) {
	if t == nil || i.seen[t] {
		return
	}
	i.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		i.visit(types.Unalias(t))
	case *types.Named:
		i.named(t)
	case *types.Pointer:
		i.visit(t.Elem())
	case *types.Slice:
		i.visit(t.Elem())
	case *types.Array:
		i.visit(t.Elem())
	case *types.Chan:
		i.visit(t.Elem())
	case *types.Map:
		i.visit(t.Key())
		i.visit(t.Elem())
	case *types.Struct:
		if paramOf(t) == nil {
			i.found(t)
		}
		i.fields(t)
	case *types.Signature:
		i.visit(t.Params())
		i.visit(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			i.visit(v.Type())
		}
	}
}

func (i *instantiation) named(t *types.Named) {
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		if paramOf(a) != nil {
			return // a type in a generic function's type declaration: it is found where that is used
		}
		i.visit(a)
		args = append(args, a)
	}
	if len(args) > 0 {
		one := instance(i.context, t.Origin(), args)
		if one != t && i.seen[one] {
			return
		}
		i.seen[one] = true
	}
	i.found(t)
	if !names.InCell(t.Obj()) {
		return
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		i.fields(s)
	} else {
		i.visit(t.Underlying())
	}
	for m := range t.Origin().Methods() {
		i.with(m.Signature().RecvTypeParams(), args)
	}
}

func (i *instantiation) fields(t *types.Struct) {
	for f := range t.Fields() {
		i.visit(f.Type())
	}
}

// call visits the types that a generic function uses.
func (i *instantiation) call(c call) {
	one := instance(i.context, c.of.Signature(), c.args)
	if !i.seen[one] {
		i.seen[one] = true
		i.with(c.of.Signature().TypeParams(), c.args)
	}
}

// with visits the types that code with type parameters uses.
func (i *instantiation) with(params *types.TypeParamList, args []types.Type) {
	if params.Len() != len(args) {
		return
	}
	s := &substitution{context: i.context, of: func(p *types.TypeParam) types.Type {
		for n := range params.Len() {
			if params.At(n) == p {
				return args[n]
			}
		}
		return p
	}}
	for p := range params.TypeParams() {
		for _, t := range i.openTypes[p] {
			i.visit(s.in(t))
		}
		for _, c := range i.openCalls[p] {
			one := call{of: c.of}
			for _, t := range c.args {
				one.args = append(one.args, s.in(t))
			}
			i.call(one)
		}
	}
}
