package host

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// thrown is a panic's value as Go prints it (runtime.printpanicval), but for the address that
// Go prints of what is composed: its value says more.
func thrown(r any) string {
	switch r := r.(type) {
	case error:
		return guarded(r.Error)
	case fmt.Stringer:
		return guarded(r.String)
	case string:
		return r
	}
	v := reflect.ValueOf(r)
	text, kind := "", v.Type().String()
	switch {
	case v.Kind() == reflect.Bool:
		text = strconv.FormatBool(v.Bool())
	case v.CanInt():
		text = strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		text = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		text = strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case v.CanComplex():
		text = strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case v.Kind() == reflect.String:
		text = `"` + v.String() + `"`
	default:
		return guarded(func() string { return fmt.Sprintf("(%s) %+v", kind, r) })
	}
	if v.Type().PkgPath() == "" {
		return text
	}
	return kind + "(" + strings.Trim(text, "()") + ")" // a complex number has them
}

// orPanic is a text, or what fmt says in its place where what makes it panics.
func orPanic(what string, text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprintf("%%!v(PANIC=%s: %s)", what, guarded(func() string { return fmt.Sprint(r) }))
		}
	}()
	return text()
}

// guarded is the text of what code has panicked with.
func guarded(text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = "a value whose text panics too"
		}
	}()
	return text()
}
