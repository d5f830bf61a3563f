package live

import (
	"strings"
	"testing"
)

// TestShadow checks variables and constants with the name of an earlier type: as in any
// main, they shadow it, and code that uses the type keeps using it.
func TestShadow(t *testing.T) {
	const server = "type server struct{ n int }\nfunc (s server) get() int { return s.n }\nfunc newServer() *server { return &server{3} }"
	const celsius = "type celsius float64\nfunc (c celsius) twice() float64 { return 2 * float64(c) }"
	inSessions(t, []sessionRow{
		{"by what a function returns", []string{server, "server := newServer()", "server.get() + newServer().n"}, "Out: 6"},
		{"a method in the same cell", []string{server, "server := server{4}\nserver.get()"}, "Out: 4"},
		{"a conversion", []string{celsius, "celsius := celsius(50); celsius.twice()"}, "Out: 100"},
		{"a constant", []string{celsius, "const celsius = celsius(50)\ncelsius.twice()"}, "Out: 100"},
		{"a constant of another type", []string{server, "const server = 3\nnewServer().get() + server"}, "Out: 6"},
		{"by var, of the type", []string{server, "var server server\nserver.get()"}, "Out: 0"},
		{"by var, before init", []string{server, "var server = server{n}\nvar n = 5\nfunc init() { n++ }\nserver.get() + n"}, "Out: 11"},
		{"an old variable's method", []string{server, "s := newServer()", "server := 3; s.get() + server"}, "Out: 6"},
		{"a loop's", []string{server, "for _, server := range []server{{1}, {2}} {\n\tfmt.Print(server.get(), \" \")\n}", "server{7}.get()"}, "Out: 7"},
		{"generic types", []string{"type stack[T any] struct{ items []T }\nfunc (s *stack[T]) push(t T) { s.items = append(s.items, t) }\nfunc size[T any](s *stack[T]) int { return len(s.items) }", "stack := &stack[int]{}; stack.push(1)", "stack.push(2)\nsize(stack)"}, "Out: 2"},
		{"interface types", []string{"type shape interface{ area() int }\ntype sq struct{ n int }\nfunc (s sq) area() int { return s.n * s.n }\nfunc mk(n int) shape { return sq{n} }", "shape := mk(3)", "sq := sq{4}\nshape = sq\nshape.area() + mk(1).area()"}, "Out: 17"},
		{"types of functions", []string{"type handler func(int) int\nfunc (h handler) twice(n int) int { return h(h(n)) }", "handler := handler(func(n int) int { return n + 10 })\nfunc g() int { return handler(3) + handler.twice(1) }", "g()"}, "Out: 34"},
		{"the cell again", []string{server, "server := newServer()", "server := newServer()", "server.get()"}, "Out: 3"},
		{"another variable of the name", []string{server, "server := newServer()", "server := \"s\"", "fmt.Sprint(server, newServer().get())"}, `Out: "s3"`},
		{"a type that embeds it stays the same type", []string{server + "\ntype b struct{ server }\nvar v b", "server := newServer()\nv.server = *server", "v = b{server: *server}\nv.server.n + v.get()"}, "Out: 6"},
		{"functions of the cell use the variable", []string{server, "server := newServer()\nfunc show() int { return server.get() + server.n }\nshow()", "server.n++\nshow()"}, "Out: 8"},
		{"functions of the cell use the type", []string{server, "func mk(n int) (s *server) { return &server{n} }\nserver := mk(5)", "server.n + mk(1).n"}, "Out: 6"},
		{"functions of the cell use both", []string{celsius, "func warmer(c celsius) celsius { return celsius(2) + c + celsius0() }\nfunc celsius0() celsius { var all []celsius; return append(all, celsius)[0] }\ncelsius := celsius(1)\nwarmer(3)", "warmer(4)"}, "Out: 7"},
		{"types of the cell use the type", []string{server, "type b struct {\n\tserver\n\tother map[string]*server\n}\nserver := newServer()\nfunc f() int { return b{server: *server}.get() }\nf()", "f()"}, "Out: 3"},
		{"methods of the cell", []string{server, "func (s server) get() int { return 10 * s.n }\nfunc (s *server) add() { s.n++ }\nserver := newServer()\nserver.add()\nserver.get()", "server.get()"}, "Out: 40"},
		{"methods by another name", []string{server + "\ntype alias = server\nvar x any = server{1}", "server := newServer()\nfunc (s alias) twice() int { return 2 * s.n }", "func (s alias) thrice() int { return 3 * s.n }", "server.twice() + server.thrice() + x.(interface{ thrice() int }).thrice()"}, "Out: 18"},
		{"methods later", []string{server, "server := newServer()", "func (s *server) add(by int) *server { s.n += by; return s }", "server.add(2).n"}, "Out: 5"},
		{"what the type's code uses is declared again", []string{"func k() int { return 1 }", "type server struct{ n int }\nfunc (s server) get() int { return s.n + k() }\nfunc newServer() *server { return &server{k()} }", "server := newServer()", "func k() int { return 10 }", "server.get() + newServer().n"}, "Out: 21"},
		{"in the same cell too", []string{"k := 1", "type server struct{ n int }\nfunc (s server) get() int { return s.n + int(k) }\nfunc newServer() *server { return &server{int(k)} }", "k := int8(10)\nserver := newServer()\nfunc show() int { return server.n }\nserver.get() + show()"}, "Out: 30"},
		{"the type is declared again", []string{"type p struct{ x, y int }\nfunc (v p) sum() int { return v.x + v.y }\nfunc mk() p { return p{x: 1} }", "p := mk()", "type p struct{ x, y, z int }\nmk().sum() + p{z: 3}.z", "mk().z + p{2, 3, 4}.sum()"}, "Out: 5"},
		{"the variable of a name that is a function", []string{"func f() int { return 1 }\nfunc g() int { return f() + 1 }", "f := f()\nf + g()"}, "Out: 3"},
	})
}

