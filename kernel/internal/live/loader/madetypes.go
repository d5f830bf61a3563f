package loader

import (
	"reflect"
	"sync"
	"unsafe"
)

// Package reflect makes types that no code of the program has, as reflect.SliceOf does. A cell
// may be the first to write such a type down, while there are values of the one that was made.
// In a program both are one, as reflect looks among the program's types first. So the cell
// uses the one that was made: its references to its own descriptor are changed. Compiled code
// tells types apart by their hashes too, and reflect's are others than the compiler's.

// What package reflect has made, and found.
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

// superseded are descriptors of cells, by address, for which there is one that reflect made.
var superseded = map[uintptr]*descriptor{}

// madeTypes returns the types that reflect has made and no module has, by their text.
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

// typeOf returns what reflect has for a descriptor.
func typeOf(t unsafe.Pointer) reflect.Type {
	var value any
	(*[2]unsafe.Pointer)(unsafe.Pointer(&value))[0] = t
	return reflect.TypeOf(value)
}

// madeBefore returns the type that reflect made before a module came with the same; nil if it
// made none.
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

// useMade changes the references of a plugin to types that have been made before.
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
