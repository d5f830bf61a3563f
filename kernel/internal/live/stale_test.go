package live

import (
	"strings"
	"testing"
)

// TestStale checks what becomes of a declaration that does not compile any more with what
// has been declared again: it stays as it was, usable, is tried again with each cell that
// declares something, and is not taken for the same when its cell runs again.
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
			l := newLab(t)
			l.wantSilent(test.cells, test.want)
		})
	}
	l := newLab(t)
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
	if err != nil || len(o.Warnings) == 0 || !strings.HasPrefix(o.Warnings[0], "g (cell 6) is not there until it compiles: ") && !strings.Contains(strings.Join(o.Warnings, "\n"), "g (cell 6) is not there") {
		t.Errorf("a generic function: %+v, %v", o, err)
	}
	if _, err := l.run("g(p{}, 1)"); err == nil || !strings.Contains(err.Error(), "undefined: g") {
		t.Errorf("it is called: %v", err)
	}
	l.want("type p struct{ n, k int }\ng(p{n: 3}, 1)", "Out: 3")
}
