package emit

import "go/types"

// substitution replaces type parameters by types.
type substitution struct {
	context *types.Context // of instances
	of      func(*types.TypeParam) types.Type
}

// paramOf returns a type parameter that a type depends on, nil if there is none.
func paramOf(t types.Type) (found *types.TypeParam) {
	s := substitution{of: func(p *types.TypeParam) types.Type {
		found = p
		return p
	}}
	s.in(t)
	return found
}

// in returns a type with its type parameters replaced: the type itself if it has none.
func (s *substitution) in(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Alias:
		if args, is := s.list(t.TypeArgs()); is {
			return instance(s.context, t.Origin(), args)
		}
		if of := s.in(types.Unalias(t)); of != types.Unalias(t) {
			return of
		}
	case *types.TypeParam:
		return s.of(t)
	case *types.Named:
		if args, is := s.list(t.TypeArgs()); is {
			return instance(s.context, t.Origin(), args)
		}
	case *types.Pointer:
		if e := s.in(t.Elem()); e != t.Elem() {
			return types.NewPointer(e)
		}
	case *types.Slice:
		if e := s.in(t.Elem()); e != t.Elem() {
			return types.NewSlice(e)
		}
	case *types.Array:
		if e := s.in(t.Elem()); e != t.Elem() {
			return types.NewArray(e, t.Len())
		}
	case *types.Chan:
		if e := s.in(t.Elem()); e != t.Elem() {
			return types.NewChan(t.Dir(), e)
		}
	case *types.Map:
		if k, e := s.in(t.Key()), s.in(t.Elem()); k != t.Key() || e != t.Elem() {
			return types.NewMap(k, e)
		}
	case *types.Tuple:
		if vars, is := s.tuple(t); is {
			return vars
		}
	case *types.Signature:
		if sig, is := s.signature(t); is {
			return sig
		}
	case *types.Struct:
		return s.structure(t)
	case *types.Interface:
		return s.iface(t)
	}
	return t
}

// instance returns an instance of a generic type. Identical instances of one context are
// the same object.
func instance(in *types.Context, of types.Type, args []types.Type) types.Type {
	t, err := types.Instantiate(in, of, args, false)
	if err != nil {
		return of
	}
	return t
}

// list is in for a list, and reports whether any type changed.
func (s *substitution) list(l *types.TypeList) (all []types.Type, is bool) {
	for t := range l.Types() {
		all = append(all, s.in(t))
		is = is || all[len(all)-1] != t
	}
	return all, is
}

func (s *substitution) tuple(t *types.Tuple) (_ *types.Tuple, is bool) {
	var vars []*types.Var
	for v := range t.Variables() {
		of := s.in(v.Type())
		is = is || of != v.Type()
		vars = append(vars, types.NewParam(v.Pos(), v.Pkg(), v.Name(), of))
	}
	return types.NewTuple(vars...), is
}

func (s *substitution) signature(t *types.Signature) (_ *types.Signature, is bool) {
	params, is := s.tuple(t.Params())
	results, are := s.tuple(t.Results())
	if !is && !are {
		return t, false
	}
	variadic := t.Variadic()
	if variadic {
		_, variadic = params.At(params.Len() - 1).Type().(*types.Slice) // not a slice in append([]byte, string...)
	}
	return types.NewSignatureType(nil, nil, nil, params, results, variadic), true
}

func (s *substitution) structure(t *types.Struct) types.Type {
	var fields []*types.Var
	var tags []string
	is := false
	for i := range t.NumFields() {
		f := t.Field(i)
		of := s.in(f.Type())
		is = is || of != f.Type()
		fields, tags = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), of, f.Embedded())), append(tags, t.Tag(i))
	}
	if !is {
		return t
	}
	return types.NewStruct(fields, tags)
}

func (s *substitution) iface(t *types.Interface) types.Type {
	var methods []*types.Func
	var embeds []types.Type
	is := false
	for m := range t.ExplicitMethods() {
		sig, another := s.signature(m.Signature())
		is = is || another
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), sig))
	}
	for e := range t.EmbeddedTypes() {
		embeds = append(embeds, s.in(e))
		is = is || embeds[len(embeds)-1] != e
	}
	if !is {
		return t
	}
	return types.NewInterfaceType(methods, embeds).Complete()
}
