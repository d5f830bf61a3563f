package loader

import (
	"go/token"
	_ "unsafe" // for go:linkname
)

// What a program remembers about the methods that a type has or lacks: method tables for
// interfaces; caches where code asks for an interface; caches of packages.

func isExported(name string) bool { return token.IsExported(name) }

// itab is internal/abi.ITab: the methods of one type for one interface.
type itab struct {
	inter, of *descriptor
	hash      uint32
	code      [1]uintptr // 0 if the type lacks some of them
}

// itabTable is runtime.itabTable: all of them.
//
//go:linkname itabTable runtime.itabTable
var itabTable *struct {
	size, count uintptr
	entries     [1 << 20]*itab
}

//go:linkname itabInit runtime.itabInit
func itabInit(m *itab, first bool) string

// refill fills the method tables of a type for interfaces again. The world must be stopped.
// If the type no longer implements an interface, the old table is left to the values that
// have it, and the next lookup finds a table that says so.
func refill(of *descriptor) {
	for i, m := range itabTable.entries[:itabTable.size] {
		switch {
		case m == nil || m.of != of:
		case itabInit(m, false) == "":
			itabInit(m, true)
		case m.code[0] != 0:
			no := &itab{inter: m.inter, of: m.of, hash: m.hash}
			itabTable.entries[i] = no
			pinned = append(pinned, no)
		}
	}
}
