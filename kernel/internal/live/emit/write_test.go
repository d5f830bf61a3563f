package emit_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

func TestWrite(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string
	}{
		{"a type that is another cell's", []string{"type a struct{ n int }", "type b a\ntype c = a\nx := b{1}", "func (x *b) m() int { return x.n + c{2}.n }\n(&b{3}).m()"}},
		{"methods of a type without any", []string{"type a struct{ n int }\nv := a{1}", "func (x a) m() int { return x.n }", "a{2}.m()"}},
		{"a group", []string{"var (\n\ta, b = 1, 2\n\tc, _ string\n)", "_ = c\na + b"}},
		{"generics", []string{"type l[T any] struct{ items []T }\nfunc (x *l[T]) add(t T) { x.items = append(x.items, t) }\nfunc mk[T any]() *l[T] { return &l[T]{} }", "s := mk[int]()\ns.add(1)\ns.items[0]"}},
		{"embedded", []string{"type a struct{ n int }\nfunc (x a) get() int { return x.n }", "type b struct{ a; m int }\nvar v b\nv.get() + v.a.n + v.n", "v.a = a{3}\nb{a{1}, 2}"}},
		{"interface", []string{"type i interface{ get() int }\ntype a int\nfunc (x a) get() int { return int(x) }", "var v i = a(3)\nv.get()\nswitch x := v.(type) {\ncase a:\n\tfmt.Println(x)\n}"}},
		{"names of Go", []string{"len := 3\nstring := \"a\"", "_ = string\nlen + 1"}},
		{"comments", []string{"x := 1 /* a\nb */\nfunc f() int { // c\n\treturn x /* d */ }\n// e", "f() // g"}},
		{"initialisers", []string{"func init() {}\nfunc init_a() {}\nfunc init() { init_a() }", "init_a()"}},
		{"labels", []string{"L:\nfor i := range 3 {\n\tif i > 1 {\n\t\tbreak L\n\t}\n\tcontinue L\n}"}},
		{"imports and more on one line", []string{
			`import "fmt"; x := 3; fmt.Println(x)`, `import ("fmt"; "os"); var y = 4`, `import "fmt"; func q() {}`, `import "fmt"; import "os"`, `import "os";`,
			"import \"os\" /* ; */ ; // ;\nimport \"fmt\" // a;\nimport s \"strings\" /* ;\n; */\ns.ToUpper(\"a\")", "import (\n\t\"os\"\n); type t int",
		}},
		{"ends", []string{"f := func() { os.Exit(1) }\nf()"}},
	} {
		p := livetest.NewPaper(t)
		for _, code := range test.cells {
			if _, rejected, broken := p.Cell(code); rejected != nil || broken != nil {
				t.Errorf("%s: %q:\n%v\n%v", test.why, code, rejected, broken)
			}
		}
	}
}

