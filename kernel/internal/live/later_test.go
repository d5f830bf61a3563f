package live

import (
	"context"
	"strings"
	"testing"
)

// TestLater checks that methods which are declared later belong to existing values,
// wherever they are.
func TestLater(t *testing.T) {
	inSessions(t, []sessionRow{
		{"a type switch", []string{"type circle struct{ r int }\nxs := []any{circle{2}}", "func (c circle) area() int { return 3 * c.r * c.r }", "switch v := xs[0].(type) {\ncase circle:\n\tfmt.Println(v.area())\ndefault:\n\tfmt.Printf(\"%T\\n\", v)\n}"}, "12\n"},
		{"an interface of the cell's own", []string{"type sq struct{ s int }\nxs := []any{sq{2}, &sq{3}}", "func (s sq) area() int { return s.s * s.s }\nfunc (s *sq) grow() { s.s++ }", "for _, x := range xs {\n\ta, ok := x.(interface{ area() int })\n\tg, grows := x.(interface{ grow() })\n\tif grows {\n\t\tg.grow()\n\t}\n\tfmt.Println(ok, grows, a.area())\n}"}, "true false 4\ntrue true 16\n"},
		{"fmt, asked before", []string{"type p struct{ x int }\nall := map[string]any{\"v\": p{1}, \"p\": &p{2}}\nch := make(chan any, 1)\nch <- p{3}\nheld := func() any { return p{4} }", "for range 20_000 {\n\tfmt.Sprint(all[\"v\"], all[\"p\"])\n}", "func (v p) String() string { return fmt.Sprintf(\"p(%d)\", v.x) }", "fmt.Println(all[\"v\"], all[\"p\"], <-ch, held())"}, "p(1) p(2) p(3) p(4)\n"},
		{"a cell, asked before", []string{"type p struct{ x int }\nfunc ask(x any) string {\n\tif _, ok := x.(error); ok {\n\t\treturn \"error\"\n\t}\n\tswitch x.(type) {\n\tcase fmt.Stringer:\n\t\treturn \"stringer\"\n\t}\n\treturn \"none\"\n}\nfor range 20_000 {\n\task(p{1})\n\task(&p{1})\n}\nask(p{})", "func (p) String() string { return \"\" }", "fmt.Println(ask(p{}), ask(&p{}))\nfor range 20_000 {\n\task(p{})\n}", "func (*p) Error() string { return \"\" }", "fmt.Println(ask(p{}), ask(&p{}))"}, "stringer error\n"},
		{"errors.Is", []string{"type code int\nfunc (c code) Error() string { return \"code\" }\nerrs := []error{code(4)}", "errors.Is(errs[0], io.EOF)", "func (c code) Is(e error) bool { return e == io.EOF }", "errors.Is(errs[0], io.EOF)"}, "Out: true"},
		{"what embeds it", []string{"type in struct{ n int }\ntype out struct {\n\tin\n\ts string\n}\nxs := []any{out{in{1}, \"a\"}, &out{in{2}, \"b\"}}", "func (i in) String() string { return fmt.Sprint(\"in\", i.n) }", "fmt.Println(xs...)"}, "in1 in2\n"},
		{"what embeds a pointer to it", []string{"type in struct{ n int }\ntype out struct{ *in }\nvar x any = out{&in{1}}", "func (i *in) add() { i.n++ }", "x.(interface{ add() }).add()\nx.(out).n"}, "Out: 2"},
		{"encoding/json, asked before", []string{"type p struct{ X int }\nv := []any{p{1}}\nb, _ := json.Marshal(v)", "func (v p) MarshalJSON() ([]byte, error) { return []byte(`\"p\"`), nil }", "b, err := json.Marshal(v)\nfmt.Println(string(b), err)"}, "[\"p\"] <nil>\n"},
		{"encoding/gob, asked before", []string{"type T struct{ A int }\ntype O struct {\n\tIn T\n\tM  map[string]T\n\tL  []*T\n}\nfunc through[V any](v V) (out V, err error) {\n\tvar b bytes.Buffer\n\tif err := gob.NewEncoder(&b).Encode(v); err != nil {\n\t\treturn out, err\n\t}\n\treturn out, gob.NewDecoder(&b).Decode(&out)\n}\no := O{T{1}, map[string]T{\"a\": {2}}, []*T{{3}}}\nthrough(T{4})\nthrough(o)", "func (t T) MarshalBinary() ([]byte, error) { return []byte{9, byte(t.A)}, nil }\nfunc (t *T) UnmarshalBinary(b []byte) error { t.A = int(b[0])*100 + int(b[1]); return nil }", "t, err := through(T{4})\nfmt.Println(t, err)\nfull, err := through(o)\nfmt.Println(full.In, full.M, *full.L[0], err)"}, "{904} <nil>\n{901} map[a:{902}] {903} <nil>\n"},
		{"reflect", []string{"type p struct{ x int }\nv := &p{1}", "func (v *p) Twice(n int) int { return 2 * n * v.x }\nfunc (v p) hidden() {}", "m := reflect.ValueOf(v).MethodByName(\"Twice\")\nfmt.Println(m.Type(), m.Call([]reflect.Value{reflect.ValueOf(4)})[0], reflect.TypeOf(v).NumMethod(), reflect.TypeOf(*v).NumMethod())"}, "func(int) int 8 1 0\n"},
		{"generic types", []string{"type l[T any] struct{ items []T }\nxs := []any{&l[int]{[]int{1}}, l[string]{[]string{\"a\"}}}", "func (x l[T]) Len() int { return len(x.items) }", "for _, x := range xs {\n\tfmt.Println(x.(interface{ Len() int }).Len())\n}"}, "1\n1\n"},
		{"pointers, closures and arrays stay with their variable", []string{"type acc struct{ n int }\nas := [2]acc{{1}, {2}}\nfirst, inc := &as[0], func() { as[0].n++ }", "func (a *acc) Add(n int) { a.n += n }", "inc(); first.Add(10)\nas[0].n"}, "Out: 12"},
		{"a lock stays with its variable", []string{"type job struct {\n\tmu sync.Mutex\n\twg sync.WaitGroup\n\tn  int\n}\nvar j job\nj.wg.Add(1)\nstart := make(chan bool)\ngo func() {\n\tdefer j.wg.Done()\n\t<-start\n\tj.mu.Lock()\n\tj.n = 42\n\tj.mu.Unlock()\n}()", "func (j *job) wait() int {\n\tj.wg.Wait()\n\tj.mu.Lock()\n\tdefer j.mu.Unlock()\n\treturn j.n\n}", "close(start)\nj.wait()"}, "Out: 42"},
		{"generic types of all kinds of types", []string{"type node[T any] struct{ v T }\ntype in struct{ a int }\ntype get interface {\n\tget() int\n\tArea(n int, s ...string) (bool, error)\n}\nxs := []any{node[[2]int]{}, node[chan<- int]{}, node[func(int, ...string) (in, error)]{}, node[struct {\n\tx int\n\tY string `json:\"y\"`\n\tin\n}]{}, node[any]{}, node[get]{}, node[map[in][]*in]{}, node[byte]{}, node[node[rune]]{}, node[error]{}, node[unsafe.Pointer]{}, node[chan (<-chan in)]{}, node[struct{}]{}, node[sync.Mutex]{}, &node[*strings.Builder]{}}", "func (n node[T]) String() string { return \"ok\" }", "fmt.Println(strings.Count(fmt.Sprint(xs...), \"ok\") == len(xs))"}, "true\n"},
		{"a method is declared again", []string{"type p struct{ x int }\nfunc (v p) String() string { return \"old\" }\nfunc show(v p) string { return v.String() }\nvar s fmt.Stringer = p{1}\nxs := []any{p{1}, &p{2}, s}", "func (v p) String() string { return \"new\" }", "fmt.Println(xs[0], xs[1], xs[2], s, p{3}, show(p{4}))"}, "new new new new new new\n"},
		{"with another receiver", []string{"type p struct{ x int }\nfunc (v p) get() int { return 1 }\nv := p{1}", "func (v *p) get() int { return 2 }", "v.get()"}, "Out: 2"},
		{"an interface that it has no more", []string{"type p struct{ x int }\nfunc (v p) get() int { return 1 }\ntype getter interface{ get() int }\nvar had getter = p{1}\nvar x any = p{2}\nhas := func() bool { _, ok := x.(getter); return ok }\nfmt.Println(has(), reflect.TypeOf(x).Implements(reflect.TypeFor[getter]()))", "func (v *p) get() int { return 2 }", "fmt.Println(has(), reflect.TypeOf(x).Implements(reflect.TypeFor[getter]()), had.get(), any(&p{}).(getter).get())"}, "false false 1 2\n"},
		{"reflect, of interfaces", []string{"type p struct{}\ntype long interface{ A(); b(); C(p) }\ntype short interface{ A(); C(p) }\ntype other interface{ b(int); A() }\nall := []reflect.Type{reflect.TypeFor[any](), reflect.TypeFor[short](), reflect.TypeFor[long](), reflect.TypeFor[other](), reflect.TypeFor[p](), reflect.TypeFor[int]()}", "func (p) A() {}\nfunc (p) C(p) {}", "for _, t := range all {\n\tfor _, u := range all[:4] {\n\t\tfmt.Print(t.Implements(u), \" \")\n\t}\n}"}, "true false false false true true false false true true true false true false false true true true false false true false false false "},
		{"a method value keeps the old one", []string{"type p struct{ x int }\nfunc (v p) get() int { return 1 }\nf := p{}.get", "func (v p) get() int { return 2 }", "fmt.Println(f(), p{}.get())"}, "1 2\n"},
		{"through an alias", []string{"type p struct{ x int }\ntype q = p\nxs := []any{q{3}}", "func (v *q) Inc() { v.x++ }\nfunc (v q) String() string { return fmt.Sprint(\"q\", v.x) }", "fmt.Println(xs...)"}, "q3\n"},
		{"by interfaces that are equal", []string{"type e string\nfunc (x e) Error() string { return string(x) }\nfunc catch(f func()) (err error) {\n\tdefer func() { err, _ = recover().(error) }()\n\tf()\n\treturn\n}\ngot := catch(func() { panic(e(\"a\")) })", "var want error = e(\"a\")\nm := map[error]int{want: 5}\nfmt.Println(got == want, m[got])"}, "true 5\n"},
		{"reflect.StructOf sees no method that nobody wrote", []string{"type T struct{ N int }\ntype O struct{ T }\nof := func(x any) reflect.Type {\n\treturn reflect.StructOf([]reflect.StructField{{Name: \"A\", Type: reflect.TypeOf(0)}, {Name: \"X\", Type: reflect.TypeOf(x), Anonymous: true}})\n}\nv := any(O{T{3}})", "fmt.Println(of(T{}), of(O{}))", "func (t T) String() string { return fmt.Sprint(\"t\", t.N) }", "fmt.Println(v, reflect.TypeOf(v).NumMethod(), reflect.StructOf([]reflect.StructField{{Name: \"T\", Type: reflect.TypeOf(T{}), Anonymous: true}}).NumMethod())"}, "t3 1 1\n"},
		{"what may not be on a stack, in a type that may", []string{"type S struct {\n\tT\n\t_ cgo.Incomplete\n}\ntype T struct{ U }\ntype U struct{ x int }\nvar e, f any = (*S)(nil), &T{U{3}}", "func (u *U) get() int { return u.x }", "fmt.Println(f.(interface{ get() int }).get(), reflect.TypeOf(e).NumMethod())"}, "3 0\n"},
		{"what may not be on a stack", []string{"type S struct {\n\t_ cgo.Incomplete\n\tx int\n}\ntype A [2]S\nvar e any = (*S)(nil)", "func (s *S) ok() bool { return s == nil }", "e.(interface{ ok() bool }).ok()"}, "Out: true"},
		{"a method of the room's own name does not show", []string{"type p struct{ X int }\nv := p{1}", "fmt.Printf(\"%+v %d\\n\", v, reflect.TypeOf(&v).NumMethod())"}, "{X:1} 0\n"},
	})
}

