package host

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a value's text. What is omitted is counted.
const (
	textLimit   = 16 << 10 // bytes in total
	stringLimit = 1000     // characters of a string
	itemLimit   = 100      // items of a slice or map; a fifth of it inside another value
	depthLimit  = 8        // values inside values
	followLimit = 4        // depth down to which pointers are followed
)

// text returns a value in the format of %+v, except that strings are quoted, nil is nil,
// pointers are followed, and that the length is limited.
func text(v any) string { return textWithin(reflect.ValueOf(v), textLimit) }

func textWithin(v reflect.Value, limit int) string {
	p := &printer{left: limit}
	p.value(v, 0)
	return p.out.String()
}

// printer writes values until its space is used up.
type printer struct {
	out  strings.Builder
	left int
	full bool
	path []visit // from the first value to the one being written
}

// visit is a pointer that is being followed.
type visit struct {
	at  uintptr
	typ reflect.Type
}

// write writes as long as there is space.
func (p *printer) write(s string) {
	switch {
	case p.full:
		return
	case len(s) > p.left:
		for p.left > 0 && !utf8.RuneStart(s[p.left]) {
			p.left--
		}
		s, p.full = s[:p.left]+" … cut", true
	}
	p.left -= len(s)
	p.out.WriteString(s)
}

func (p *printer) value(v reflect.Value, depth int) {
	if p.full {
		return
	}
	if !v.IsValid() {
		p.write("nil")
		return
	}
	if s, ok := byMethod(v); ok {
		p.write(s)
		return
	}
	if depth > depthLimit {
		p.write("…")
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		p.value(v.Elem(), depth)
	case reflect.String:
		p.write(quoted(v.String()))
	case reflect.Func, reflect.Chan:
		if v.IsNil() {
			p.write("nil")
		} else {
			p.write(v.Type().String())
		}
	case reflect.Pointer:
		p.pointer(v, depth)
	case reflect.Struct:
		p.write("{")
		for i := range v.NumField() {
			if p.full {
				return
			}
			if i > 0 {
				p.write(" ")
			}
			p.write(v.Type().Field(i).Name + ":")
			p.value(v.Field(i), depth+1)
		}
		p.write("}")
	case reflect.Slice, reflect.Array:
		p.items(v, depth)
	case reflect.Map:
		p.pairs(v, depth)
	case reflect.UnsafePointer:
		p.write(fmt.Sprintf("0x%x", v))
	default:
		p.write(fmt.Sprint(v)) // a number or a bool
	}
}

// pointer follows a pointer, unless it is being followed already.
func (p *printer) pointer(v reflect.Value, depth int) {
	here := visit{v.Pointer(), v.Type()}
	switch {
	case v.IsNil():
		p.write("nil")
	case slices.Contains(p.path, here):
		p.write("&(cycle)")
	case depth > followLimit || !v.CanInterface(): // the latter: another package's internals
		p.write(fmt.Sprintf("0x%x", v.Pointer()))
	default:
		p.path = append(p.path, here)
		p.write("&")
		p.value(v.Elem(), depth+1)
		p.path = p.path[:len(p.path)-1]
	}
}

// enter records that a slice or map is being written; it returns false if it was already.
func (p *printer) enter(v reflect.Value) bool {
	if v.Kind() == reflect.Array || v.Len() == 0 {
		p.path = append(p.path, visit{})
		return true
	}
	here := visit{v.Pointer(), v.Type()}
	if slices.Contains(p.path, here) {
		return false
	}
	p.path = append(p.path, here)
	return true
}

// limit returns how many items are written at a depth.
func limit(depth int) int {
	if depth == 0 {
		return itemLimit
	}
	return itemLimit / 5
}

func (p *printer) items(v reflect.Value, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		p.write(octets(v))
		return
	}
	if !p.enter(v) {
		p.write("[cycle]")
		return
	}
	p.write("[")
	n := min(v.Len(), limit(depth))
	for i := range n {
		if p.full {
			return
		}
		if i > 0 {
			p.write(" ")
		}
		p.value(v.Index(i), depth+1)
	}
	p.write(more(v.Len()-n) + "]")
	p.path = p.path[:len(p.path)-1]
}

func (p *printer) pairs(v reflect.Value, depth int) {
	if !p.enter(v) {
		p.write("map[cycle]")
		return
	}
	p.write("map[")
	keys := firstKeys(v, limit(depth))
	for i, k := range keys {
		if p.full {
			return
		}
		if i > 0 {
			p.write(" ")
		}
		p.value(k, depth+1)
		p.write(":")
		p.value(v.MapIndex(k), depth+1)
	}
	p.write(more(v.Len()-len(keys)) + "]")
	p.path = p.path[:len(p.path)-1]
}

// more says how many items were omitted.
func more(n int) string {
	if n <= 0 {
		return ""
	}
	return " … " + thousands(n) + " more"
}

// thousands writes a number in the form 9,990.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// quoted returns a string as Go would write it. A long one is cut and marked.
func quoted(s string) string {
	head, n := s, 0
	for i := range s {
		if n++; n > stringLimit {
			head = s[:i]
			break
		}
	}
	if len(head) == len(s) {
		return strconv.Quote(s)
	}
	return strconv.Quote(head) + "… " + thousands(len(s)-len(head)) + " more bytes"
}

// octets returns bytes as text if they are text, otherwise the first of them.
func octets(v reflect.Value) string {
	n := min(v.Len(), stringLimit)
	head := make([]byte, n)
	for i := range head {
		head[i] = byte(v.Index(i).Uint())
	}
	name := v.Type().String()
	if name == "[]uint8" {
		name = "[]byte"
	}
	if n == v.Len() && n > 0 && utf8.Valid(head) && !strings.ContainsFunc(string(head), unprintable) {
		return name + "(" + strconv.Quote(string(head)) + ")"
	}
	shown := head[:min(n, 16)]
	return strings.TrimSuffix(fmt.Sprintf("%s{% x", name, shown), " ") + more(v.Len()-len(shown)) + "}"
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }

// firstKeys returns the first n keys of a map in order.
func firstKeys(v reflect.Value, n int) []reflect.Value {
	var keys []reflect.Value
	for i := v.MapRange(); i.Next(); {
		if keys = append(keys, i.Key()); len(keys) >= 4*n+64 {
			slices.SortStableFunc(keys, compare)
			keys = keys[:n]
		}
	}
	slices.SortStableFunc(keys, compare)
	return keys[:min(n, len(keys))]
}

// compare orders keys: numbers by size, all others by their text.
func compare(a, b reflect.Value) int {
	for a.Kind() == reflect.Interface && b.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if a.IsValid() && b.IsValid() && a.Kind() == b.Kind() {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		case a.Kind() == reflect.String:
			return cmp.Compare(a.String(), b.String())
		}
	}
	return cmp.Compare(textWithin(a, 200), textWithin(b, 200))
}
