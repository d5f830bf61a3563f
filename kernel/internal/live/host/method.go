package host

import (
	"fmt"
	"image"
	"reflect"
)

// byMethod returns the text that a value's own method gives: Error's if it is an error,
// otherwise Format's for %v, String's or GoString's; "" in quotes if that is empty. The
// text of a tensor or an image inside another value is its type and size.
func byMethod(v reflect.Value) (string, bool) {
	if !v.CanInterface() || v.Kind() == reflect.Interface || v.Type().NumMethod() == 0 {
		return "", false
	}
	x := v.Interface()
	if isNil(x) {
		return "", false // most methods would panic; nil says enough
	}
	if name, ok := shapeName(x); ok {
		return name, true
	}
	var s string
	switch x := x.(type) {
	case image.Image:
		s = orPanic("Bounds method", func() string { return describe(x) })
	case error:
		s = orPanic("Error method", x.Error)
	case fmt.Formatter:
		s = orPanic("Format method", func() string { return fmt.Sprintf("%v", x) })
	case fmt.Stringer:
		s = orPanic("String method", x.String)
	case fmt.GoStringer:
		s = orPanic("GoString method", x.GoString)
	default:
		return "", false
	}
	if s == "" {
		s = `""`
	}
	return s, true
}