// TestUnnamedStruct checks unnamed struct types that embed a type of cells which gets its
// first methods later: these struct types have no methods before.
func TestUnnamedStruct(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string // the last one shows
		want  string
	}{
		{"it can be written again", []string{"type T struct{ n int }\nv := struct{ T }{}", "func (t T) M() {}\nfmt.Println(struct{ T }{})", "fmt.Println(struct{ T }{}, v == struct{ T }{})"}, "{{0}} true\n"},
		{"in an interface", []string{"type T struct{ n int }\nvar e any = struct{ T }{T{3}}", "func (t T) M() int { return t.n }", "e.(interface{ M() int }).M()"}, "Out: 3"},
		{"all ways to embed", []string{"type T struct{ n int }\ntype U struct{ n int }\ntype G[X any] struct{ x X }\nxs := []any{struct{ T }{T{1}}, struct{ *T }{&T{2}}, &struct {\n\tT\n\tU\n}{T: T{3}}, struct {\n\ts string\n\tT `json:\"t\"`\n}{T: T{4}}, struct{ G[int] }{G[int]{5}}, struct{ *G[T] }{&G[T]{T{6}}}}", "func (t *T) P() int { return t.n }\nfunc (g G[X]) String() string { return fmt.Sprint(\"g\", g.x) }\nfunc (t T) String() string { return fmt.Sprint(\"t\", t.n) }", "_, p := xs[0].(interface{ P() int })\nfmt.Println(p, xs[1].(interface{ P() int }).P(), xs[2].(interface{ P() int }).P())\nfmt.Println(xs...)"}, "false 2 3\nt1 t2 t3 t4 g5 gt6\n"},
		{"by a type that embeds", []string{"type T struct{ n int }\ntype O struct{ T }\nvar e any = []any{struct{ O }{O{T{3}}}, map[string]struct{ T }{\"a\": {T{4}}}}", "func (t T) String() string { return fmt.Sprint(\"t\", t.n) }", "fmt.Println(e)"}, "[t3 map[a:t4]]\n"},
		{"by an alias", []string{"type T struct{ n int }\ntype g[X any] struct{ x X }\ntype a = T\ntype P = *T\ntype S = struct{ T }\nxs := []any{struct{ a }{a{1}}, struct {\n\tP\n\tMutex *sync.Mutex\n\tbyte\n}{P: P(&T{2})}, struct{ S }{S{T{3}}}, struct {\n\tg[int]\n\ta\n\tint\n}{a: T{4}}}", "func (t T) String() string { return fmt.Sprint(\"t\", t.n) }", "fmt.Println(xs[0], xs[1], xs[2], xs[3])"}, "t1 t2 t3 t4\n"},
		{"a method that only the package sees", []string{"type T struct{ n int }\ntype G[X any] struct{ x X }\nfunc mk[X any](x X) any { return &struct{ *G[X] }{&G[X]{x}} }\nxs := []any{struct{ T }{T{3}}, &struct{ T }{T{4}}, mk(T{5})}\ntype same interface{ Get() T; get() T }", "func (t T) get() T { return t }\nfunc (g *G[X]) get() X { return g.x }", "func (t T) Get() T { return t }\nfunc (g *G[X]) Get() X { return g.x }", "for _, x := range xs {\n\tfmt.Print(x.(interface{ get() T }).get(), x.(same).Get(), \" \")\n}\nm := reflect.TypeOf(xs[0])\nfmt.Println(m.NumMethod(), m.Implements(reflect.TypeFor[same]()))"}, "{3} {3} {4} {4} {5} {5} 1 true\n"},
		{"declared again", []string{"type T struct{ n int }\nx := any(struct{ T }{T{1}})", "type T struct{ n, m int }\ny := any(struct{ T }{T{2, 3}})", "func (t T) String() string { return fmt.Sprint(\"t\", t.n) }", "fmt.Println(x, y)"}, "{{1}} t2\n"},
		{"large types", []string{"type T [1 << 28]int\nvar e any = new(T)", "func (t *T) M() int { return len(t) }", "e.(interface{ M() int }).M()"}, "Out: 268435456"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.wantLast(test.cells, test.want)
			l.want("1", "Out: 1")
		})
	}
}

