package host

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// told returns what Go prints for panics of which the last is not recovered
// (runtime.printpanics), without the first word. value is the last one's value.
func told(all []panicking, value any) string {
	if len(all) < 2 {
		return thrown(value)
	}
	var b strings.Builder
	for i, p := range all {
		if p.goexit || i > 0 && all[i-1].again {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\tpanic: ")
		}
		b.WriteString(strings.ReplaceAll(thrown(p.value), "\n", "\n\t"))
		switch {
		case p.recovered && p.again:
			b.WriteString(" [recovered, repanicked]")
		case p.recovered:
			b.WriteString(" [recovered]")
		}
	}
	return b.String()
}

// thrown returns a panic's value as Go prints it (runtime.printpanicval), except that for
// composite values, where Go prints an address, it returns the value.
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
	return kind + "(" + strings.Trim(text, "()") + ")" // a complex number has parentheses already
}

// orPanic returns a text, or what fmt would write in its place if the function panics.
func orPanic(what string, text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprintf("%%!v(PANIC=%s: %s)", what, guarded(func() string { return fmt.Sprint(r) }))
		}
	}()
	return text()
}

// guarded returns the text of a value that code has panicked with.
func guarded(text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = "a value whose text panics too"
		}
	}()
	return text()
}