// TestInstances checks which types a cell records that must get the methods of later cells.
func TestInstances(t *testing.T) {
	const l = "type l[T any] struct{ v T }\n"
	for _, test := range []struct {
		why   string
		cells []string
		want  string // of the last one
	}{
		{"in a cell", []string{l + "x := l[int]{}\nvar y map[string]*l[l[bool]]"}, "l[bool] l[int] l[l[bool]]"},
		{"a generic function", []string{l + "func mk[T any](t T) any { return l[T]{t} }\nmk(3)\nmk[byte](4)"}, "l[int] l[uint8]"},
		{"one of an earlier cell", []string{l + "func mk[T any](t T) any { return l[T]{t} }\nmk(3)", "mk(\"a\")"}, "l[string]"},
		{"nobody calls it", []string{l + "func mk[T any](t T) any { return l[T]{t} }"}, ""},
		{"a function value", []string{l + "func mk[T any](t T) any { return l[T]{t} }\nf := mk[int]"}, "l[int]"},
		{"one calls another", []string{l + "func a[K comparable, V any](k K, v V) any { return b(map[K][]V{k: {v}}) }\nfunc b[T any](t T) any { return c[T, [2]T]() }\nfunc c[P, Q any]() any { return func() any { var x *l[Q]; return x } }\na(1, \"a\")"}, "l[[2]map[int][]string]"},
		{"they call each other", []string{l + "func a[T any](n int) any {\n\tif n == 0 {\n\t\treturn l[T]{}\n\t}\n\treturn b[T](n - 1)\n}\nfunc b[T any](n int) any { return a[T](n) }\na[int](5)"}, "l[int]"},
		{"methods", []string{l + "type s[K, V any] struct{ k K }\nfunc (x *s[A, _]) mk() any { return l[A]{x.k} }\nfunc (s[_, B]) other() any { return l[[]B]{} }\nvar x s[int, bool]"}, "l[[]bool] l[int] s[int,bool]"},
		{"methods, of a type that a generic function makes", []string{l + "type s[T any] []T\nfunc (x s[T]) mk() any { return l[T]{x[0]} }\nfunc f[T any](t T) any { return s[T]{t}.mk() }\nf(1)"}, "l[int] s[int]"},
		{"a type that refers to itself", []string{l + "type n[T any] struct {\n\tnext *n[T]\n\tv    *l[n[T]]\n}\nvar x n[int]"}, "l[n[int]] n[int]"},
		{"embedded", []string{l + "type e[T any] struct{ l[T] }\nfunc mk[T any]() []any { return []any{e[T]{}, struct {\n\tl[T]\n\tn int `a:\"b\"`\n}{}} }\nmk[int]()"}, "e[int] l[int] struct { l = l[int]; n int \"a:\\\"b\\\"\" }"},
		{"all kinds of types", []string{l + "func mk[T any]() []any { return []any{l[*T]{}, l[<-chan T]{}, l[map[string]T]{}, l[func(int, ...T) (T, error)]{}, l[interface{ M(T); error }]{}, l[struct{ A T }]{}} }\nmk[int]()"},
			"l[*int] l[<-chan int] l[func(int, ...int) (int, error)] l[interface { Error() string; M(int) }] l[map[string]int] l[struct { A int }]"},
		{"by constraints", []string{l + "func mk[S ~[]E, E any](s S) any { return l[E]{s[0]} }\ntype s []bool\nmk(s{true})"}, "l[bool]"},
		{"an alias with parameters", []string{l + "type a[T any] = l[*T]\nfunc mk[T any]() any { return struct{ a[T] }{} }\nmk[int]()"}, "l[*int] struct { a = l[*int] }"},
		{"append of a string", []string{l + "func mk[B ~[]byte, S ~string](b B, s S) any { return l[B]{append(b, s...)} }\nmk([]byte{}, \"a\")"}, "l[[]uint8]"},
		{"of packages", []string{l + "var x atomic.Pointer[l[int]]\ny := slices.Collect(maps.Keys(map[l[bool]]int{}))"}, "l[bool] l[int]"},
		{"by a method that is declared again", []string{l + "type s[T any] struct{ v T }\nfunc (s[T]) mk() any { return nil }\nvar x any = s[int]{}", "func (x s[T]) mk() any { return l[T]{x.v} }"}, "l[int]"},
		{"by a method that calls what is declared again", []string{l + "type s[T any] struct{ v T }\nfunc mk[T any](t T) any { return t }\nfunc (x s[T]) mk() any { return mk(x.v) }\nvar x any = s[int]{}", "func mk[T any](t T) any { return l[T]{t} }"}, "l[int]"},
		{"a type of a function", []string{l + "func f() any {\n\ttype in struct{ n int }\n\treturn []any{l[in]{}, l[int]{}}\n}"}, "l[int]"},
	} {
		p := livetest.NewPaper(t)
		for _, code := range test.cells {
			if _, rejected, broken := p.Cell(code); rejected != nil || broken != nil {
				t.Fatalf("%s: %q:\n%v\n%v", test.why, code, rejected, broken)
			}
		}
		var got []string
		for _, i := range p.Out.Entry.Instances {
			got = append(got, strings.ReplaceAll(i.Symbol, "main.", ""))
		}
		slices.Sort(got)
		if all := strings.Join(got, " "); all != test.want {
			t.Errorf("%s: %q, want %q", test.why, all, test.want)
		}
	}
}

// FuzzWrite checks that the compiler accepts what the session accepts, and that all of the
// code is there, in order.
func FuzzWrite(f *testing.F) {
	for i, s := range livetest.Fragments {
		f.Add(s, livetest.Fragments[(i+5)%len(livetest.Fragments)])
	}
	f.Add("type a struct{ n int }\nv := a{1}", "type b a\nfunc (x a) m() { v.n = x.n; b(x).n++ }")
	f.Add("n := 1\nfunc f(a int) int { return a + n }", "n := \"s\"\nf(n)")
	f.Add("type l[T any] struct{ items []T }\nfunc (x *l[T]) add(t T) {}\nfunc mk[T any]() *l[T] { return nil }", "s := mk[int]()\ns.items = nil\nl[string]{}.items")
	f.Add("type i interface{ m() }\ntype e struct{ i; *s }\ntype s struct{ e []e }", "var x e\nx.i.m()\nx.s.e[0].s = &s{}\nfunc() { x := 1; _ = x }()")
	f.Fuzz(func(t *testing.T, first, second string) {
		defer livetest.Watch(t, first, second)()
		p := livetest.NewPaper(t)
		for _, code := range []string{first, second} {
			files, rejected, broken := p.Cell(code)
			if broken != nil {
				t.Fatalf("%q, %q: %v", first, second, broken)
			}
			if rejected != nil {
				if strings.Contains(rejected.Error(), "the type checker cannot make sense of this") {
					t.Fatalf("%q, %q: %v", first, second, rejected)
				}
				continue
			}
			if lost := missing(code, files["statements.go"]+files["part0.go"]); lost != "" {
				t.Fatalf("%q: %q is missing from\n%s\n%s", code, lost, files["statements.go"], files["part0.go"])
			}
		}
	})
}

// missing returns a token of a cell that is missing in the files made from it: statements
// and declarations are each in their order.
func missing(code, files string) string {
	files = mark.Strip(files)
	tokens := cell.Lex(files)
	for _, kind := range []cell.Kind{cell.Instructing, cell.Declaring} {
		at := 0
		for _, c := range cell.Split(code) {
			text := code[c.Start:c.End]
			if c.Kind != kind || kind == cell.Instructing && strings.Contains(text, "var") {
				continue
			}
			for _, l := range cell.Lex(text) {
				word := text[l.At:l.End]
				if l.Tok != token.IDENT && !l.Tok.IsLiteral() || word == "init" || word == "os" || word == "log" {
					continue
				}
				n := slices.IndexFunc(tokens[at:], func(m cell.Lexeme) bool { return files[m.At:m.End] == word })
				if n < 0 {
					return word
				}
				at += n + 1
			}
		}
	}
	return ""
}