// TestLaterInstances checks instances of generic types that no cell has written: generic
// functions, and methods of generic types, create them.
func TestLaterInstances(t *testing.T) {
	const l = "type l[T any] struct{ v T }\n"
	const shows = "func (x l[T]) String() string { return fmt.Sprint(\"l\", x.v) }"
	inSessions(t, []sessionRow{
		{"a method that comes later", []string{l + "func mk[T any](t T) any { return l[T]{t} }\nx := mk(3)", shows, "fmt.Println(x, mk(4), mk(\"a\"))"}, "l3 l4 la\n"},
		{"a method that is declared again", []string{"type sorter[T any] struct {\n\txs  []T\n\tkey func(T) int\n}\nfunc (s sorter[T]) Len() int { return len(s.xs) }\nfunc (s sorter[T]) Swap(i, j int) { s.xs[i], s.xs[j] = s.xs[j], s.xs[i] }\nfunc (s sorter[T]) Less(i, j int) bool { return s.key(s.xs[i]) > s.key(s.xs[j]) }\nfunc sortBy[T any](xs []T, key func(T) int) []T { sort.Sort(sorter[T]{xs, key}); return xs }\nsortBy([]string{\"ccc\", \"a\", \"bb\"}, func(s string) int { return len(s) })", "func (s sorter[T]) Less(i, j int) bool { return s.key(s.xs[i]) < s.key(s.xs[j]) }", "fmt.Println(sortBy([]string{\"ccc\", \"a\", \"bb\"}, func(s string) int { return len(s) }))"}, "[a bb ccc]\n"},
		{"an embedded type's", []string{"type base struct{ n int }\ntype g[T any] struct {\n\tbase\n\tv T\n}\nfunc mk[T any](t T) any { return g[T]{base{1}, t} }\nx := mk(3)", "func (b base) String() string { return fmt.Sprint(\"base\", b.n) }", "fmt.Println(x, mk(4))"}, "base1 base1\n"},
		{"an iterator", []string{"type seq[T any] struct{ xs []T }\ntype it[T any] struct {\n\ts *seq[T]\n\ti int\n}\nfunc (i *it[T]) Next() T { i.i++; return i.s.xs[i.i-1] }\nfunc (s *seq[T]) iter() interface{ Next() T } { return &it[T]{s: s} }\ns := &seq[int]{[]int{1, 2, 3}}\nold := s.iter()\nold.Next()", "func (i *it[T]) Next() T { i.i++; return i.s.xs[len(i.s.xs)-i.i] }\ns.iter().Next()", "fmt.Println(s.iter().Next(), old.Next())"}, "3 2\n"},
		{"one function that calls another", []string{l + "func a[K comparable, V any](k K, v V) any { return b(map[K][]V{k: {v}}) }\nfunc b[T any](t T) any { return c[T, [2]T](t) }\nfunc c[P, Q any](p P) any { return func() any { return []any{l[Q]{}, l[l[P]]{l[P]{p}}} }() }\nx := a(1, \"a\")", shows, "x"}, "Out: [l[map[] map[]] llmap[1:[a]]]"},
		{"functions that call each other", []string{l + "func a[T any](n int, t T) any {\n\tif n == 0 {\n\t\treturn l[T]{t}\n\t}\n\treturn b(n-1, t)\n}\nfunc b[T any](n int, t T) any { return a(n, t) }\nx := a(5, 3)", shows, "fmt.Println(x)"}, "l3\n"},
		{"a method of what a function makes", []string{l + "type s[T any] []T\nfunc (x s[T]) mk() any { return &l[T]{x[0]} }\nfunc f[T any](t T) any { return s[T]{t}.mk() }\nx := f(1)", "func (x *l[T]) String() string { return fmt.Sprint(\"l\", x.v) }", "fmt.Println(x, f(2))"}, "l1 l2\n"},
		{"a method that makes it later", []string{l + "type s[T any] struct{ v T }\nfunc (s[T]) mk() any { return nil }\nvar x interface{ mk() any } = s[int]{4}", "func (x s[T]) mk() any { return l[T]{x.v} }", "y := x.mk()", shows, "fmt.Println(y, x.mk())"}, "l4 l4\n"},
		{"struct types without a name", []string{l + "type a[T any] = l[*T]\nfunc mk[T any](t T) []any {\n\treturn []any{struct {\n\t\tl[T]\n\t\tn int `a:\"b\"`\n\t}{l: l[T]{t}}, struct{ a[T] }{a[T]{&t}}}\n}\nxs := mk(3)", "func (x l[T]) Is() bool { return true }", "for _, x := range xs {\n\t_, is := x.(interface{ Is() bool })\n\tfmt.Println(is)\n}"}, "true\ntrue\n"},
		{"what is none any more", []string{"type c interface{ M() int }\ntype p int\nfunc (p) M() int { return 1 }\ntype g[T c] struct{ v T }\nfunc mk[T c](t T) any { return g[T]{t} }\nx := []any{mk(p(3)), g[c]{p(4)}}", "func (*p) M() int { return 2 }", "func (g[T]) String() string { return \"g\" }", "fmt.Println(x)"}, "[{3} g]\n"},
		{"of a type that is declared again", []string{l + "type p struct{ n int }\nfunc mk[T any](t T) any { return l[T]{t} }\nx := mk(p{1})", "type p struct{ s string }\ny := mk(p{\"a\"})", shows, "fmt.Println(x, y)"}, "l{1} l{a}\n"},
	})
}

