package loader

import (
	"go/token"
	"sync"
	_ "unsafe" // for what is linked to
)

// What a program remembers of the methods that a type has, and what it lacks: tables of
// interfaces, caches where code asks for an interface, caches of packages.

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

// refill fills the tables of interfaces for a type again. The world is stopped.
func refill(of *descriptor) {
	for _, m := range itabTable.entries[:itabTable.size] {
		if m != nil && m.of == of && itabInit(m, false) == "" {
			itabInit(m, true)
		}
	}
}

// Caches by type of packages that look for methods.
var (
	//go:linkname jsonEncoders encoding/json.encoderCache
	jsonEncoders sync.Map
	//go:linkname jsonFields encoding/json.fieldCache
	jsonFields sync.Map
	//go:linkname xmlTypes encoding/xml.tinfoMap
	xmlTypes sync.Map
	//go:linkname gobTypes encoding/gob.userTypeCache
	gobTypes sync.Map
)

// forgetTypes empties them.
func forgetTypes() {
	jsonEncoders.Clear()
	jsonFields.Clear()
	xmlTypes.Clear()
	gobTypes.Clear()
}
