package live

import "testing"

// TestReplacedMethod checks that functions call the method which is there now, although the
// compiler has found out which one a call through an interface was.
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