// TestLocalTypes checks that a cell says which values do not get its methods.
func TestLocalTypes(t *testing.T) {
	for _, test := range []struct{ cell, method, says string }{
		{"type c interface{ M() int }\ntype p int\nfunc (p) M() int { return 1 }\ntype g[T c] struct{ v T }\nvar x any = g[p]{}", "func (*p) M() int { return 2 }\nfunc (g[T]) String() string { return \"g\" }", "values of type g[p] keep the methods that they had: p does not satisfy c (method M has pointer receiver)"},
		{"type T struct{ n int }\nfunc mk() any {\n\ttype L struct{ T }\n\treturn L{}\n}\nvar x any = mk()", "func (T) M() {}", "values of type L, which is declared in a function of cell 1, keep the methods that they had: it embeds T"},
		{"type T[X any] struct{ x X }\nfunc mk() any {\n\ttype L struct{ n int }\n\treturn T[L]{}\n}\nvar x any = mk()", "func (T[X]) M() {}", "values of type T[L] keep the methods that they had: its type L is declared in a function, and has no name outside it"},
		{"type T[X any] struct{ x X }\nfunc mk[X any](x X) any {\n\ttype L struct{ x X }\n\treturn T[L]{}\n}\nvar x any = mk(3)", "func (T[X]) M() {}", "values of type T[L] keep the methods that they had: its type L is declared in a function, and has no name outside it"},
		{"type T[X any] struct{ x X }\nfunc mk[X any](x X) any { return T[X]{} }\nvar x any = mk(binary.LittleEndian)", "func (T[X]) M() {}", "values of type T[encoding/binary.littleEndian] keep the methods that they had: its type binary.littleEndian has no name outside its package"},
	} {
		l := newTester(t)
		for _, code := range []string{test.cell, test.method} {
			l.cells++
			o, err := l.Eval(context.Background(), Cell{Number: l.cells, Code: code}, nil)
			if err != nil || o.Failure != nil {
				t.Fatalf("%s: %v, %+v", code, err, o)
			}
			want := ""
			if l.cells == 2 {
				want = test.says
			}
			if said := strings.Join(o.Warnings, "\n"); said != want {
				t.Errorf("%s\n\tsays %q, want %q", code, said, want)
			}
		}
	}
}
