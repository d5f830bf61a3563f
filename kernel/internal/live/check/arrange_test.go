package check_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestArrange checks which declarations are moved before the statements: where one runs, in
// the function that runs the cell, and the message if it cannot run early enough.
func TestArrange(t *testing.T) {
	const stays, early = "a statement, then the declaration", "the declaration, then a statement"
	for _, c := range []struct {
		why    string
		before []string
		code   string // fmt.Print stands for the statements
		where  string
		warns  string
	}{
		{"nothing needs it", nil, "fmt.Print()\nvar v = 1", stays, ""},
		{"a function that nobody calls", nil, "fmt.Print()\nv := 1\nfunc f() int { return v }", stays, ""},
		{"a function that is called later", nil, "fmt.Print()\nv := 1\nf()\nfunc f() int { return v }", stays, ""},
		{"a parameter of the name", nil, "fmt.Print(f(1))\nv := 1\nfunc f(v int) int { return v }", stays, ""},
		{"a field of the name", nil, "fmt.Print(f(1))\nv := 1\nfunc f(n int) int { return struct{ v int }{v: n}.v }", stays, ""},
		{"another package's function of a method's name", nil, "fmt.Print(strings.ToUpper(\"\"))\nv := 1\ntype T struct{}\nfunc (T) ToUpper() int { return v }", stays, ""},
		{"by a function", nil, "fmt.Print(f())\nvar v = 1\nfunc f() int { return v }", early, ""},
		{"by :=", nil, "fmt.Print(f())\nv := 1\nfunc f() int { return v }", early, ""},
		{"by functions", nil, "fmt.Print(f())\nvar v = 1\nfunc f() int { return g() }\nfunc g() int { return v }", early, ""},
		{"by a method", nil, "fmt.Print(T{}.m())\nvar v = 1\ntype T struct{}\nfunc (T) m() int { return v }", early, ""},
		{"by an interface's method", nil, "fmt.Print(I(T{}).m())\nvar v = 1\ntype I interface{ m() int }\ntype T struct{}\nfunc (T) m() int { return v }", early, ""},
		{"by a method that fmt calls", nil, "fmt.Print([]T{{}})\nvar v = \"v\"\ntype T struct{}\nfunc (T) String() string { return v }", early, ""},
		{"by a literal that is called", nil, "g := func() { f() }\ng()\nfmt.Print()\nvar v = 1\nfunc f() int { return v }", early, ""},
		{"by a literal that is called later", nil, "g := func() { f() }\nfmt.Print()\nvar v = 1\ng()\nfunc f() int { return v }", stays, ""},
		{"by a function that is handed on", nil, "h := strings.Map(f, \"a\")\nfmt.Print(h)\nvar v = 'v'\nfunc f(rune) rune { return v }", early, ""},
		{"by init", nil, "fmt.Print()\nv := 1\nfunc init() { _ = v }", early, ""},
		{"by what an init of GoNB's calls", nil, "fmt.Print()\nv := 1\nfunc init_x() { f() }\nfunc f() int { return v }", early, ""},
		{"the old one has another type", []string{"v := \"\"\nfunc f() string { return fmt.Sprint(v) }"}, "fmt.Print(f())\nv := 1", early, ""},
		{"the old one has the same type: so far it is meant", []string{"v := 3\nfunc f() string { return fmt.Sprint(v) }"}, "fmt.Print(f())\nv := 1", stays, ""},
		{"the cell again", []string{"fmt.Print(f())\nv := 1\nfunc f() int { return v }"}, "fmt.Print(f())\nv := 1\nfunc f() int { return v }", early, ""},
		{"another function, and the old one has the same type", []string{"v := 3"}, "fmt.Print(f())\nv := 1\nfunc f() int { return v }", early, ""},
		{"not by all that a statement does", nil, "n := 1\nfmt.Print(n)\nv := n\nfunc init() { _ = v }", early, ""},
		{"init, but for what statements change", nil, "n := 1\nfmt.Print()\nn++\nvar v = n\nfunc init() {}", stays, ""},
		{"init, but for what earlier functions may change", []string{"n := 1\nfunc f() { n++ }"}, "fmt.Print()\nf()\nvar v = n\nfunc init() {}", stays, ""},
		{"init, and nothing is in the way", nil, "fmt.Print()\nvar v = 1\nfunc init() {}", early, ""},
		{"init, and only printed before", nil, "n := []int{1}\nfmt.Print(n)\nv := len(n)\nfunc init() { _ = v }", early, ""},
		{"variables need others below", nil, "fmt.Print()\nvar a = f()\nvar b = 2\nvar v = 1\nfunc f() int { return b }", early, ""},
		{"a variable below it is needed: they keep their order", nil, "fmt.Print()\nvar v = 1\nf()\nvar b = 2\nfunc f() { b++ }", early, ""},
		{"a goroutine", nil, "go f()\nfmt.Print()\nv := strings.Repeat(\"a\", 2)\nfunc f() { _ = v }", stays, "f uses v, which line 3 declares: a call before that line finds v without its value"},
		{"two at once, of which one needs the other", nil, "fmt.Print()\nv, b := f(), 1\nfunc f() int { return b }", early, ""},
		{"a field's name in a type", nil, "type T struct{ v int }\nfmt.Print()\nvar v = 1", stays, ""},
		{"a parameter's in a type", nil, "type F func(v int) (w int)\nfmt.Print()\nvar v = 1", stays, ""},
		{"an interface's method", nil, "type I interface{ v() int }\nfmt.Print()\nvar v = 1", stays, ""},
		{"a type parameter", nil, "type G[v any] struct{ x []v }\nfmt.Print()\nvar v = 1", stays, ""},
		{"a package's constant", nil, "const c = time.Second\nfmt.Print()\nvar Second = c\nv := Second", stays, ""},
		{"what another variable's value selects", nil, "var d = time.Second.String()\nfmt.Print()\nvar v, String = 1, d", stays, ""},
		{"a key of a struct", nil, "type T struct{ v int }\nvar t = []*T{{v: 1}}\nfmt.Print()\nvar v = t", stays, ""},
		{"a key of a map", nil, "var t = map[string]int{v: 1}\nfmt.Print()\nvar v = \"a\"", early, ""},
		{"a key of what is known later", nil, "type T struct{ v int }\nvar t = [len(a)]T{{v: 1}}\nvar a [2]int\nn := 1\nfmt.Print()\nn++\nvar v = n", stays, ""},
		{"a local in what is known later", nil, "var f = func() {\n\tswitch a.(type) {\n\tcase int:\n\t\tv := 1\n\t\t_ = v\n\t}\n}\nvar a any\nn := 1\nfmt.Print()\nn++\nvar v = n", stays, ""},
		{"a type that is there already", []string{"type T [len(v)]int\nvar v [2]int"}, "type T [len(v)]int\nfmt.Print(T{1, 2, 3})\nvar v [3]int", early, ""},
		{"init, but for a statement that means the old one", []string{"v := 1"}, "fmt.Print(v)\nvar v = 2\nfunc init() {}", stays, ""},
		{"a parameter of a literal", nil, "var f = func(v int) int { return v }\nfmt.Print()\nvar v = f(1)", stays, ""},
		{"a variable of a literal", nil, "var f = func() { for v := range 3 { _ = v } }\nfmt.Print()\nvar v = f", stays, ""},
		{"a label", nil, "var f = func() {\nv:\n\tfor { break v }\n}\nfmt.Print()\nvar v = f", stays, ""},
		{"a variable of a function", nil, "func f() int { v := 1; return v }\nvar a = f()\nfmt.Print()\nvar v = a", stays, ""},
		{"a type that it shadows", []string{"type v int"}, "var a = []v{1}\nfmt.Print()\nvar v = a", stays, ""},
		{"a package that it shadows", nil, "var a = time.Now()\nfmt.Print()\nvar time = a\nvar v = time", stays, ""},
		{"a function of Go's that it shadows", nil, "var a = len(\"a\")\nfmt.Print()\nvar v, len = a, a", stays, ""},
		{"a function that has a field of the name, and is there already", []string{"type T struct{ v int }\nfunc f() T { return T{v: 1} }", "v := 1"}, "type T struct{ v int }\nfunc f() T { return T{v: 1} }\nfmt.Print(f())\nv := 2", stays, ""},
		{"a function that has a field of a method's name, and is there already", []string{"type T struct{ m int }\nfunc f(t T) int { return t.m }", "type U struct{}\nv := 1\nfunc (U) m() int { return v }"}, "func f(t T) int { return t.m }\nfmt.Print(f(T{}))\nv := 2\nfunc (U) m() int { return v }", stays, ""},
		{"a variable needs it, and there is an old one", []string{"v := 1"}, "var a = v\nfmt.Print()\nvar v = 2", early, ""},
		{"another in its brackets, and there is an old one", []string{"v := 1"}, "fmt.Print()\nvar (\n\ta = v\n\tv = 2\n)", early, ""},
		{"another in its line", nil, "fmt.Print()\nvar a, v = v, 1", early, ""},
		{"they are exchanged", []string{"a, v := 1, 2"}, "fmt.Print()\nvar v, a = a, v", stays, ""},
		{"what is handed on, and called later", nil, "fmt.Print()\nv := f\nfunc f() { _ = v }", stays, ""},
		{"a literal that is handed on", nil, "h(func() { f() })\nfmt.Print()\nv := strings.Repeat(\"a\", 2)\nfunc f() { _ = v }\nfunc h(func()) {}", stays, "f uses v, which line 3 declares: a call before that line finds v without its value"},
		{"a literal that a function returns", nil, "g := f()\nfmt.Print()\nv := strings.Repeat(\"a\", 2)\ng()\nfunc f() func() { return func() { _ = v } }", stays, "f uses v, which line 3 declares: a call before that line finds v without its value"},
		{"what may be called later", nil, "h(f)\nfmt.Print()\nv := strings.Repeat(\"a\", 2)\nfunc f() string { return v }\nfunc h(func() string) {}", stays, "f uses v, which line 3 declares: a call before that line finds v without its value"},
	} {
		p := livetest.NewPaper(t)
		for _, code := range c.before {
			if _, rejected, broken := p.Cell(code); rejected != nil || broken != nil {
				t.Fatalf("%s: %s: %v, %v", c.why, code, rejected, broken)
			}
		}
		files, rejected, broken := p.Cell(c.code)
		if rejected != nil || broken != nil {
			t.Errorf("%s: %s: %v, %v", c.why, c.code, rejected, broken)
			continue
		}
		_, run, _ := strings.Cut(files["statements.go"], "func main")
		statement, made := strings.Index(run, "Print"), max(strings.Index(run, "v :="), strings.Index(run, "v, b :="), strings.Index(run, "var v"))
		where := stays
		if made < statement {
			where = early
		}
		if where != c.where || statement < 0 || made < 0 {
			t.Errorf("%s: %s: %s, want %s\n%s", c.why, c.code, where, c.where, run)
		}
		if warns := strings.Join(p.Out.Warnings, "\n"); warns != c.warns {
			t.Errorf("%s: %s: warns %q, want %q", c.why, c.code, warns, c.warns)
		}
	}
}

