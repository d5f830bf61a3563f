package live

import (
	"strings"
	"testing"
)

// TestAgain checks the meaning of a name that is declared again: a new thing, with a right
// side that still sees the earlier one; what holds the earlier one keeps it.
func TestAgain(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string // the last one shows
		want  string
	}{
		{"the right side sees the old one", []string{"n := 3", "n := float64(n) / 2\nn"}, "Out: 1.5"},
		{"through a function", []string{"total := 10\nfunc get() int { return total }", "total := fmt.Sprint(get())\ntotal"}, `Out: "10"`},
		{"in a function literal", []string{"w := []string{\"b\", \"a\", \"b\"}", "w := func() map[string]int {\n\tm := map[string]int{}\n\tfor _, s := range w {\n\t\tm[s]++\n\t}\n\treturn m\n}()\nfmt.Println(w)"}, "map[a:1 b:2]\n"},
		{"by var with a type", []string{"d := \"12\"", "var d int = func() int { n, _ := strconv.Atoi(d); return n }()\nd"}, "Out: 12"},
		{"two change places", []string{"a, b := 1, \"s\"", "a, b := b, a\nfmt.Println(a, b)"}, "s 1\n"},
		{"a function's name for its result", []string{"func v() int { return 4 }", "v := v()\nv + 1"}, "Out: 5"},
		{"a pointer and a closure keep the old one", []string{"x := 1\np := &x\nf := func() int { x++; return x }", "x := \"s\"", "fmt.Println(f(), x, *p)"}, "2 s 2\n"},
		{"of the same type too", []string{"x := 1\np := &x\nf := func() int { x++; return x }", "x := 10", "fmt.Println(f(), x, *p)"}, "2 10 2\n"},
		{"a function sees the new one", []string{"x := 1\nfunc f() int { return x }", "x := 2", "f()"}, "Out: 2"},
		{"of another type too", []string{"x := 1\nfunc f() string { return fmt.Sprint(x) }", "x := 2.5", "f()"}, `Out: "2.5"`},
		{"a function value keeps the old one", []string{"func f() int { return 1 }\nh := f", "func f() int { return 2 }", "fmt.Println(h(), f())"}, "1 2\n"},
		{"a function's users call the new one", []string{"func f() int { return 1 }\nfunc g() int { return 10 * f() }\nfunc h() int { return 10 * g() }", "func f() int { return 2 }", "h()"}, "Out: 200"},
		{"a constant becomes a variable", []string{"const c = 1\nfunc f() int { return c }", "c := 5", "f()"}, "Out: 5"},
		{"a function becomes a variable", []string{"func h() int { return 1 }\nfunc g() int { return h() }", "h := func() int { return 3 }", "g()"}, "Out: 3"},
		{"a variable becomes a function", []string{"v := 7\np := &v", "func v() string { return \"f\" }", "fmt.Println(*p, v())"}, "7 f\n"},
		{"a type becomes a variable", []string{"type t struct{ a int }\nx := t{1}", "t := 5", "fmt.Println(t, x.a)"}, "5 1\n"},
		{"a goroutine goes on with the old one", []string{"m := map[string]int{}\ntick, done := make(chan bool), make(chan bool)\ngo func() {\n\t<-tick\n\tm[\"a\"]++\n\tdone <- len(m) == 1\n}()", "m := []int{1}", "tick <- true\nfmt.Println(<-done, m)"}, "true [1]\n"},
		{"values keep a type that is declared again", []string{"type p struct{ x int }\nv := p{1}\nvar a any = v", "type p struct{ x, y string }", "_, ok := a.(p)\nfmt.Println(v.x, ok, p{\"b\", \"c\"}.y)\nfmt.Printf(\"%T %T\\n\", v, p{})"}, "1 false c\nmain.p main.p\n"},
		{"a field is called after a type of before", []string{"type p struct{ x int }\ntype l struct{ p; n int }\nv := l{p{5}, 6}", "type p struct{ x, y int }", "fmt.Println(v.p.x, v.x, l{p: p{1, 2}}.p.y)"}, "5 5 2\n"},
		{"a type again, in other words, is the same", []string{"type p struct{ x int }\nfunc (v p) get() int { return v.x }\nv := p{1}", "// p is a point.\ntype p struct {\n\tx int // across\n}", "fmt.Println(v == p{1}, v.get())"}, "true 1\n"},
		{"in a group or alone", []string{"type (\n\ta struct{ n int }\n\tb struct{ a a }\n)\nv := b{a{1}}", "type a struct{ n int }\nw := a{1}", "type b struct{ a a }", "fmt.Println(v.a == w, v == b{a{1}})"}, "true true\n"},
		{"and its cell can run again", []string{"type p struct{ x int }\nfunc (v p) get() int { return v.x }\nv := p{1}\nall := []any{v}", "type p struct{ x int }\nfunc (v p) get() int { return v.x }\nw := p{1}", "fmt.Println(v == w, all[0] == any(w), all[0].(p).get())"}, "true true 1\n"},
		{"a type with another's name inside", []string{"type a struct{ n int }\ntype b struct{ in a }\nv := b{a{1}}", "type a struct{ s string }", "fmt.Println(v.in.n, b{a{\"x\"}}.in.s)"}, "1 x\n"},
		{"generic types too", []string{"type l[T any] struct{ items []T }\nx := l[int]{[]int{1}}", "type l[T any] struct{ items map[string]T }", "fmt.Println(x.items[0], l[int]{map[string]int{\"a\": 2}}.items[\"a\"])"}, "1 2\n"},
		{"and have their methods", []string{"type set[K comparable] struct{ m map[K]bool }\nfunc (s set[K]) has(k K) bool { return s.m[k] }\ns := set[int]{map[int]bool{1: true}}", "type set[K comparable, V any] struct{ m map[K]V }", "type set struct{ n int }", "type set int", "type set[K comparable] struct{ has K }", "fmt.Println(s.has(1), set[int]{3}.has)"}, "true 3\n"},
		{"in the cell that declares them again", []string{"type l[T any] struct{ v T }; func (x l[T]) get() T { return x.v }; func (x l[T]) two() (T, T) { return x.get(), x.v }; v := l[int]{5}", "type l[T any] struct{ w T }\nfmt.Println(v.get())\nfmt.Println(v.two())"}, "5\n5 5\n"},
		{"unless they call what is another by now", []string{"type u struct{}\nfunc (u) m() int { return 1 }\ntype l[T any] struct{ v T }\nfunc (x l[T]) get() int { return u{}.m() }\nv := l[int]{5}", "type l[T any] struct{ w T }", "func (u) m() string { return \"s\" }", "v.v"}, "Out: 5"},
		{"types under names of Go's types", []string{"type int string\nvar x int = \"a\"", "type string float64", "fmt.Println(x, string(2)/4)"}, "a 0.5\n"},
		{"names of Go", []string{"len := 3\nstring := \"a\"\nx := \"b\"", "fmt.Println(len, string, x)"}, "3 a b\n"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.wantSilent(test.cells, test.want)
		})
	}
}

