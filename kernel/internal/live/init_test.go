package live

import (
	"strings"
	"testing"
)

// TestInit checks that initializers run once, with the cell that declares them.
func TestInit(t *testing.T) {
	l := newTester(t)
	l.want("var runs int", "")
	l.want("unit := 1\nfunc scale() int { return unit }", "")
	l.want("func init() { runs++; fmt.Println(\"init\") }\nfunc init() { runs++ }\nfunc init_more() { runs += scale(); fmt.Println(\"more\") }\nfmt.Println(runs)", "init\nmore\n3\n")
	l.want("runs", "Out: 3")
	l.want("func scale() float64 { return 2 }", "") // init_more does not compile with that, and stays
	l.want("func scale() int { return 10 }", "")    // with this it does, and does not run
	l.want("runs", "Out: 3")
	l.want("init_more()\nruns", "more\nOut: 13")
	l.want("func init_more() { runs++ }", "")
	l.want("runs", "Out: 14")
	l.want("func init_with(n int) { runs += n }\nfunc init_value() int { runs++; return 0 }\nfunc init_any[T any]() { runs++ }\ntype t int\nfunc (t) init_method() { runs++ }", "")
	l.want("runs", "Out: 14")
}

// TestOrderOfVariables checks that the variables of a cell are initialized in Go's order if
// one needs another that is declared below it.
func TestOrderOfVariables(t *testing.T) {
	for _, test := range []struct{ why, code, want string }{
		{"one below", "var a = b + 1\nvar b = 2\na", "Out: 3"},
		{"again", "var a = b + 1\nvar b = 2\na", "Out: 3"},
		{"three", "var area = width * height\nvar width = height * 2\nvar height = 3\narea", "Out: 18"},
		{"in a group", "var (\n\tp = q + r\n\tq = f()\n\tr = 2\n)\nfunc f() int { return r * 10 }\np", "Out: 22"},
		{"through a method", "type m struct{}\nfunc (m) get() int { return late }\nvar early = m{}.get()\nvar late = 4\nearly", "Out: 4"},
		{"the length of an array", "var aa = [...]int{1, 2, 3}\nconst n = len(aa)\nn", "Out: 3"},
		{"init", "func init() { reg[\"a\"] = len(reg) + 1 }\nvar reg = map[string]int{\"b\": 1}\nfmt.Println(reg)", "map[a:2 b:1]\n"},
		{"as Go has it", "var sp = \"\"\nfunc g(name string, _ ...any) int {\n\tfmt.Print(sp, name)\n\tsp = \" \"\n\treturn 0\n}\nvar d1 = g(\"a\", x)\nvar d2 = g(\"b\", y)\nvar d3 = g(\"c\", z)\nvar d4 = g(\"d\")\nvar x int\nvar y int = 42\nvar z int = func() int { return 42 }()", "d a b c"},
		{"a count in a group", "var (\n\tcount int\n\tc1, c2 = next(), next()\n)\nfunc next() int { count++; return count }\nfmt.Println(count, c1, c2)", "2 1 2\n"},
		{"a statement needs one below", "func add(n string) { names = append(names, n) }\nadd(\"a\")\nvar names []string\nnames", "Out: [\"a\"]"},
		{"a statement needs one below, again", "func add(n string) { names = append(names, n) }\nadd(\"a\")\nvar names []string\nnames", "Out: [\"a\"]"},
		{"a map, by a loop", "for i := range 3 {\n\tnote(i)\n}\nfunc note(i int) { noted[i] = true }\nvar noted = map[int]bool{}\nlen(noted)", "Out: 3"},
		{"what fmt calls", "type tag struct{}\nfunc (tag) String() string { return tags[0] }\nfmt.Println(tag{})\nvar tags = []string{\"t\"}", "t\n"},
		{"by :=, before init", "func init() { seen[\"a\"] = start }\nstart := 1\nseen := map[string]int{}\nseen", "Out: map[\"a\":1]"},
		{"by :=, before init, again", "func init() { seen[\"a\"] = start }\nstart := 1\nseen := map[string]int{}\nseen", "Out: map[\"a\":1]"},
		{"by :=, two at once, before init", "func init() { fmt.Println(one, two) }\none, two := 1, \"2\"", "1 2\n"},
		{"a var that needs one by :=", "base := 2\nvar triple = base * 3\nfunc init() { fmt.Println(triple) }", "6\n"},
		{"a var that needs one by := below", "var w1 = k1()\nfunc k1() int { return k2 }\nk2 := 3\nw1", "Out: 3"},
		{"in Go's order", "func put(s string) string { fmt.Print(s); return s }\nuse()\nvar x1 = put(\"a\")\nvar x2 = put(\"b\")\nfunc use() { fmt.Print(x2) }", "abb"},
		{"one after another among statements", "v := 1\nvar w = v + 1\nv = 10\nvar u = v + w\nu", "Out: 12"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			if strings.HasSuffix(test.why, "again") {
				l.want(test.code, test.want)
			}
			l.want(test.code, test.want)
		})
	}
}

// TestInitializationCycles checks that a variable with a value that depends on itself is
// rejected, as by Go, and one that only seems to is not.
func TestInitializationCycles(t *testing.T) {
	l := newTester(t)
	for _, c := range []struct{ code, cycle string }{
		{"var a = b\nvar b = a", "a"},
		{"func f() int { return c }\nvar c = f()", "c"},
		{"func f1() int { return f2() }\nfunc f2() int { return d }\nvar d = f1() + 1", "d"},
		{"type m struct{}\nfunc (m) get() int { return e }\nvar e = m{}.get()", "e"},
		{"var g, h = two()\nfunc two() (int, int) { return 1, h }", "h"},
		{"func rec() { _ = i; rec() }\nvar i = rec", "i"},
		{"type box[T any] struct{ v T }\nfunc (b box[T]) get() T { return b.v }\nfunc mk() box[int] { return box[int]{j} }\nvar j = mk().get()", "j"},
		{"var k = func() int { return up() }()\nfunc up() int { return k }", "k"},
		{"func local() int { l := 2; return l }\nvar l = local()", ""},
		{"func later() int { return o }\nvar n = 1\nvar o = n", ""},
		{"var p = func() func() int { return inner }\nfunc inner() int { return len(q) }\nvar q = \"q\"", ""},
	} {
		out, err := l.run(c.code)
		switch {
		case c.cycle == "" && err != nil:
			t.Errorf("%s\n\t%v", c.code, err)
		case c.cycle != "" && (err == nil || !strings.Contains(err.Error(), "initialization cycle for "+c.cycle)):
			t.Errorf("%s\n\tshows %q, %v", c.code, out, err)
		}
	}
}
