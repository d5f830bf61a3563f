package loader

import (
	"maps"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	_ "unsafe" // for go:linkname
)

// Caches, by type, of packages that search types for methods.
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

// forgetTypes empties the caches if methods were added. It is called after they were, and
// before the next cell: by then, a goroutine that was about to add an old answer has added
// it.
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

// forgetGob makes package gob forget how it sends types of cells, and types that contain
// such types. Gob keeps this by type as well: the types that it has numbered, and the
// description of each.
func forgetGob() {
	gobLock.Lock()
	defer gobLock.Unlock()
	maps.DeleteFunc(gobNumbered, func(t reflect.Type, _ gobType) bool { return hasCells(t, map[reflect.Type]bool{}) })
	if known := gobKnown.Load(); known != nil {
		gobKnown.Store(reflect.MakeMap(reflect.TypeOf(known)).Interface())
	}
}

// gobType is gob's gobType: an interface with methods.
type gobType interface{ string() string }

var (
	//go:linkname gobLock encoding/gob.typeLock
	gobLock sync.Mutex
	//go:linkname gobNumbered encoding/gob.types
	gobNumbered map[reflect.Type]gobType
	//go:linkname gobKnown encoding/gob.typeInfoMap
	gobKnown atomic.Value
)

// hasCells reports whether a type belongs to cells or contains one that does.
func hasCells(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if t.PkgPath() == "main" || strings.Contains(t.Name(), "[") { // reflection does not show a generic type's arguments
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
