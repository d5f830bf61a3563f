package live

import (
	"strings"
	"testing"
)

// TestStale checks the handling of a declaration that no longer compiles with what has been
// declared again: it stays as it was, usable, is tried again with each cell that declares
// something, and is not considered unchanged when its cell runs again.
func TestStale(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string // the last one shows
		want  string
	}{
		{"it is what it was", []string{"func b() int { return 1 }\nfunc a() int { return b() + 1 }", "func b() string { return \"x\" }", "a()"}, "Out: 2"},
		{"a small function, of a method", []string{"type l struct{ p string }\nfunc (l *l) log(s string) { fmt.Println(l.p, s) }\nfunc (l *l) info(s string) { l.log(s) }", "func (l *l) log(s string, n int) { fmt.Println(n) }", "(&l{\"p\"}).info(\"a\")"}, "p a\n"},
		{"a function that gives an interface", []string{"type e struct{ n int }\nfunc (e e) Error() string { return \"e1\" }\nfunc do() error { return e{1} }", "func (e *e) Error() string { return \"e2\" }", "do() != nil"}, "Out: true"},
		{"it compiles again with what it lacked", []string{"type s interface{ a() int }\ntype q struct{}\nfunc (q) a() int { return 1 }\nfunc mk() s { return q{} }", "type s interface {\n\ta() int\n\tb() int\n}", "func (q) b() int { return 2 }", "mk().b()"}, "Out: 2"},
		{"a chain of types, methods and functions", []string{"type c struct{ h string }", "func (c *c) addr() string { return c.h }", "type s struct{ c *c }\nfunc (s *s) run() string { return s.c.addr() }", "func start() string { s := &s{&c{}}; return s.run() }", "type c struct{ n string }", "func (c *c) addr() string { return \"n\" + c.n }", "start()"}, "Out: \"n\""},
		{"one of Go's own names", []string{"func f() int { return min(1, 2) }", "func min(a, b int) int { return 100 }", "f()"}, "Out: 100"},
		{"a name of a dot import", []string{"import . \"strings\"\nfunc u() string { return Repeat(\"a\", 2) }", "func Repeat(s string, n int) string { return \"mine\" }", "u()"}, "Out: \"mine\""},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.wantSilent(test.cells, test.want)
		})
	}
	l := newTester(t)
	l.want("func b() int { return 1 }\nfunc a() int { return b() + 1 }", "")
	l.want("func b() string { return \"x\" }", "")
	if _, err := l.run("func a() int { return b() + 1 }"); err == nil || !strings.Contains(err.Error(), "cell 3, line 1:23: invalid operation") {
		t.Errorf("its cell again: %v", err)
	}
	l.want("type p struct{ n int }\nfunc show(v p) string { return fmt.Sprint(v.n) }", "")
	if _, err := l.run("type p struct{ m int }\nshow(p{1})"); err == nil || !strings.Contains(err.Error(), "show (cell 4) stays as it was: v.n undefined") {
		t.Errorf("why it stays: %v", err)
	}
	l.want("func g[T any](v p, x T) int { return v.n }", "")
	o, err := l.Eval(t.Context(), Cell{Number: 7, Code: "type p struct{ k int }"}, nil)
	if err != nil || len(o.Warnings) == 0 || !strings.HasPrefix(o.Warnings[0], "g (cell 6) is unavailable until it compiles: ") && !strings.Contains(strings.Join(o.Warnings, "\n"), "g (cell 6) is unavailable") {
		t.Errorf("a generic function: %+v, %v", o, err)
	}
	if _, err := l.run("g(p{}, 1)"); err == nil || !strings.Contains(err.Error(), "undefined: g") {
		t.Errorf("it is called: %v", err)
	}
	l.want("type p struct{ n, k int }\ng(p{n: 3}, 1)", "Out: 3")
}

