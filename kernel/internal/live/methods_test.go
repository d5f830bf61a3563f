package live

import (
	"context"
	"strings"
	"testing"
)

// TestReplacedMethod checks that functions call the present method, even if the compiler
// has turned a call through an interface into a direct one.
func TestReplacedMethod(t *testing.T) {
	const one = "type I interface{ M() string }\ntype T struct{ n int }\nfunc (T) M() string { return \"1\" }\n"
	const two = "func (T) M() string { return \"2\" }"
	inSessions(t, []sessionRow{
		{"what a variable of an interface has, however it came there", []string{one + `func a() string { return I(T{}).M() }
func b() string { var i I; i = T{}; return i.M() }
func c() string { var x any = T{}; return x.(I).M() }
func d(t *T) string { var i I = t; return i.M() }
func e() string { return func(i I) string { return i.M() }(T{}) }
func f() string { i := I(T{}); in := func() string { return i.M() }; return in() }
func g() string { var i I = T{}; m := i.M; return m() }
func h() string { h := struct{ i I }{T{}}; return h.i.M() }
func k() (s string) { var i I; for _, i = range []T{{}} { s += i.M() }; return }
func two() (T, int) { return T{}, 1 }
func l() string { var i I; i, _ = two(); return i.M() }
func all() string { return a() + b() + c() + d(&T{}) + e() + f() + g() + h() + k() + l() }
all()`, two, "all()"}, "Out: \"2222222222\""},
		{"in the cell of the method, word for word", []string{one + "func f() string { var i I = T{}; return i.M() }", two + "\nfunc f() string { var i I = T{}; return i.M() }\nf()"}, "Out: \"2\""},
		{"of what small functions of other cells give and take", []string{one, "func mk() I { return T{} }\nfunc t() T { return T{} }", "func ask(i I) string { return i.M() }\nfunc later(i I) func() string { return func() string { return i.M() } }", "func f() string { var i I = t(); return mk().M() + i.M() + ask(T{}) + later(T{})() }\nf()", two, "f()"}, "Out: \"2222\""},
		{"of what a method is given that is called so itself", []string{"type J interface{ N() string }\ntype I interface{ M(J) string }\ntype T struct{}\nfunc (T) M(j J) string { return j.N() }\ntype U struct{}\nfunc (U) N() string { return \"1\" }", "func f() string { var i I = T{}; return i.M(U{}) }\nf()", "func (U) N() string { return \"2\" }", "f()"}, "Out: \"2\""},
		{"of types that embed it, in a function and without a name too", []string{one + "type S struct{ *T }\nfunc a() string { var i I = S{&T{}}; return i.M() }\nfunc b() string { type L struct{ T }; var i I = L{}; return i.M() }\nfunc c() string { var i I = struct{ T }{}; return i.M() }\na() + b() + c()", two, "a() + b() + c()"}, "Out: \"222\""},
		{"of an embedded interface", []string{one + "type H struct{ I }\nfunc f() string { var i I = H{T{}}; return i.M() + H{T{}}.M() }\nf()", two, "f()"}, "Out: \"22\""},
		{"of generic types", []string{"type I interface{ M() string }\ntype T[E any] struct{ e E }\nfunc (t T[E]) M() string { return \"1\" }\nfunc f() string { var i I = T[int]{5}; return i.M() }\nfunc g[E any](e E) string { var i I = T[E]{e}; return i.M() }\nfunc h() string { return g(7) }\nf() + h()", "func (t T[E]) M() string { return \"2\" }", "f() + h()"}, "Out: \"22\""},
		{"of a type parameter", []string{one + "func ask[E I](e E) string { return e.M() }\nfunc zero[E I]() string { var e E; return e.M() }\nfunc f() string { defer func() {}(); return ask(T{}) + zero[T]() }\nf()", two, "f()"}, "Out: \"22\""},
		{"that a function of a package asserts, inlined", []string{"type E struct{}\nfunc (E) Error() string { return \"E\" }\nfunc (E) Unwrap() error { return io.EOF }\nfunc f() error { defer func() {}(); return errors.Unwrap(E{}) }\nfmt.Println(f())", "func (E) Unwrap() error { return io.ErrNoProgress }", "f() == io.ErrNoProgress"}, "Out: true"},
		{"that is compiled again for what it calls", []string{"type I interface{ M() string }\ntype T struct{}\nfunc help() string { return \"1\" }\nfunc (T) M() string { return help() }\nfunc f() string { var i I = T{}; return i.M() }\nf()", "func help() string { return \"2\" }", "f()"}, "Out: \"2\""},
	})
}

