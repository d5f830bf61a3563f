package loader

import (
	"reflect"
	"sync"
	"unsafe"
)

// Package reflect creates types that no code of the program has, as reflect.SliceOf does. A
// cell may be the first to mention such a type in code while values of the created one
// exist. In a program the two are one, because reflect searches the program's types first.
// So the cell uses the created type: its references to its own descriptor are changed.
// Compiled code also distinguishes types by their hashes, and reflect's differ from the
// compiler's.

// Types that package reflect has created or found.
var (
	//go:linkname reflectTypes reflect.lookupCache
	reflectTypes sync.Map
	//go:linkname reflectPointers reflect.ptrMap
	reflectPointers sync.Map
	//go:linkname reflectFunctions reflect.funcLookupCache
	reflectFunctions madeByHash
	//go:linkname reflectStructs reflect.structLookupCache
	reflectStructs madeByHash
)

// madeByHash is the type of reflect.funcLookupCache: slices of types by their hashes.
type madeByHash struct {
	sync.Mutex
	m sync.Map
}

// superseded holds descriptors of cells, by address, for types that reflect created first.
var superseded = map[uintptr]*descriptor{}

// madeTypes returns the types that reflect has created and no module has, by their text.
func madeTypes() map[string][]*descriptor {
	all := map[string][]*descriptor{}
	add := func(t unsafe.Pointer) {
		if moduleOf(t) != nil {
			return
		}
		text := typeOf(t).String()
		all[text] = append(all[text], (*descriptor)(t))
	}
	one := func(_, t any) bool {
		add(reflect.ValueOf(t).UnsafePointer())
		return true
	}
	several := func(_, types any) bool {
		for list, i := reflect.ValueOf(types), 0; i < list.Len(); i++ {
			t := list.Index(i)
			if t.Kind() == reflect.Interface {
				t = t.Elem()
			}
			add(t.UnsafePointer())
		}
		return true
	}
	reflectTypes.Range(one)
	reflectPointers.Range(one)
	reflectFunctions.m.Range(several)
	reflectStructs.m.Range(several)
	return all
}

// typeOf returns the reflect.Type of a descriptor.
func typeOf(t unsafe.Pointer) reflect.Type {
	var value any
	(*[2]unsafe.Pointer)(unsafe.Pointer(&value))[0] = t
	return reflect.TypeOf(value)
}

// madeBefore returns the type that reflect created before a module brought the same one;
// nil if there is none.
func (m *moduledata) madeBefore(t *descriptor, made map[string][]*descriptor) *descriptor {
	for _, before := range made[t.typeText(m)] {
		if typesEqual(t, before, map[typePair]struct{}{}) {
			before.hash = t.hash
			superseded[uintptr(unsafe.Pointer(t))] = before
			return before
		}
	}
	return nil
}

// useMade redirects the references of a plugin to types that were created before.
func (m *moduledata) useMade() error {
	if len(superseded) == 0 {
		return nil
	}
	all, err := mappings()
	if err != nil {
		return err
	}
	path := ""
	for _, p := range all {
		if p.from <= m.types && m.types < p.to {
			path = p.path
		}
	}
	for _, p := range all {
		if p.path != path || !p.writable {
			continue
		}
		for word := p.from; word < p.to; word += unsafe.Sizeof(word) {
			to := (*uintptr)(unsafe.Pointer(at(word)))
			if made := superseded[*to]; made != nil {
				*to = uintptr(unsafe.Pointer(made))
			}
		}
	}
	return nil
}
