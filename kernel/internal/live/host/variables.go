package host

import (
	"reflect"
	"sort"
	"strings"
	"unsafe"
)

// Variable is a variable that lives in the session.
type Variable struct {
	Name, Type string
	Value      string // the beginning of its text, in one line
	// Size is how many bytes the variable uses with everything that it refers to, shared or
	// not, each counted once; a lower bound if that is very much.
	Size uintptr
}

// Slot is the place of a session's variable.
type Slot struct {
	Symbol  string
	Pointer any // to the pointer to the variable
	Before  any // to a zero value that stands for it until it is declared; nil: allocated on the heap
}

// slots are pointers to the session's variables, by symbol.
var slots = map[string]reflect.Value{}

// before holds the variables that slots had when the cell that declares them began. Once
// the declaration has been reached, a slot has another.
var before map[string]uintptr

// declare gives the variables of a cell a zero value until they are declared, for functions
// that use them earlier.
func declare(all []Slot) {
	before = map[string]uintptr{}
	for _, s := range all {
		slot := reflect.ValueOf(s.Pointer).Elem()
		var zero reflect.Value
		switch {
		case s.Before != nil:
			zero = reflect.ValueOf(s.Before)
		case slot.Type().Elem().Size() == 0: // all values of size zero have one address
			zero = reflect.NewAt(slot.Type().Elem(), unsafe.Pointer(new(byte)))
		default:
			zero = reflect.New(slot.Type().Elem())
		}
		slot.Set(zero)
		slots[s.Symbol], before[s.Symbol] = slot, slot.Pointer()
	}
}

// declared returns the symbols of the variables that have been declared.
func declared(all []Slot) []string {
	var reached []string
	for _, s := range all {
		if slots[s.Symbol].Pointer() != before[s.Symbol] {
			reached = append(reached, s.Symbol)
		}
	}
	return reached
}

// drop releases variables: they are collected when nothing else points to them.
func drop(symbols []string) {
	for _, s := range symbols {
		if slot, ok := slots[s]; ok {
			slot.SetZero()
			delete(slots, s)
		}
	}
}

func variables(symbols map[string]string) []Variable {
	var all []Variable
	for name, symbol := range symbols {
		slot, ok := slots[symbol]
		if !ok || slot.IsNil() {
			continue
		}
		v := slot.Elem()
		all = append(all, Variable{Name: name, Type: v.Type().String(), Value: brief(v), Size: size(v)})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// briefLimit is how many characters of a value a list of variables shows.
const briefLimit = 60

// brief returns a value in one line.
func brief(v reflect.Value) string {
	s := orPanic("its text", func() string {
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		return textWithin(v, 4*briefLimit)
	})
	line, _, cut := strings.Cut(strings.ToValidUTF8(s, "\uFFFD"), "\n")
	text := []rune(line)
	if len(text) > briefLimit {
		text, cut = text[:briefLimit], true
	}
	if cut {
		return string(text) + "…"
	}
	return string(text)
}

// sizeLimit is how many values are visited to find the size of one.
const sizeLimit = 100_000

// size returns the bytes of a value and of everything that it refers to.
func size(v reflect.Value) uintptr {
	s := sizer{seen: map[visit]bool{}, left: sizeLimit}
	return v.Type().Size() + s.held(v)
}

type sizer struct {
	seen map[visit]bool
	left int
}

// first reports whether the data at a pointer has not been counted yet, and marks it as
// counted.
func (s *sizer) first(v reflect.Value) bool {
	here := visit{v.Pointer(), v.Type()}
	if v.IsNil() || s.seen[here] {
		return false
	}
	s.seen[here] = true
	return true
}

// held returns the bytes that a value refers to, besides its own.
func (s *sizer) held(v reflect.Value) uintptr {
	if s.left--; s.left < 0 || !v.IsValid() {
		return 0
	}
	var n uintptr
	switch v.Kind() {
	case reflect.String:
		n = uintptr(v.Len())
	case reflect.Pointer:
		if s.first(v) {
			n = v.Type().Elem().Size()
			if m, ok := memory(v); ok {
				n += m
			} else {
				n += s.held(v.Elem())
			}
		}
	case reflect.Interface:
		if !v.IsNil() {
			if n = s.held(v.Elem()); v.Elem().Kind() != reflect.Pointer {
				n += v.Elem().Type().Size()
			}
		}
	case reflect.Slice:
		if s.first(v) {
			n = uintptr(v.Cap()) * v.Type().Elem().Size()
			if refers(v.Type().Elem()) {
				n += s.items(v)
			}
		}
	case reflect.Array:
		if refers(v.Type().Elem()) {
			n = s.items(v)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += s.held(v.Field(i))
		}
	case reflect.Map:
		if s.first(v) {
			key, element := v.Type().Key(), v.Type().Elem()
			n = uintptr(v.Len()) * (key.Size() + element.Size())
			if refers(key) || refers(element) {
				for i := v.MapRange(); s.left > 0 && i.Next(); {
					n += s.held(i.Key()) + s.held(i.Value())
				}
			}
		}
	case reflect.Chan:
		if s.first(v) {
			n = uintptr(v.Cap()) * v.Type().Elem().Size()
		}
	}
	return n
}

func (s *sizer) items(v reflect.Value) uintptr {
	var n uintptr
	for i := 0; i < v.Len() && s.left > 0; i++ {
		n += s.held(v.Index(i))
	}
	return n
}

// refers reports whether values of a type can refer to others.
func refers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return false
	case reflect.Array:
		return refers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if refers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return true
}

// memory returns how many bytes a tensor says its elements use: they may be where
// reflection does not see them.
func memory(v reflect.Value) (n uintptr, ok bool) {
	if !v.CanInterface() {
		return 0, false
	}
	m, ok := v.Interface().(interface{ Memory() uintptr })
	if !ok {
		return 0, false
	}
	defer func() {
		if r := recover(); r != nil {
			n = 0 // a tensor that was given away has no elements
		}
	}()
	return m.Memory(), true
}
