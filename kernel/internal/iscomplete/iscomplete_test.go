package iscomplete

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct{ code, status, indent string }{
		// Nothing, comments, expressions.
		{"", "complete", ""},
		{"  \n", "complete", ""},
		{"// c", "complete", ""},
		{"/* c */", "complete", ""},
		{"/* c", "incomplete", ""},
		{"x := 1 /* c", "incomplete", ""},
		{"x := := /* c", "invalid", ""},
		{"/* c\n\n\n", "incomplete", ""},
		{"x := 1 // c", "complete", ""},
		{"x := 1 + // c", "incomplete", "\t"},
		{"x := 1 + /* c */", "incomplete", "\t"},
		{"x", "complete", ""},
		{"x := 1", "complete", ""},
		{"x := 1;", "complete", ""},
		{"x := 1; y := 2; x + y", "complete", ""},
		{"x := 1\r\ny := (\r\n", "incomplete", "\t"},
		{"return", "complete", ""},

		// Operators that a line cannot end with.
		{"x +", "incomplete", "\t"},
		{"x.", "incomplete", "\t"},
		{"x :=", "incomplete", "\t"},
		{"x, ", "incomplete", "\t"},
		{"a, b :=", "incomplete", "\t"},
		{"x = y &&", "incomplete", "\t"},
		{"x &^=", "incomplete", "\t"},
		{"x := !", "incomplete", "\t"},
		{"<-", "incomplete", "\t"},
		{"x.f().\n\tg()", "complete", ""},
		{"x.f().\n", "incomplete", "\t"},
		{"x++", "complete", ""},
		{"x.f()\n\t.g()", "invalid", ""},
		{"x := \ny := 2", "invalid", ""},
		{"x := 1 +\nfor {}", "invalid", ""},

		// Calls and literals.
		{"fmt.Println(", "incomplete", "\t"},
		{"fmt.Println(1,", "incomplete", "\t"},
		{"fmt.Println(1", "invalid", ""}, // Go ends the statement with the line
		{"fmt.Println(1)", "complete", ""},
		{"x := []int{\n\t1,", "incomplete", "\t"},
		{"x := []int{\n\t1,\n}", "complete", ""},
		{"x := []int{\n\t1\n}", "invalid", ""},
		{"x := map[string]struct{ a int }{\n\t\"a\": {", "incomplete", "\t\t"},
		{"p := &point{", "incomplete", "\t"},
		{"a[1:", "incomplete", "\t"},
		{"a[1:2:", "incomplete", "\t"},
		{"v.(", "incomplete", "\t"},
		{"f(]", "invalid", ""},
		{"f((1, 2", "invalid", ""},
		{")", "invalid", ""},
		{"}", "invalid", ""},
		{"}; func f() {", "invalid", ""},
		{"} func f() {", "invalid", ""},
		{"1 2", "invalid", ""},
		{"x := := (", "invalid", ""},
		{"x := 1\ny := (", "incomplete", "\t"},

		// Strings and runes.
		{"s := `", "incomplete", ""},
		{"s := `\n\n\n", "incomplete", ""},
		{"s := `a\nb`", "complete", ""},
		{"s := `(\n\t{", "incomplete", ""},
		{"f(`a\n`,", "incomplete", "\t"},
		{"f() `", "invalid", ""},
		{"\"abc", "invalid", ""},
		{"\"a\\q\"", "invalid", ""},
		{"'a", "invalid", ""},
		{"'ab'", "invalid", ""},
		{"08", "invalid", ""},
		{"#", "invalid", ""},
		{"\xff", "invalid", ""},
		{"\x00", "invalid", ""},

		// Heads of statements.
		{"if x {", "incomplete", "\t"},
		{"if x {\n}", "complete", ""},
		{"if x {\n} else {", "incomplete", "\t"},
		{"if x {\n} else", "incomplete", "\t"},
		{"if x {\n}\nelse {", "invalid", ""},
		{"if x", "incomplete", ""}, // x may be the statement before the condition
		{"if", "incomplete", "\t"},
		{"if x\n{", "invalid", ""},
		{"if {", "invalid", ""},
		{"if x := f() {", "invalid", ""},
		{"if err := f(); err != nil {", "incomplete", "\t"},
		{"if err := f();", "incomplete", ""},
		{"if err := f(); err != nil {\n\treturn\n}", "complete", ""},
		{"if a {\n} else if err := f(); err != nil {", "incomplete", "\t"},
		{"if a {\n} else if b {\n} else {\n\tf()", "incomplete", "\t"},
		{"if a &&", "incomplete", "\t"},
		{"if a &&\n\tb {", "incomplete", "\t"},
		{"if f := func() bool {\n\treturn true", "incomplete", "\t"},
		{"if f := func() bool {\n\treturn true\n}; f() {", "incomplete", "\t"},
		{"if x == (T{1}) {", "incomplete", "\t"},
		{"if x == T{1} {", "invalid", ""},
		{"for", "incomplete", "\t"},
		{"for {", "incomplete", "\t"},
		{"for ;; {", "incomplete", "\t"},
		{"for ;;", "incomplete", ""},
		{"for i := 0; i < 3; i++ {", "incomplete", "\t"},
		{"for i := 0; i < 3; i++ {\n\tfmt.Println(i)", "incomplete", "\t"},
		{"for i := 0; i < 3; i++ {\n\tfmt.Println(i)\n}", "complete", ""},
		{"for i := 0; i < 3; i++ {\n\tfor j := 0; j < i; j++ {", "incomplete", "\t\t"},
		{"for i := 0;", "incomplete", ""},
		{"for i := 0; i < 3 {", "invalid", ""},
		{"for i := range 3 {\n\tfmt.Println(i)", "incomplete", "\t"},
		{"for range []int{1, 2} {", "incomplete", "\t"},
		{"for _, f := range []func(){\n\tfunc() {", "incomplete", "\t\t"},
		{"for k, v := range m {", "incomplete", "\t"},
		{"switch x {\ncase 1:", "incomplete", "\t\t"},
		{"switch x {\ncase 1:\n\t\tf()\n}", "complete", ""},
		{"switch x := f(); x {", "incomplete", "\t"},
		{"switch x := f();", "incomplete", ""},
		{"switch x := v.(type) {", "incomplete", "\t"},
		{"switch x := f(); y := x.(type) {\ncase int, string:\n\t\tg()\n\tdefault:", "incomplete", "\t\t"},
		{"switch {", "incomplete", "\t"},
		{"case 1:", "invalid", ""},
		{"select {", "incomplete", "\t"},
		{"select {\ncase v := <-c:", "incomplete", "\t\t"},
		{"select {\ncase c <- f(func() {", "incomplete", "\t\t"},
		{"go func() {", "incomplete", "\t"},
		{"go func() {\n}()", "complete", ""},
		{"go func() {\n}", "invalid", ""},
		{"defer f(", "incomplete", "\t"},
		{"go", "incomplete", "\t"},
		{"outer:", "incomplete", ""}, // the labelled loop follows
		{"outer:\nfor {", "incomplete", "\t"},
		{"outer:\nfor {\n\tbreak outer\n}", "complete", ""},
		{"{", "incomplete", "\t"},
		{"{\n}", "complete", ""},

		// Declarations.
		{"func f() {", "incomplete", "\t"},
		{"func f() {\n", "incomplete", "\t"},
		{"func f() {\n\n\n", "incomplete", "\t"}, // a pasted function has empty lines
		{"func f() {\n\tif x {", "incomplete", "\t\t"},
		{"func f() {\n\tif x {\n\t}", "incomplete", "\t"},
		{"func f() {\n\tif x {\n\t}\n}", "complete", ""},
		{"func f()", "invalid", ""}, // its brace cannot follow on another line
		{"func f() int", "invalid", ""},
		{"func f", "invalid", ""},
		{"func", "incomplete", "\t"},
		{"func f(", "incomplete", "\t"},
		{"func f(a int,", "incomplete", "\t"},
		{"func f(a int,\n\tb int,\n) {", "incomplete", "\t"},
		{"func f() (", "incomplete", "\t"},
		{"func f() {\n\tfunc g() {", "invalid", ""},
		{"func (p *point) m(", "incomplete", "\t"},
		{"func (p *point) m() int {", "incomplete", "\t"},
		{"func (p *point) m() int {\n\treturn 1\n}", "complete", ""},
		{"func (p *point[T]) m(t T) (err error) {\n}", "complete", ""},
		{"func (p *point) m()", "invalid", ""},
		{"func (", "incomplete", "\t"},
		{"func() {\n\tf()\n}()", "complete", ""},
		{"func() int { return 1 }()", "complete", ""},
		{"func f[", "incomplete", "\t"},
		{"func f[T any,", "incomplete", "\t"},
		{"func f[T any](a T) {", "incomplete", "\t"},
		{"func f[S ~[]E, E interface{ ~int | string }](s S) (e E) {\n\treturn s[0]\n}", "complete", ""},
		{"func f[T any,\n](a T) {\n}", "complete", ""},
		{"func f[P *C](p P) {\n}", "complete", ""},
		{"func f[T any]", "invalid", ""},
		{"func f[](a int) {\n}", "invalid", ""},
		{"func f() {\n}\nfunc g() {\n\tf()", "incomplete", "\t"},
		{"f()\nfunc f() {\n}\nf()", "complete", ""},
		{"type T struct {", "incomplete", "\t"},
		{"type T struct {\n\ta int `json:\"a", "incomplete", ""},
		{"type T struct {\n\ta int\n}", "complete", ""},
		{"type T interface {\n\t~int |", "incomplete", "\t\t"},
		{"type T[P any] struct {\n\tp P\n}", "complete", ""},
		{"type T", "invalid", ""},
		{"type (", "incomplete", "\t"},
		{"type (\n\tA = int\n\tB struct {", "incomplete", "\t\t"},
		{"var (\n\ta, b = 1, 2", "incomplete", "\t"},
		{"var x", "invalid", ""},
		{"var f = func() {", "incomplete", "\t"},
		{"const (\n\ta = iota", "incomplete", "\t"},
		{"const a = 1\nf(a)", "complete", ""},

		// Files.
		{"import \"fmt\"", "complete", ""},
		{"import \"fmt\"\nfmt.Println(", "incomplete", "\t"},
		{"import m \"math\"", "complete", ""},
		{"import . \"math\"; x", "complete", ""},
		{"import", "incomplete", "\t"},
		{"import .", "incomplete", "\t"},
		{"import m", "invalid", ""},
		{"import \"a\" \"b\"", "invalid", ""},
		{"import 1", "invalid", ""},
		{"import (", "incomplete", "\t"},
		{"import (\n\t\"fmt\"", "incomplete", "\t"},
		{"import (\n\t\"fmt\"\n\n\t_ \"embed\"\n\tm \"math\"\n)", "complete", ""},
		{"import ()", "complete", ""},
		{"import )", "invalid", ""},
		{"x := 1\nimport \"fmt\"\nfmt.Println(x)", "complete", ""},
		{"func f() {\n\timport \"fmt\"", "invalid", ""},
		{"package main", "complete", ""},
		{"package", "incomplete", "\t"},
		{"package main\n\nfunc main() {", "incomplete", "\t"},
		{"package main\n\nfunc main() {\n}", "complete", ""},
		{"// Package main is one.\npackage main\n\nimport (\n\t\"fmt\"\n)\n\nfunc main() {\n\tfmt.Println()\n}\n", "complete", ""},
		{"x := 1\npackage main", "invalid", ""},
		{"package \"main\"", "invalid", ""},
		{"\ufeffpackage main\n\nfunc main() {", "incomplete", "\t"},
		{"\ufeffx := 1", "complete", ""},
		{"//go:build linux\n\npackage main\n\nfunc f() {", "incomplete", "\t"},
		{"//go:build linux\n\nx := 1\nx", "complete", ""},
		{"//go:embed x.txt\nvar s string", "complete", ""},

		// Commands.
		{"%who", "complete", ""},
		{"\ufeff%who", "complete", ""},
		{"!ls (", "complete", ""},
		{"!ls \\", "incomplete", ""},
		{"!ls \\\n-l", "complete", ""},
		{"%time f(", "incomplete", "\t"},
		{"x := 1\n%who\ny := 2", "complete", ""},
		{"%env A B\nfunc f() {", "incomplete", "\t"},
		{"x := `\n%who\n`", "complete", ""},
		{"x := 7 +\n!b", "complete", ""},
		{"%%\nx := 1", "complete", ""},
		{"%%bash\nfor i in 1; do", "incomplete", ""},
		{"%%bash\nls\n", "complete", ""},
		{"%%bash", "incomplete", ""},
		{"%%timeit", "complete", ""},
	} {
		status, indent := Check(test.code)
		if status != test.status || indent != test.indent {
			t.Errorf("%q: %s %q, want %s %q", test.code, status, indent, test.status, test.indent)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"x := 1", "func f[T any](a T, b ...int) (c int, err error) {\n\treturn 0, nil\n}", "func (p *p) m() {}", "import (\n\t. \"fmt\"\n)",
		"if x := f(); x > 1 {\n} else if y {\n}", "L: for { break L }", "package p; func", "%who\n!ls \\\n-l", ")}](", "`/*", "\xff\x00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		status, indent := Check(code)
		if status != Complete && status != Incomplete && status != Invalid || strings.Trim(indent, "\t") != "" || indent != "" && status != Incomplete {
			t.Errorf("%q: %q %q", code, status, indent)
		}
		if again, _ := Check(code + "\n"); status == Invalid && again != Invalid {
			t.Errorf("%q: %s, with a line's end %s", code, status, again)
		}
	})
}