// TestShadowGo checks variables and constants with names of Go's own: statements mean the
// variable from then on, as in any main; functions, methods and types still mean Go's own
// where a type stands or a function is called, and true, false and nil.
func TestShadowGo(t *testing.T) {
	inSessions(t, []sessionRow{
		{"a result", []string{"error := 3", "func f() error { return nil }", "f() == nil && error == 3"}, "Out: true"},
		{"in the same cell", []string{"error := 3\nfunc f() error { return nil }\nf() == nil", "f() == nil && error == 3"}, "Out: true"},
		{"functions of before", []string{"func g() int { return 1 }\nfunc f() (int, error) { return g(), nil }", "error := 3", "func g() int { return 2 }", "f()"}, "Out: 2"},
		{"declared again", []string{"func g() int { return 1 }\nfunc f() (int, error) { return g(), nil }", "error := 3", "error := \"s\"\nfunc g() int { return 2 }", "f()"}, "Out: 2"},
		{"by what a function returns", []string{"func f() error { return io.EOF }", "error := f()", "func g() error { return error }", "g()"}, "Out: EOF"},
		{"parameters and a conversion", []string{"string := \"x\"", "func f(b []byte, s string) string { return string(b) + s + \"!\" }", "f([]byte(string), string)"}, `Out: "xx!"`},
		{"types that are declared", []string{"error, int := 3, 4.5", "type t struct {\n\terr error\n\tn   map[int]*int\n}\nfunc (v t) get(x any) (e error, ok bool) { e, ok = x.(error); return }", "_, ok := t{}.get(io.EOF)\nok"}, "Out: true"},
		{"that are embedded", []string{"error := 3", "type t struct{ error }", "t{io.EOF}.Error()"}, `Out: "EOF"`},
		{"a type stays the same", []string{"type t struct{ err error }\nx := t{}", "error := 3", "type t struct{ err error }\nx == t{}"}, "Out: true"},
		{"by a constant, too", []string{"type t struct{ err error }\nx := t{}", "const error = 3", "x == t{}"}, "Out: true"},
		{"by two variables in turn", []string{"type t struct{ err error }\nx := t{}", "error := 3", "error := \"s\"", "x == t{}"}, "Out: true"},
		{"constraints", []string{"any, comparable, int := 1, 2, 3", "type number interface{ ~int | ~float64 }\nfunc f[K comparable, V any, N number](m map[K]V, n N) N { return n + N(len(m)) }", "f(map[string]bool{\"a\": true}, any + comparable + int)"}, "Out: 7"},
		{"generic functions of before", []string{"func f[T any](v T) (error, []T) { return nil, append([]T{}, v) }", "error, append, any := 1, 2, 3", "f(error + append + any)"}, "Out: nil, [6]"},
		{"a switch by type", []string{"error := 3", "func f(v any) bool {\n\tswitch v.(type) {\n\tcase error:\n\t\treturn true\n\t}\n\treturn false\n}", "f(io.EOF) && !f(error)"}, "Out: true"},
		{"a function", []string{"len := 3", "func f(s []int) int { return len(s) }", "f(nil) + len"}, "Out: 3"},
		{"and the variable", []string{"len := 3", "func f(s []int) int { return len(s) + len }", "len = 5", "f([]int{1})"}, "Out: 6"},
		{"of another type by then", []string{"len := 3\nfunc f(s []int) string { return fmt.Sprint(len(s), len) }", "len := \"s\"", "f(nil)"}, `Out: "0s"`},
		{"one that is a function itself", []string{"max := func(a, b int) int { return a - b }", "func f() int { return max(1, 2) + min(1, 2) }", "f()"}, "Out: 0"},
		{"the largest so far", []string{"max := 0\nfor _, v := range []int{3, 9, 2} {\n\tif v > max {\n\t\tmax = v\n\t}\n}", "func clamp(x int) int { return max(0, min(x, 10)) }", "clamp(30) + max"}, "Out: 19"},
		{"constants", []string{"const max = 10\nfunc f(a int) int { return max(a, 3) + max }", "f(1)"}, "Out: 13"},
		{"a constant in a constant", []string{"iota := 7", "const (\n\ta = iota + len(\"abc\")\n\tb\n)", "b + iota"}, "Out: 11"},
		{"by var, before init", []string{"var new = n\nvar n = 5\nfunc init() { n += *new(int) + new }", "new + n"}, "Out: 15"},
		{"true, false, nil", []string{"true, false, nil := 1, 2, 3\nfor i := range true {\n\tfalse += i\n}", "func f(err error) bool { return err == nil && true }", "f(os.ErrExist) == (true > false) && nil == 3"}, "Out: true"},
		{"keys of maps and of structs", []string{"type t struct{ len int }\nlen := 4", "func f() (map[int]t, t) { return map[int]t{len: {len: 1}}, t{len: len} }", "m, v := f()\nm[len].len + v.len"}, "Out: 5"},
		{"all the others", []string{"bool, byte, rune, float64, uint8, append, cap, clear, close, complex, copy, delete, imag, make, min, new, panic, print, println, real, recover := 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21",
			"func f() (b byte, ok bool) {\n\tdefer func() { ok = recover() != nil }()\n\tm := make(map[rune]uint8, cap(append([]bool{}, true)))\n\tdelete(m, 'a')\n\tclear(m)\n\t*new(float64) = real(complex(1, min(2, imag(1i))))\n\tb = byte(copy([]rune{1}, []rune{2}))\n\tpanic(b)\n}", "b, ok := f()\nfmt.Sprint(b, ok, bool+recover)"}, `Out: "1 true 22"`},
		{"main and init", []string{"main, init := 2, 3", "main++\nfunc f() int { return main + init }", "init = 5\nf() + main"}, "Out: 11"},
		{"main in the same cell", []string{"main := 2\nfunc f() int { return 10 * main }\nf()", "var main = 3", "f()"}, "Out: 30"},
		{"main, before init", []string{"var main = 2\nvar n = main\nfunc init() { main++ }", "main + n"}, "Out: 5"},
		{"main is a constant", []string{"const main = 2\nfunc f() int { return main }", "f() + main"}, "Out: 4"},
		{"main is a function again", []string{"main := 2", "func main() { fmt.Print(\"main \") }", "main()"}, "main "},
	})
}

