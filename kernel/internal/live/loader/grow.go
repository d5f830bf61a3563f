package loader

import (
	"fmt"
	"maps"
	"runtime"
	"structs"
	"unsafe"
)

// A type belongs to all methods that any cell declares for it, wherever its values are: in
// interfaces, behind pointers, in maps, held by closures. They all point to one descriptor,
// that of the first cell, whose table of methods is replaced by a longer one. So that no
// goroutine sees half of it, the world is stopped meanwhile.
//
// A goroutine may be stopped while it reads a table, between any two instructions outside of
// package runtime (runtime.isAsyncSafePoint), so it can have read the old count of methods and
// then find the new table. What there is of such code in Go 1.26:
//
//   - internal/abi.(*UncommonType).Methods and ExportedMethods, which read the count, compare
//     it with 0, and then read the offset of the table. A new table never has fewer entries
//     than the old one, which stays where it is for those that have its address.
//   - reflect.implements and internal/reflectlite.implements, which read the count again for
//     each method: [Implements] takes their places.
//   - runtime.itabInit, in which no goroutine stops, since it holds a lock.

//go:linkname stopTheWorld runtime.stopTheWorldGC
func stopTheWorld(reason uint8) worldStop

//go:linkname startTheWorld runtime.startTheWorldGC
func startTheWorld(w worldStop)

// worldStop is runtime.worldStop.
type worldStop struct {
	_ structs.HostLayout // all fields count

	reason                                             uint8
	startedStopping, finishedStopping, stoppingCPUTime int64
}

//go:linkname uncommonOf internal/abi.(*Type).Uncommon
func uncommonOf(t *descriptor) *uncommon

//go:linkname resolveNameOff runtime.resolveNameOff
func resolveNameOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTypeOff runtime.resolveTypeOff
func resolveTypeOff(in unsafe.Pointer, off int32) unsafe.Pointer

// uncommon is internal/abi.UncommonType: behind the descriptor of a type with a name or with
// methods.
type uncommon struct {
	path            int32
	count, exported uint16
	table           uint32 // offset from here
	_               uint32
}

// method is internal/abi.Method: offsets in the module of the descriptor.
type method struct {
	name, kind            int32
	byInterface, byMethod int32 // code
}

// unreachable is the offset of code that the linker has dropped.
const unreachable = -1

func (u *uncommon) methods() []method {
	if u == nil || u.count == 0 {
		return nil
	}
	return unsafe.Slice((*method)(unsafe.Add(unsafe.Pointer(u), u.table)), u.count)
}

// growth is a type's new table, not yet in its place.
type growth struct {
	of    *descriptor
	to    *uncommon
	table unsafe.Pointer
}

// kinds are the types that a module's offsets stand for, with those of new methods.
type kinds map[*moduledata]map[int32]unsafe.Pointer

// of returns a module's.
func (k kinds) of(m *moduledata) map[int32]unsafe.Pointer {
	if k[m] == nil {
		k[m] = map[int32]unsafe.Pointer{}
		maps.Copy(k[m], m.typemap)
	}
	return k[m]
}

// Grow gives types, by the symbols of their descriptors, the methods that the cell
// loaded last has for them. stand is the code that stands for methods of other cells in that
// one's tables.
func Grow(symbols []string, stand uintptr) error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("methods cannot be added to a type of an earlier cell on %s", runtime.GOARCH)
	}
	var all []*growth
	types := kinds{}
	for _, symbol := range symbols {
		fresh, first := lookup(opened[len(opened)-1], symbol), lookup(0, symbol)
		if fresh == nil || first == nil || fresh == first {
			continue
		}
		g, err := grow((*descriptor)(first), (*descriptor)(fresh), types, stand)
		if err != nil {
			return err
		}
		if g != nil {
			all = append(all, g)
		}
	}
	if len(all) == 0 {
		return nil
	}
	caches, err := callCaches()
	if err != nil {
		return err
	}
	w := stopTheWorld(0)
	for m, kinds := range types {
		m.typemap = kinds
	}
	for _, g := range all {
		u := uncommonOf(g.of)
		u.table = uint32(uintptr(g.table) - uintptr(unsafe.Pointer(u)))
		u.count, u.exported = g.to.count, g.to.exported
	}
	for _, g := range all {
		refill(g.of)
	}
	caches.forget()
	startTheWorld(w)
	for _, kinds := range types {
		pinned = append(pinned, kinds)
	}
	grown = true
	forgetTypes()
	return nil
}