// TestStaleAside checks that a cell is judged without the earlier declarations that do not
// compile: they neither hide what the cell means, nor change the types of its values.
func TestStaleAside(t *testing.T) {
	account := "type account struct{ total int }\nfunc (a account) Total() int { return a.total }"
	get := "type t struct{ n int }\nfunc (t t) get() int { return t.n }\nfunc use(t t) int { return t.get() }\nv := t{4}"
	for _, test := range []struct {
		why   string
		cells []string // the last one shows
		want  string
	}{
		{"a method of a field's name, in the cell that has the field", []string{account, "type account struct{ Total int }\na := account{7}\nfmt.Println(a.Total + 1)"}, "8\n"},
		{"in a function", []string{account, "type account struct{ Total int }", "func f(a account) int { return a.Total }\nf(account{7})"}, "Out: 7"},
		{"in another method", []string{account, "type account struct{ Total int }", "func (a account) twice() int { return 2 * a.Total }", "account{7}.twice()"}, "Out: 14"},
		{"beside a variable", []string{account, "type account struct{ Total int }\na := account{7}", "x := a\nx.Total + 1"}, "Out: 8"},
		{"when the type is declared once more", []string{account, "type account struct{ Total int }", "type account struct{ n, Total int }\naccount{1, 2}.Total + 1"}, "Out: 3"},
		{"a field of an embedded type", []string{"type t struct{ name string }\nfunc (t t) Name() string { return t.name }\nold := t{\"o\"}", "type base struct{ Name string }\ntype t struct{ base }", "func show(t t) string { return t.Name }\nshow(t{base{\"a\"}}) + old.Name()"}, "Out: \"ao\""},
		{"a method of an embedded type", []string{"type a struct{ x int }\nfunc (a a) ID() int { return a.x }\ntype w struct{ a }", "type a struct{ ID int }", "func id(w w) int { return w.ID }\nid(w{a{3}})"}, "Out: 3"},
		{"a method of a generic type", []string{"type pair[A, B any] struct { a A; b B }; func (p pair[A, B]) First() A { return p.a }", "type pair[A, B any] struct { First A; Second B }", "func sum(p pair[int, int]) int { return p.First + p.Second }\nsum(pair[int, int]{1, 2})"}, "Out: 3"},
		{"a type that cannot be", []string{"type key struct{ a int }\ntype m map[key]int\nv := m{{1}: 1}", "type key struct{ a []int }", "func f(m m) int { return len(m) }\nf(v)"}, "Out: 1"},
		{"which another has that is declared once more", []string{"type key struct{ a int }\ntype m map[key]int\ntype w struct{ m m }\nv := w{m{{1}: 1}}", "type key struct{ a []int }", "type w struct{ m m }\nvar x w = v\nlen(x.m)"}, "Out: 1"},
		{"a function that calls what does not compile", []string{get, "type t struct{ s string }", "type t struct{ s []string }\nuse(v)"}, "Out: 4"},
		{"a function that the cell calls with a value of before", []string{get, "type t struct{ s string }", "type t struct{ n, m int }\nuse(v)"}, "Out: 4"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.wantSilent(test.cells, test.want)
		})
	}
	l := newTester(t)
	l.want(account, "")
	l.want("type account struct{ Total func() string }", "")
	code, at := marked(t, "func f(a account) { a.Total().|")
	for _, m := range l.Complete(code, at).Matches {
		t.Errorf("a string has no %q", m.Text)
	}
	l.want("a := account{func() string { return \"s\" }}", "")
	code, at = marked(t, "func f(a account) { a.Tot|al }")
	if got, _ := l.Inspect(code, at, 0); !strings.Contains(got.Text, "field Total func() string") {
		t.Errorf("a field of a method's name: %s", got.Text)
	}
}

// TestOwnProblems checks that a cell with problems of its own reports only those.
func TestOwnProblems(t *testing.T) {
	l := newTester(t)
	l.want("type p struct{ n int }; func (v *p) inc() { v.n++ }; func low(v p) int { return v.n }", "")
	for _, test := range []struct{ code, says string }{
		{"type p int\nvar v p = \"a\"", "cell 2, line 2:11: cannot use \"a\" (untyped string constant) as p value in variable declaration"},
		{"type p int\nfunc f() { y }\nlow(p(1))", "cell 3, line 2:12: undefined: y"},
	} {
		if _, err := l.run(test.code); err == nil || err.Error() != test.says {
			t.Errorf("%s: %v", test.code, err)
		}
	}
	l.want("type p int", "")
	if _, err := l.run("func f() { y }"); err == nil || err.Error() != "cell 5, line 1:12: undefined: y" {
		t.Errorf("beside what stays as it was: %v", err)
	}
}