// TestTooLate checks the problem with a variable that is needed early and cannot be
// declared early.
func TestTooLate(t *testing.T) {
	for _, c := range []struct {
		why   string
		cells []string
		says  string
	}{
		{"a statement changes what it needs", []string{"n := 1\nn++\nv := n\nfunc init() { _ = v }"},
			"line 4:6: init uses v and runs before the statements, but v cannot be declared before them: its value depends on line 2; give the function another name and call it below line 3"},
		{"and a statement needs it", []string{"n := 1\nn++\nf()\nvar v = n\nfunc f() int { return v }"},
			"line 3:1: f uses v, which line 4 declares and which cannot be declared earlier: its value depends on line 2; move this below line 4"},
		{"by a function", []string{"n := []int{1}\ng()\nf()\nvar v = n[0]\nfunc f() int { return v }\nfunc g() { n[0]++ }"}, "its value depends on line 2"},
		{"by a method of a pointer", []string{"var b strings.Builder\nb.WriteString(\"a\")\nf()\nv := b.String()\nfunc f() string { return v }"}, "its value depends on line 2"},
		{"by an earlier function", []string{"n := 1\nfunc g() { n++ }", "g()\nf()\nv := n\nfunc f() int { return v }"}, "its value depends on line 1"},
		{"a variable that cannot be taken", []string{"n := 1\nn++\nm := n\nf()\nv := m\nfunc f() int { return v }"}, "its value depends on line 3"},
		{"the old variable", []string{"v := 1", "fmt.Print(v)\nv := 2\nfunc init() { _ = v }"}, "in line 1 the name means the earlier one"},
		{"the old variable in its value", []string{"v := 1", "v := v + 1\nfunc init() { _ = v }"}, "it needs the earlier variable of that name"},
		{"two declarations by one", []string{"a, err := fmt.Print()\nv, err := fmt.Print()\nfunc init() { _ = v }"}, "err is declared twice"},
		{"for another variable", []string{"n := 1\nn++\nvar a = v\nvar v = n"}, "v is needed before this line, and cannot be declared earlier: its value depends on line 2"},
		{"two at once, of which one needs the other", []string{"n := 1\nn++\na, v := f(), n\nfunc f() int { return v }"},
			"line 3:1: f uses v, which cannot be declared earlier: its value depends on line 2"},
		{"a value that depends on itself", []string{"func f() int { return g() }\nfunc g() int { return v }\nv := f()"},
			"line 3:1: initialization cycle for v\n\tline 3: v refers to f\n\tline 1: f refers to g\n\tline 2: g refers to v"},
		{"by var, in a function that is not called", []string{"func f() int { return v() }\nvar v = func() int { return f() }"}, "initialization cycle for v"},
		{"though there is an old one", []string{"v := 1", "func f() int { return v }\nv := f()"}, "initialization cycle for v"},
		{"the cell again", []string{"v := 1", "func f() int { return v }", "func f() int { return v }\nv := f()"}, "initialization cycle for v"},
		{"an earlier function, and another type", []string{"v := 1\nfunc f() string { return fmt.Sprint(v) }", "v := f()"}, "initialization cycle for v"},
	} {
		p := livetest.NewPaper(t)
		var rejected error
		for _, code := range c.cells {
			_, rejected, _ = p.Cell(code)
		}
		if rejected == nil || !strings.Contains(rejected.Error(), c.says) {
			t.Errorf("%s: %q: says %v, want %s", c.why, c.cells, rejected, c.says)
		}
	}
}
