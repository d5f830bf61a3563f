package loader

import (
	"fmt"
	"structs"
	"sync"
	"unsafe"
)

// A type that several modules have, such as []main.point, must be one: that of the first of
// them. The runtime does this for each plugin (runtime.typelinksinit) by processing all
// types of all modules again, which takes 35 ms for those of the base library: most of the
// time needed to load a cell. Here the known types are remembered.

//go:linkname typesEqual runtime.typesEqual
func typesEqual(a, b *descriptor, seen map[typePair]struct{}) bool

// typePair is runtime._typePair.
type typePair struct {
	_    structs.HostLayout // both fields count
	a, b *descriptor
}

//go:linkname modulesinit runtime.modulesinit
func modulesinit()

//go:linkname moduledataverify1 runtime.moduledataverify1
func moduledataverify1(m *moduledata)

//go:linkname itabAdd runtime.itabAdd
func itabAdd(m *itab)

//go:linkname lock runtime.lock
func lock(l *mutex)

//go:linkname unlock runtime.unlock
func unlock(l *mutex)

//go:linkname itabLock runtime.itabLock
var itabLock mutex

// mutex is runtime.mutex.
type mutex struct {
	_   structs.HostLayout // its field counts
	key uintptr
}

// moduleHash is runtime.modulehash.
type moduleHash struct {
	name, atLink string
	now          *string
}

// firstTypes holds the types of the modules that the process starts with, by their hashes,
// and then those of cells.
var firstTypes = sync.OnceValue(func() map[uint32][]*descriptor {
	all := map[uint32][]*descriptor{}
	seen := map[*descriptor]bool{}
	for m := &firstModule; m != nil; m = m.next {
		for _, off := range m.typelinks {
			t := at(m.types + uintptr(off))
			if m.typemap != nil {
				t = (*descriptor)(m.typemap[off])
			}
			if !seen[t] {
				seen[t] = true
				all[t.hash] = append(all[t.hash], t)
			}
		}
	}
	return all
})

// Ready does in advance the work that the first cell would otherwise wait for.
func Ready() { firstTypes() }

// enter registers a plugin's module with the runtime, like runtime.plugin_lastmoduleinit.
// firstTypes must be called before the plugin is opened.
func (m *moduledata) enter() error {
	for _, h := range m.pkghashes {
		if h.atLink != *h.now {
			m.bad = true
			return fmt.Errorf("the cell was built with another version of package %s", h.name)
		}
	}
	modulesinit()
	m.useFirstTypes()
	moduledataverify1(m)
	lock(&itabLock)
	for _, t := range m.itablinks {
		itabAdd(t)
	}
	unlock(&itabLock)
	return nil
}

// useFirstTypes makes the module use the types that exist already.
func (m *moduledata) useFirstTypes() {
	all, made, kinds := firstTypes(), sync.OnceValue(madeTypes), make(map[int32]unsafe.Pointer, len(m.typelinks))
	for _, off := range m.typelinks {
		t := at(m.types + uintptr(off))
		first := t
		for _, other := range all[t.hash] {
			if typesEqual(t, other, map[typePair]struct{}{}) {
				first = other
				break
			}
		}
		if first == t {
			if t.flags&flagNamed == 0 { // reflect creates only unnamed types
				if before := m.madeBefore(t, made()); before != nil {
					first = before
				}
			}
			all[t.hash] = append(all[t.hash], first)
		}
		kinds[off] = unsafe.Pointer(first)
	}
	typemaps[m] = kinds
	m.typemap = kinds
}
