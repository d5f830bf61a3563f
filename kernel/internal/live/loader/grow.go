package loader

import (
	"encoding/binary"
	"fmt"
	"maps"
	"runtime"
	"structs"
	"unsafe"
)

// A type has all methods that any cell declares for it, wherever its values are: in
// interfaces, behind pointers, in maps, captured by closures. They all point to one
// descriptor, that of the first cell, in which a longer method table replaces the old one.
// The world is stopped meanwhile, so that no goroutine sees a half-replaced table.
//
// A goroutine may be stopped while it reads a table, between any two instructions outside
// of package runtime (runtime.isAsyncSafePoint), so it may have read the old method count
// and then find the new table. The code in Go 1.26 that this concerns:
//
//   - internal/abi.(*UncommonType).Methods and ExportedMethods, which read the count, compare
//     it with 0, and then read the offset of the table. A new table never has fewer entries
//     than the old one, which stays in memory for those that have its address.
//   - reflect.implements and internal/reflectlite.implements, which read the count again for
//     each method: [Implements] replaces them.
//   - runtime.itabInit, in which no goroutine is stopped, since it holds a lock.

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

// growth is a type's new table, not yet installed.
type growth struct {
	of, fresh *descriptor // the type's, and the new cell's of the same type
	home      *moduledata // module of the type's descriptor
	away      *moduledata // module of the new cell's
	table     unsafe.Pointer
}

// kinds holds the types that modules' offsets stand for, including those of new methods,
// for modules that have any.
type kinds map[*moduledata]map[int32]unsafe.Pointer

// add returns a new offset that will stand for a type in a module.
func (k kinds) add(m *moduledata, t unsafe.Pointer) int32 {
	if k[m] == nil {
		k[m] = map[int32]unsafe.Pointer{}
		maps.Copy(k[m], m.typemap)
	}
	off := 1<<30 + int32(len(k[m]))*8 // beyond any offset in a module
	k[m][off] = t
	return off
}

// Grow gives types, identified by the symbols of their descriptors, the methods that the
// last loaded cell has for them. stand is the code that stands for methods of other cells
// in that cell's tables.
func Grow(symbols []string, stand uintptr) error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("methods cannot be added to a type of an earlier cell on %s", runtime.GOARCH)
	}
	var all []*growth
	methods := map[*moduledata]int{}
	for _, symbol := range symbols {
		fresh, first := (*descriptor)(lookup(opened[len(opened)-1], symbol)), (*descriptor)(lookup(0, symbol))
		if fresh == nil || first == nil || fresh == first || uncommonOf(fresh) == nil || uncommonOf(first) == nil {
			continue
		}
		g := &growth{of: first, fresh: fresh, home: moduleOf(unsafe.Pointer(first)), away: moduleOf(unsafe.Pointer(fresh))}
		methods[g.home] += g.count(stand)
		all = append(all, g)
	}
	if len(all) == 0 {
		return nil
	}
	types := kinds{}
	code, err := jumpsFor(methods)
	if err != nil {
		return err
	}
	for _, g := range all {
		if err := g.fill(types, code[g.home], stand); err != nil {
			return err
		}
	}
	for _, j := range code {
		if err := j.seal(); err != nil {
			return err
		}
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
		to := uncommonOf(g.fresh)
		u.count, u.exported = to.count, to.exported
	}
	for _, g := range all {
		refill(g.of)
	}
	caches.forget()
	startTheWorld(w)
	for m, kinds := range types {
		typemaps[m] = kinds
	}
	grown = true
	forgetTypes()
	return nil
}

// elsewhere reports whether the new cell has no code for an offset.
func (g *growth) elsewhere(off int32, stand uintptr) bool {
	return off == unreachable || g.away.text+uintptr(uint32(off)) == stand
}

// count returns how many methods' code the new cell has.
func (g *growth) count(stand uintptr) (n int) {
	for _, m := range uncommonOf(g.fresh).methods() {
		for _, off := range []int32{m.byInterface, m.byMethod} {
			if !g.elsewhere(off, stand) {
				n++
			}
		}
	}
	return n
}

// fill makes the type's method table: methods of the new cell, if that has code for them,
// and otherwise those of the first descriptor.
func (g *growth) fill(types kinds, code *jumps, stand uintptr) error {
	first, fresh := unsafe.Pointer(g.of), unsafe.Pointer(g.fresh)
	had, old := map[string]method{}, uncommonOf(g.of).methods()
	for _, m := range old {
		had[nameText(resolveNameOff(first, m.name))] = m
	}
	methods := uncommonOf(g.fresh).methods()
	space := 0
	for _, m := range methods {
		name := nameText(resolveNameOff(fresh, m.name))
		if _, has := had[name]; !has {
			space += len(name) + 12
		}
	}
	names, err := furnished(g.home, false, space)
	if err != nil {
		return err
	}
	size := methodSize * max(len(methods), len(old))
	behind, err := furnished(g.home, true, size)
	if err != nil {
		return err
	}
	g.table = behind.take(size, 8)
	table := unsafe.Slice((*method)(g.table), size/methodSize)
	copy(table, old)
	jump := func(off, old int32, has bool) int32 {
		switch {
		case !g.elsewhere(off, stand):
			return int32(uint32(code.to(g.away.text+uintptr(uint32(off))) - g.home.text))
		case has:
			return old
		}
		return unreachable
	}
	for i, m := range methods {
		called := resolveNameOff(fresh, m.name)
		name := nameText(called)
		old, has := had[name]
		table[i].byInterface, table[i].byMethod = jump(m.byInterface, old.byInterface, has), jump(m.byMethod, old.byMethod, has)
		if table[i].name = old.name; !has {
			table[i].name = int32(int64(uintptr(newName(names, called))) - int64(g.home.types))
		}
		switch t := resolveTypeOff(fresh, m.kind); {
		case t == nil:
			table[i].kind = m.kind
		case !has || resolveTypeOff(first, old.kind) != t:
			table[i].kind = types.add(g.home, t)
		default:
			table[i].kind = old.kind
		}
	}
	return nil
}

// newName writes a method's name in the form that nameText reads. Without a package of its
// own the name belongs to the type's package, but an unnamed type has none.
func newName(memory *near, of unsafe.Pointer) unsafe.Pointer {
	text, pkg := nameText(of), namePackage(of)
	name := []byte{0}
	if isExported(text) {
		name[0] = 1
	}
	if pkg != nil {
		name[0] |= nameHasPackage
	}
	n := len(text)
	for ; n >= 0x80; n >>= 7 {
		name = append(name, byte(n)|0x80)
	}
	name = append(append(name, byte(n)), text...)
	if pkg != nil {
		name = binary.NativeEndian.AppendUint32(name, uint32(addReflectOff(pkg))) // in no module: see runtime.resolveNameOff
	}
	p := memory.take(len(name), 1)
	copy(unsafe.Slice((*byte)(p), len(name)), name)
	return p
}

// Flags of a name.
const (
	nameHasTag     = 1 << 1
	nameHasPackage = 1 << 2
)

// namePackage returns the package name stored in a method's name, nil if there is none.
func namePackage(name unsafe.Pointer) unsafe.Pointer {
	if flags := *(*byte)(name); flags&nameHasPackage == 0 || flags&nameHasTag != 0 {
		return nil // methods have no tags
	}
	n, begin := nameLength(name)
	var off [4]byte // not aligned to 4
	copy(off[:], unsafe.Slice((*byte)(unsafe.Add(name, begin+n)), len(off)))
	return resolveNameOff(name, int32(binary.NativeEndian.Uint32(off[:])))
}