// TestOldStaysWhenTheNewFails checks that a variable is unchanged when the cell that
// declares it again ends before the declaration.
func TestOldStaysWhenTheNewFails(t *testing.T) {
	l := newTester(t)
	l.want("x, kept := 7, 1", "")
	l.want("func f() string { return fmt.Sprint(x) }", "")
	if _, err := l.run("kept := 2\nx := strings.Repeat(\"a\", -1)"); err == nil || !strings.Contains(err.Error(), "negative Repeat count") {
		t.Errorf("a panic: %v", err)
	}
	l.want("fmt.Println(x, kept, f())", "7 2 7\n")
	l.want("x := \"s\"", "")
	l.want("fmt.Println(x, f())", "s s\n")
}

// TestWhatStays checks that the cell says what keeps using the replaced meaning of a name.
func TestWhatStays(t *testing.T) {
	l := newTester(t)
	l.want("x := 1\nfunc twice() int { return 2 * x }", "")
	o, err := l.Eval(t.Context(), Cell{Number: 2, Code: "x := \"s\""}, nil)
	if err != nil || len(o.Warnings) != 1 || !strings.HasPrefix(o.Warnings[0], "twice (cell 1) stays as it was: ") {
		t.Errorf("%+v, %v", o, err)
	}
	l.want("twice()", "Out: 2")
	l.want("type p struct{ a int }\nv := p{1}", "")
	o, err = l.Eval(t.Context(), Cell{Number: 4, Code: "type p struct{ a, b int }\nfunc sum(v p) int { return v.a + v.b }"}, nil)
	if err != nil || len(o.Warnings) != 1 || o.Warnings[0] != "v keeps the type p as it was" {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := l.run("sum(v)"); err == nil || !strings.Contains(err.Error(), "p (as declared in cell 3)") {
		t.Errorf("a type of before: %v", err)
	}
	l.want("p := p{3, 4}", "")
	o, err = l.Eval(t.Context(), Cell{Number: 7, Code: "type p struct{ a, b int }\nw := v"}, nil)
	if err != nil || len(o.Warnings) != 0 {
		t.Errorf("of a type before the last: %+v, %v", o, err)
	}
	l.want("q := p{5, 6}\np := 1", "")
	o, err = l.Eval(t.Context(), Cell{Number: 9, Code: "type p struct{ a, b int }"}, nil)
	if err != nil || len(o.Warnings) != 1 || o.Warnings[0] != "q keeps the type p as it was" {
		t.Errorf("a type in the place of a variable: %+v, %v", o, err)
	}
}

// TestLetGo checks that an unreferenced variable is collected when its name is declared
// again.
func TestLetGo(t *testing.T) {
	l := newTester(t)
	l.want("freed := make(chan int, 100)\ntype big struct {\n\tdata [1 << 20]byte\n\tn    int\n}", "")
	for range 5 {
		l.want("b := &big{n: 1}\n_ = runtime.AddCleanup(b, func(n int) { freed <- n }, 1)", "")
	}
	l.want("b := \"none\"", "")
	l.want("_ = b\nfor i := 0; i < 100 && len(freed) < 5; i++ {\n\truntime.GC()\n\ttime.Sleep(10 * time.Millisecond)\n}\nlen(freed)", "Out: 5")
}
