package loader

import (
	"go/token"
	_ "unsafe" // for what is linked to
)

// What a program remembers of the methods that a type has, and what it lacks: tables of
// interfaces; caches where code asks for an interface; caches of packages.

func isExported(name string) bool { return token.IsExported(name) }

// itab is internal/abi.ITab: the methods of one type for one interface.
type itab struct {
	inter, of *descriptor
	hash      uint32
	code      [1]uintptr // 0 where the type does not have them all
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

// refill fills the tables of interfaces for a type again. The world is stopped. A table whose
// interface the type has no more is left to the values that have it; the next that asks finds
// one that says no.
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
