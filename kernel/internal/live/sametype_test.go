package live

import "testing"

// TestSameType checks that an unnamed type in several cells is one type, and that
// reflection finds it, in cells with a descriptor that the loader does not use.
func TestSameType(t *testing.T) {
	l := newTester(t)
	l.want("type p struct{ n int }\nvar all = []any{map[string][]*p{}, func(p) []p { return nil }, struct{ A [3]chan p }{}, [][]map[p]error{}}", "")
	const again = `same := []any{map[string][]*p{}, func(p) []p { return nil }, struct{ A [3]chan p }{}, [][]map[p]error{}}
for i, x := range same {
	fmt.Print(reflect.TypeOf(x) == reflect.TypeOf(all[i]), " ")
}
_, a := all[0].(map[string][]*p)
_, b := all[1].(func(p) []p)
_, c := all[2].(struct{ A [3]chan p })
_, d := all[3].([][]map[p]error)
of := reflect.TypeFor[p]()
fmt.Println(a, b, c, d,
	reflect.MapOf(reflect.TypeFor[string](), reflect.SliceOf(reflect.PointerTo(of))) == reflect.TypeOf(all[0]),
	reflect.FuncOf([]reflect.Type{of}, []reflect.Type{reflect.SliceOf(of)}, false) == reflect.TypeOf(all[1]),
	reflect.ChanOf(reflect.BothDir, of) == reflect.TypeOf(all[2]).Field(0).Type.Elem(),
	reflect.MapOf(of, reflect.TypeFor[error]()) == reflect.TypeOf(all[3]).Elem().Elem())`
	const yes = "true true true true true true true true true true true true\n"
	l.want(again, yes)
	l.want("func (p) String() string { return \"p\" }", "")
	l.want(again, yes)
	l.want("runtime.GC()\n"+again, yes)
	// The types of methods are compared when a value is converted to an interface.
	l.want("type q struct{}\nfunc (q) M(a map[string][]*p, b [][]map[p]error) [5]chan q { return [5]chan q{} }\nvar x any = q{}", "")
	l.want("_, is := x.(interface{ M(map[string][]*p, [][]map[p]error) [5]chan q })\n_, not := x.(interface{ M(map[string][]*p, [][]map[p]error) [6]chan q })\nfmt.Println(is, not)", "true false\n")
	l.want("type p struct{ s string }\n_, is := all[0].(map[string][]*p)\nis", "Out: false")
}