// TestHiddenByMethod checks that a new method hides what its type, or one that embeds it,
// has from an embedded type, in existing functions too.
func TestHiddenByMethod(t *testing.T) {
	inSessions(t, []sessionRow{
		{"a method", []string{`type A struct{}
func (A) Name() string { return "A" }
type B struct{ A }
type C struct{ *B }
func small(b B) string { return b.Name() }
func big(b B) string { for range 3 { defer func() {}() }; return small(b) + b.Name() }
func (c C) String() string { for range 3 { defer func() {}() }; return c.Name() }
func unnamed() string { var x struct{ B }; return x.Name() }
func local() string { type K struct{ B }; type L struct{ K }; return L{}.Name() }
func value() string { f := B.Name; return f(B{}) }
func dynamic() string { var i interface{ Name() string } = B{}; return i.Name() }
func all() string { return small(B{}) + big(B{}) + C{&B{}}.String() + unnamed() + local() + value() + dynamic() }
all()`, "func (B) Name() string { return \"B\" }", "all()"}, "Out: \"BBBBBBBB\""},
		{"a field", []string{"type A struct{ Name func() string }\ntype B struct{ A }\nfunc f(b B) string { return b.Name() }\nb := B{A{func() string { return \"field\" }}}", "func (b B) Name() string { return \"method\" }", "f(b)"}, "Out: \"method\""},
		{"a method of a package's type", []string{"type W struct{ *bytes.Buffer }\nfunc f(w W) string { return w.String() }", "func (W) String() string { return \"W\" }", "f(W{})"}, "Out: \"W\""},
		{"a method of an interface", []string{"type I interface{ M() string }\ntype B struct{ I }\nfunc f(b B) string { return b.M() }", "func (B) M() string { return \"B\" }", "f(B{})"}, "Out: \"B\""},
		{"of a generic type", []string{"type A[T any] struct{}\nfunc (A[T]) Name() string { return \"A\" }\ntype B[T any] struct{ A[T] }\nfunc f[T any](b B[T]) string { return b.Name() }\nfunc g(b B[int]) string { for range 3 { defer func() {}() }; return b.Name() + f(b) }", "func (B[T]) Name() string { return \"B\" }", "g(B[int]{})"}, "Out: \"BB\""},
	})
}

// TestStaysHidden checks that code that does not compile with a new method stays as it was,
// and that the cell says so; a small function is then not repeated with its body.
func TestStaysHidden(t *testing.T) {
	const getter = "type I interface{ Get() int }\ntype A struct{}\nfunc (A) Get() int { return 1 }\ntype C struct{}\ntype B struct { A; C }\n"
	for _, test := range []struct{ why, cell, method, stays, code, want string }{
		{"a field", "type A struct{ Name string }\ntype B struct{ A }\nfunc f(b B) string { return b.Name + \"!\" }", "func (b B) Name() string { return b.A.Name }", "f (cell 1)", "b := B{A{\"x\"}}\nf(b) + b.Name()", "Out: \"x!x\""},
		{"a field, in a method", "type A[T any] struct{ Name T }\ntype B struct{ A[string] }\nfunc (b B) Hi() string { return \"hi \" + b.Name }", "func (b B) Name() string { return b.A.Name }", "B.Hi (cell 1)", "B{A[string]{\"x\"}}.Hi()", "Out: \"hi x\""},
		{"a method of another signature", getter + "func f(b B) int { return b.Get() + 1 }", "func (B) Get() string { return \"s\" }", "f (cell 1)", "fmt.Println(B{}.Get(), f(B{}))", "s 2\n"},
		{"a name that is of two methods then", getter + "func f(b B) int { return b.Get() + 1 }", "func (C) Get() int { return 7 }", "f (cell 1)", "f(B{})", "Out: 2"},
		{"an interface that the type is not of then", getter + "func f() I { return B{} }", "func (B) Get() string { return \"s\" }", "f (cell 1)", "f().Get()", "Out: 1"},
		{"in a function that does not name the type", getter + "func mk() *B { return &B{} }\nfunc f() I { return mk() }", "func (B) Get() string { return \"s\" }", "f (cell 1)", "f().Get()", "Out: 1"},
		{"one that only pointers are of", getter + "func f() I { return B{} }\nfunc g() I { return &B{} }", "func (*B) Get() int { return 2 }", "f (cell 1)", "fmt.Println(f() != nil, g().Get())", "true 2\n"},
		{"one that it is not of for two methods", getter + "func f() I { return B{} }", "func (C) Get() int { return 7 }", "f (cell 1)", "f().Get()", "Out: 1"},
		{"a method of a package's type", "type W struct{ *bytes.Buffer }\nfunc f() fmt.Stringer { return W{new(bytes.Buffer)} }", "func (W) String() int { return 1 }", "f (cell 1)", "f() != nil", "Out: true"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.want(test.cell, "")
			l.cells++
			o, err := l.Eval(context.Background(), Cell{Number: l.cells, Code: test.method}, nil)
			if err != nil || len(o.Warnings) != 1 || !strings.HasPrefix(o.Warnings[0], test.stays+" stays as it was: ") {
				t.Fatalf("%s: %v, %+v", test.method, err, o)
			}
			l.want(test.code, test.want)
		})
	}
}
