package host

import (
	"fmt"
	"reflect"
	"sort"
)

// Variable is one that lives in the session.
type Variable struct {
	Name, Type, Value string
	Size              uintptr // bytes of the variable itself and what it holds directly
}

// living are pointers to the session's variables, by name.
var living = map[string]any{}

func declare(pointers map[string]any) {
	for name, p := range pointers {
		drop([]string{name})
		living[name] = p
	}
}

// drop lets go of variables: they are set to zero, so that what they held can be collected.
func drop(names []string) {
	for _, name := range names {
		if p, ok := living[name]; ok {
			reflect.ValueOf(p).Elem().SetZero()
			delete(living, name)
		}
	}
}

func variables() []Variable {
	var all []Variable
	for name, p := range living {
		v := reflect.ValueOf(p).Elem()
		line := brief(v)
		all = append(all, Variable{Name: name, Type: tidy(v.Type().String()), Value: line, Size: size(v)})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// brief is a value in a line.
func brief(v reflect.Value) string {
	text := []rune(tidy(guarded(func() string { return fmt.Sprintf("%v", v.Interface()) })))
	for i, r := range text {
		if r == '\n' || i == 60 {
			return string(text[:i]) + "…"
		}
	}
	return string(text)
}

func size(v reflect.Value) uintptr {
	n := v.Type().Size()
	switch v.Kind() {
	case reflect.Slice:
		n += uintptr(v.Cap()) * v.Type().Elem().Size()
	case reflect.String:
		n += uintptr(v.Len())
	case reflect.Map:
		n += uintptr(v.Len()) * (v.Type().Key().Size() + v.Type().Elem().Size())
	case reflect.Pointer:
		if !v.IsNil() {
			n += size(v.Elem())
		}
	}
	return n
}
