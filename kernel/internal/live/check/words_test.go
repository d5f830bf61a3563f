package check_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestPackageNames checks which package a name means, and the problem if that lacks what is
// selected from it.
func TestPackageNames(t *testing.T) {
	for _, test := range []struct{ before, code, says string }{
		{"", "time := time.Now()\ntime.IsZero()", ""},
		{"", "url, err := url.Parse(\"http://a/b\")\nurl.Path\n_ = err", "url.Path (variable of type string) is not used"},
		{"", "_ = func() string {\n\tos := os.Getpid()\n\t{\n\t\tstrings := strings.Repeat(\"a\", os)\n\t\treturn strings\n\t}\n}", ""},
		{"", "func f(time time.Time) bool { return time.IsZero() }\nf(time.Now())", ""},
		{"", "os, fmt := os.Args, fmt.Sprint(1)\nfunc f() int { return len(os) + len(fmt) }\nf()", ""},
		{"", "if time := time.Now(); time.IsZero() {\n}\ntime.Now().Year()", ""},
		{"", `fmt.Prinln("x")`, "line 1:5: undefined: fmt.Prinln"},
		{"", "time.Secnd", "undefined: time.Secnd"},
		{"", "math.pi", "undefined: math.pi (but have Pi)"},
		{"", `strings.ToUpper("a") + strings.Nope("b")`, "undefined: strings.Nope"},
		{"", "rand.N(3) + rand.Nope", "undefined: rand.Nope"},
		{"", "fmt", "use of package fmt without selector"},
		{`import "fmt"`, "x := fmt", "use of package fmt without selector"},
		{`import f "fmt"`, "f(1)", "use of package f without selector"},
		{"fmt := 3", "fmt", ""},
		{"fmt := 3", "fmt.Println()", "fmt.Println undefined"},
		{"", "func f() int { return fmt }\nfmt := 3\nf()", ""},
		{"", "func os() int { return 1 }\nos()", ""},
		{"", "type time struct{ A int }\ntime{A: 1}", ""},
		{"", "type T struct{ time int }\nT{time: 1}", ""},
		{"", "nothing.At()", "undefined: nothing"},
		{"", "nothing", "undefined: nothing"},
	} {
		p := livetest.NewPaper(t)
		if test.before != "" {
			p.Cell(test.before)
		}
		says := ""
		_, rejected, broken := p.Cell(test.code)
		if rejected != nil {
			says = rejected.Error()
		}
		if broken != nil || !strings.HasSuffix(says, test.says) && !strings.Contains(says, test.says+" ") || (says == "") != (test.says == "") || strings.Contains(says, "\n") {
			t.Errorf("%q: says %q, want %q; %v", test.code, says, test.says, broken)
		}
	}
}

// TestPlaces checks that every problem has a cell and a line as the user knows them.
func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		cells []string
		says  string
	}{
		{[]string{"type main int"}, "cell 12, line 1:6: cannot declare main - must be func"},
		{[]string{"main := 3\nfunc main() {}"}, "cell 12, line 1:1: main redeclared in this block\n\tline 2: other declaration of main"},
		{[]string{"func f() int { return y }\nfunc g() {}\ny, g := 1, 2"}, "cell 12, line 3:4: g redeclared in this block\n\tline 2: other declaration of g"},
		{[]string{"var len = 3\nfunc init() {}\nvar len = 4"}, "cell 12, line 3:5: len redeclared in this block\n\tline 1: other declaration of len"},
		{[]string{"type T int\nfunc (T) m() {}\n\nfunc (T) m() {}"}, "cell 12, line 4:10: method T.m already declared at cell 12, line 2"},
		{[]string{"x := 1", "func (T) m() {}; func (T) m() {}; type T int"}, "cell 13, line 1:27: method T.m already declared at cell 13, line 1"},
		{[]string{"func f[T any]() {}", "x := 1\nf()"}, "cell 13, line 2:1: in call to f, cannot infer T (declared at cell 12, line 1)"},
		{[]string{"var x, y = 1, 2, 3"}, "cell 12, line 1:18: extra init expr 3"},
		{[]string{"func f() {\n\tgoto L\n\tx := 1\n\t_ = x\nL:\n}"}, "cell 12, line 2:7: goto L jumps over variable declaration at line 3"},
		{[]string{"switch 1 {\ndefault:\ndefault:\n}"}, "cell 12, line 3:1: multiple defaults (first at cell 12, line 2)"},
		{[]string{"x y"}, "cell 12, line 1:3: expected ';', found y"},
	} {
		p := livetest.NewPaper(t)
		var rejected error
		for i, code := range test.cells {
			_, rejected, _ = p.CellOf(12+i, code)
		}
		if rejected == nil || rejected.Error() != test.says {
			t.Errorf("%q: says %v, want %s", test.cells, rejected, test.says)
		}
	}
}
