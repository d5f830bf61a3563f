package host

import (
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

func TestSize(t *testing.T) {
	word := unsafe.Sizeof(uintptr(0))
	shared := make([]int64, 100)
	long := &named{}
	for range 2 * sizeLimit {
		long = &named{Next: long}
	}
	one := unsafe.Sizeof(named{})
	for _, c := range []struct {
		why       string
		pointer   any
		low, high uintptr
	}{
		{"a number", new(int64), 8, 8},
		{"a string and its bytes", ptr("abcd"), 2*word + 4, 2*word + 4},
		{"a slice's capacity", ptr(make([]int32, 2, 10)), 3*word + 40, 3*word + 40},
		{"strings in a slice", ptr([]string{"ab", "c"}), 3*word + 4*word + 3, 3*word + 4*word + 3},
		{"a cycle", ptr(ring()), word + 2*one + 2, word + 2*one + 2},
		{"what is shared, once", ptr([2][]int64{shared, shared}), 6*word + 800, 6*word + 800},
		{"a slice in itself", ptr(selfSlice()), 3*word + 2*word, 6*word + 2*word},
		{"a long list: some of it", &long, sizeLimit / 10 * one, 2 * sizeLimit * one},
		{"a tensor says it", ptr(counted(10)), 4000, 4000 + word + unsafe.Sizeof(fake{})},
		{"many numbers at once", ptr(make([]float64, 10_000_000)), 80_000_000, 80_000_100},
		{"nil", ptr[*point](nil), word, word},
	} {
		all := there(map[string]any{"v": c.pointer})
		got := variables(all)[0].Size
		if got < c.low || got > c.high {
			t.Errorf("%s: %d bytes, want %d to %d", c.why, got, c.low, c.high)
		}
	}
}

// there puts variables, given by pointers to them, into slots, as a cell that declares them
// does. It returns the symbols of the slots.
func there(pointers map[string]any) map[string]string {
	clear(slots)
	symbols := map[string]string{}
	for name, p := range pointers {
		slot := reflect.New(reflect.TypeOf(p))
		declare([]Slot{{Symbol: name, Pointer: slot.Interface()}})
		slot.Elem().Set(reflect.ValueOf(p))
		symbols[name] = name
	}
	return symbols
}

// TestDeclared checks that variables which a cell did not reach are recognized.
func TestDeclared(t *testing.T) {
	clear(slots)
	var a, b *int
	all := []Slot{{Symbol: "a", Pointer: &a}, {Symbol: "b", Pointer: &b}}
	declare(all)
	if *a != 0 || *b != 0 {
		t.Errorf("before: %d, %d", *a, *b)
	}
	a = ptr(3)
	if got := declared(all); len(got) != 1 || got[0] != "a" {
		t.Errorf("declared: %q, want a", got)
	}
	var none *struct{}
	all = append(all, Slot{Symbol: "none", Pointer: &none})
	declare(all)
	a, none = ptr(3), new(struct{})
	if got := declared(all); len(got) != 2 || got[1] != "none" {
		t.Errorf("declared: %q, want a and none, which has no size", got)
	}
	drop([]string{"a"})
	if a != nil || b == nil {
		t.Errorf("after a is dropped: %v, %v", a, b)
	}
}

func ptr[T any](v T) *T { return &v }

func TestVariables(t *testing.T) {
	var none any
	all := there(map[string]any{
		"b": ptr(broken{}), "a": ptr("x\ny"), "c": ptr(strings.Repeat("x", 100)), "d": &none, "e": ptr(counted(3)), "f": ptr(ring()),
	})
	want := []Variable{
		{Name: "a", Type: "string", Value: `"x\ny"`},
		{Name: "b", Type: "host.broken", Value: "%!v(PANIC=String method: no text)"},
		{Name: "c", Type: "string", Value: `"` + strings.Repeat("x", 59) + "…"},
		{Name: "d", Type: "interface {}", Value: "nil"},
		{Name: "e", Type: "*host.fake", Value: "float32[3]"},
		{Name: "f", Type: "*host.named", Value: `&{Name:"a" Next:&{Name:"b" Next:&(cycle) Any:nil} Any:nil}`},
	}
	got := variables(all)
	for i, w := range want {
		if g := got[i]; g.Name != w.Name || g.Type != w.Type || g.Value != w.Value {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
}
