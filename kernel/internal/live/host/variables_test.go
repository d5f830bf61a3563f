package host

import (
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
		declare(map[string]any{"v": c.pointer})
		got := variables()[0].Size
		if got < c.low || got > c.high {
			t.Errorf("%s: %d bytes, want %d to %d", c.why, got, c.low, c.high)
		}
		delete(living, "v")
	}
}

func ptr[T any](v T) *T { return &v }

func TestVariables(t *testing.T) {
	defer clear(living)
	var none any
	declare(map[string]any{
		"b": ptr(broken{}), "a": ptr("x\ny"), "c": ptr(strings.Repeat("x", 100)), "d": &none, "e": ptr(counted(3)), "f": ptr(ring()),
	})
	want := []Variable{
		{Name: "a", Type: "string", Value: `"x\ny"`},
		{Name: "b", Type: "host.broken", Value: "a value whose text panics too"},
		{Name: "c", Type: "string", Value: `"` + strings.Repeat("x", 59) + "…"},
		{Name: "d", Type: "interface {}", Value: "nil"},
		{Name: "e", Type: "*host.fake", Value: "float32[3]"},
		{Name: "f", Type: "*host.named", Value: `&{Name:"a" Next:&{Name:"b" Next:&(cycle) Any:nil} Any:nil}`},
	}
	got := variables()
	for i, w := range want {
		if g := got[i]; g.Name != w.Name || g.Type != w.Type || g.Value != w.Value {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
}
