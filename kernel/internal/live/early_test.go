package live

import "testing"

// TestOrderAgain checks that a cell means the same when it runs again: its own later
// declarations, as the first time, and not the variables left by the first run.
func TestOrderAgain(t *testing.T) {
	const program = "package main\n\nvar (\n\ta = b\n\tb = \"hello\"\n)\n\nfunc main() { println(a); b = \"changed\" }"
	const set = "var ( set = func() { val = 3 }; val int )\nset()\nval"
	const start = "var total = count + 1\nvar count = start()\nfunc start() int { count := 5; return count }\ntotal"
	const key = "type T struct { b int }\nvar a = b\nvar b = pick().b\nfunc pick() T { return T{b: 1} }\na"
	const own = "type T struct { b int }\nvar a = b.b\nvar b = T{b: 1}\na"
	const method = "type T int\nfunc (t T) b() int { return int(t) }\nfunc use(t T, b int) int { return t.b() + b }\nvar a = b + 1\nvar b = use(1, 2)\na"
	const line = "var a, b, c = 1, a + 1, b + 1\nfmt.Println(a, b, c)"
	const early = "func f() int { return T{v: 5}.v }\ntype T struct { v int }\nvar v = f()\nv"
	inSessions(t, []sessionRow{
		{"a pasted program", []string{program, program}, "hello\n"},
		{"a function in a group", []string{set, "val = 0", set}, "Out: 3"},
		{"a local of a function", []string{start, "count = 100", start}, "Out: 6"},
		{"a key of a struct", []string{key, "b = 100", key}, "Out: 1"},
		{"a key in its own value", []string{own, "b.b = 100", own}, "Out: 1"},
		{"a method and a parameter", []string{method, "b = 100", method}, "Out: 4"},
		{"in one line", []string{line, "a, b, c = 10, 20, 30", line}, "1 2 3\n"},
		{"no cycle", []string{early, early}, "Out: 5"},
		{"a group, after another cell", []string{"b := 2", "var (\n\ta = b\n\tb = \"hello\"\n)\na"}, "Out: \"hello\""},
		{"a group of which one name is old", []string{"c := 1", "var (\n\ta = b + c\n\tb = \"x\"\n\tc = \"y\"\n)\na"}, "Out: \"xy\""},
		{"the length of an array, in a type", []string{"type P [len(arr)]int\nvar arr [2]int\nlen(P{1, 2})", "type P [len(arr)]int\nvar arr [3]int\nlen(P{1, 2, 3})"}, "Out: 3"},
		{"old ones are exchanged", []string{"a, b := 1, 2", "var a, b = b, a\nfmt.Println(a, b)"}, "2 1\n"},
	})
}

// TestOrderInSpec checks that, of several variables in one declaration, each is initialized
// when those that it needs exist.
func TestOrderInSpec(t *testing.T) {
	inSessions(t, []sessionRow{
		{"by a call", []string{"var table, size = build(size), 4\nfunc build(n int) []int { return make([]int, n) }\nlen(table)"}, "Out: 4"},
		{"in a group", []string{"var ( A, B = C, 2; C = B + 1 )\nfmt.Println(A, B, C)"}, "3 2 3\n"},
		{"by a function", []string{"var a, b = f(), 4\nfunc f() int { return b }\na"}, "Out: 4"},
		{"by :=, by a function", []string{"a, b := f(), 4\nfunc f() int { return b }\na"}, "Out: 4"},
		{"with a type, in lines", []string{"var _, y,\n\tx int = 0, // none\n\tx + 1, func() int {\n\t\treturn 3\n\t}()\ny"}, "Out: 4"},
	})
}

// TestOrderOfText checks that a declaration stays in place if the cell uses its name above
// only for something else: a field, a key, a parameter.
func TestOrderOfText(t *testing.T) {
	inSessions(t, []sessionRow{
		{"a field", []string{"n := 1", "n = 5\ntype cfg struct{ home int }\nvar home = n\nhome"}, "Out: 5"},
		{"a key", []string{"type point struct{ x, y int }\nvar pts []point\nfor i := range 3 { pts = append(pts, point{x: i}) }\nvar first = point{x: 7}\nvar x = len(pts)\nx"}, "Out: 3"},
		{"a parameter", []string{"os.Setenv(\"K\", \"v\")\ntype F func(root string)\nvar root = os.Getenv(\"K\")\nroot"}, "Out: \"v\""},
		{"a parameter of a literal", []string{"var n = 1\nn++\nvar sq = func(m int) int { return m * m }\nvar m = sq(n)\nm"}, "Out: 4"},
		{"a package's name", []string{"n := 1", "n = 5\nvar d = time.Second\nvar Second = n\nSecond"}, "Out: 5"},
	})
}