// TestShadowGoSays checks the problem, in Go's words, with statements that use a variable
// as the thing that it shadows.
func TestShadowGoSays(t *testing.T) {
	l := newTester(t)
	l.want("len, error := 3, 4", "")
	for code, says := range map[string]string{
		"len(\"abc\")":                    "cell 9, line 1:1: invalid operation: cannot call len (variable of type int): int is not a function",
		"var err error":                   "cell 9, line 1:9: error (package-level variable) is not a type",
		"func f() int { return error.x }": "cell 9, line 1:29: error.x undefined (type int has no field or method x)",
	} {
		if _, err := l.Eval(t.Context(), Cell{Number: 9, Code: code}, nil); err == nil || err.Error() != says {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestShadowSaysNothing checks that there is no warning about code that keeps using a type,
// and that a variable which is not declared in the end does not shadow it.
func TestShadowSaysNothing(t *testing.T) {
	l := newTester(t)
	l.want("type p struct{ x int }\nfunc (v p) get() int { return v.x }\nfunc mk() p { return p{1} }\nall := []p{mk()}", "")
	if _, err := l.run("panic(\"no\")\np := mk()"); err == nil || !strings.Contains(err.Error(), "no") {
		t.Errorf("a panic: %v", err)
	}
	if _, err := l.run("p := mk().nothing"); err == nil || !strings.HasPrefix(err.Error(), "cell 3, line 1:11: mk().nothing undefined") || strings.Contains(err.Error(), "\n") {
		t.Errorf("an error: %v", err)
	}
	l.want("p{2}.get() + mk().get()", "Out: 3")
	for _, code := range []string{"p := mk()", "p := 5", "const p = 6", "func show() int { return p }"} {
		l.cells++
		o, err := l.Eval(t.Context(), Cell{Number: l.cells, Code: code}, nil)
		if err != nil || len(o.Warnings) != 0 {
			t.Errorf("%s: %+v, %v", code, o, err)
		}
	}
	l.want("all[0].get() + show()", "Out: 7")
	if _, err := l.run("p{2}.get()"); err == nil || !strings.Contains(err.Error(), "p (constant) is not a type") && !strings.Contains(err.Error(), "p is not a type") {
		t.Errorf("the type by its name: %v", err)
	}
	if _, err := l.run("func f() int { return 1 }\nf := f()"); err == nil || !strings.Contains(err.Error(), "f redeclared in this block") {
		t.Errorf("both in one cell: %v", err)
	}
	l.want("func f() int { return 1 }", "")
	if _, err := l.run("func f() int { return 1 }\nf := f()"); err == nil || !strings.Contains(err.Error(), "f redeclared in this block") {
		t.Errorf("both in one cell, again: %v", err)
	}
}