// grow makes the table of a type's methods: those of fresh, the descriptor of the new cell,
// where that has code for them, else those that the first descriptor has.
func grow(first, fresh *descriptor, types kinds, stand uintptr) (*growth, error) {
	from, to := uncommonOf(fresh), uncommonOf(first)
	if from == nil || to == nil {
		return nil, nil
	}
	home, away := moduleOf(unsafe.Pointer(first)), moduleOf(unsafe.Pointer(fresh))
	had, old := map[string]method{}, to.methods()
	for _, m := range old {
		had[nameText(resolveNameOff(unsafe.Pointer(first), m.name))] = m
	}
	methods := from.methods()
	entries := max(len(methods), len(old))
	elsewhere := func(off int32) bool { return off == unreachable || away.text+uintptr(uint32(off)) == stand }
	space, count := 0, 0
	for _, m := range methods {
		space += len(nameText(resolveNameOff(unsafe.Pointer(fresh), m.name))) + 8
		for _, off := range []int32{m.byInterface, m.byMethod} {
			if !elsewhere(off) {
				count++
			}
		}
	}
	sealed := pages(jumpSize * count)
	names, err := furnished(home, false, space)
	if err != nil {
		return nil, err
	}
	behind, err := furnished(home, true, methodSize*entries+sealed)
	if err != nil {
		return nil, err
	}
	g := &growth{of: first, to: from}
	kinds := types.of(home)
	g.table = behind.take(methodSize*entries, 8)
	table := unsafe.Slice((*method)(g.table), entries)
	copy(table, old)
	code := behind.take(sealed, pageSize)
	jumps := unsafe.Slice((*[jumpSize]byte)(code), count)
	jump := func(off, old int32, has bool) int32 {
		to := away.text + uintptr(uint32(off))
		if elsewhere(off) {
			if has {
				return old
			}
			return unreachable
		}
		j := &jumps[0] // MOVQ $to, R12; JMP R12, of which Go's calls expect nothing
		jumps = jumps[1:]
		*j = [jumpSize]byte{0x49, 0xbc, byte(to), byte(to >> 8), byte(to >> 16), byte(to >> 24), byte(to >> 32), byte(to >> 40), byte(to >> 48), byte(to >> 56), 0x41, 0xff, 0xe4}
		return int32(uint32(uintptr(unsafe.Pointer(j)) - home.text))
	}
	for i, m := range methods {
		name := nameText(resolveNameOff(unsafe.Pointer(fresh), m.name))
		old, has := had[name]
		table[i].byInterface, table[i].byMethod = jump(m.byInterface, old.byInterface, has), jump(m.byMethod, old.byMethod, has)
		if table[i].name = old.name; !has {
			table[i].name = int32(int64(uintptr(newName(names, name))) - int64(home.types))
		}
		table[i].kind = m.kind
		if t := resolveTypeOff(unsafe.Pointer(fresh), m.kind); t != nil {
			table[i].kind = 1<<30 + int32(len(kinds))*8 // beyond what a module can have
			kinds[table[i].kind] = t
		}
	}
	return g, seal(code, sealed)
}

// Sizes in bytes.
const (
	methodSize = 16
	jumpSize   = 16
)

// newName writes a name as nameText reads it. Without a package of its own it is of the
// type's.
func newName(memory *near, text string) unsafe.Pointer {
	name := []byte{0}
	if isExported(text) {
		name[0] = 1
	}
	n := len(text)
	for ; n >= 0x80; n >>= 7 {
		name = append(name, byte(n)|0x80)
	}
	name = append(append(name, byte(n)), text...)
	p := memory.take(len(name), 1)
	copy(unsafe.Slice((*byte)(p), len(name)), name)
	return p
}
