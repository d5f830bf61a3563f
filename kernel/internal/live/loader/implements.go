package loader

import (
	"reflect"
	_ "unsafe" // for go:linkname
)

//go:linkname getitab runtime.getitab
func getitab(inter, of *descriptor, canFail bool) *itab

//go:linkname toType reflect.toType
func toType(t *descriptor) reflect.Type

// Implements replaces reflect.implements and internal/reflectlite.implements in the shared
// library: it reports whether a type, of, has all methods of an interface type, inter. It
// asks the runtime, which added methods do not disturb.
func Implements(inter, of *descriptor) bool {
	t, v := toType(inter), toType(of)
	switch {
	case t.Kind() != reflect.Interface:
		return false
	case t.NumMethod() == 0:
		return true
	case v.Kind() != reflect.Interface:
		return getitab(inter, of, true) != nil
	}
	n := 0 // index into t's methods, which are sorted, as v's are
	for i := 0; i < v.NumMethod() && n < t.NumMethod(); i++ {
		has, want := v.Method(i), t.Method(n)
		if has.Name == want.Name && has.PkgPath == want.PkgPath && has.Type == want.Type {
			n++
		}
	}
	return n == t.NumMethod()
}
