package loader

import (
	"maps"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	_ "unsafe" // for go:linkname
)

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

// grown says that methods were added since a cell was opened.
var grown bool

// forgetTypes empties them if methods were added. It is called when they were, and before the
// next cell: what a goroutine was about to put there, it has put there by then.
func forgetTypes() {
	if !grown {
		return
	}
	jsonEncoders.Clear()
	jsonFields.Clear()
	xmlTypes.Clear()
	gobTypes.Clear()
	forgetGob()
}

// forgetGob has package gob forget what it sends for types of cells, and for types that have
// such types in them. It keeps that by type, too: the types that it has numbered, and what is to
// be said of each.
func forgetGob() {
	gobLock.Lock()
	defer gobLock.Unlock()
	maps.DeleteFunc(gobNumbered, func(t reflect.Type, _ gobType) bool { return hasCells(t, map[reflect.Type]bool{}) })
	if known := gobKnown.Load(); known != nil {
		gobKnown.Store(reflect.MakeMap(reflect.TypeOf(known)).Interface())
	}
}

// gobType is gob's: an interface with methods.
type gobType interface{ string() string }

var (
	//go:linkname gobLock encoding/gob.typeLock
	gobLock sync.Mutex
	//go:linkname gobNumbered encoding/gob.types
	gobNumbered map[reflect.Type]gobType
	//go:linkname gobKnown encoding/gob.typeInfoMap
	gobKnown atomic.Value
)

// hasCells tells whether a type is of cells or has one in it.
func hasCells(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if t.PkgPath() == "main" || strings.Contains(t.Name(), "[") { // what a generic type is made of it does not tell
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return hasCells(t.Elem(), seen)
	case reflect.Map:
		return hasCells(t.Key(), seen) || hasCells(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if hasCells(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
