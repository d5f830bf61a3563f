package live

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestRefused checks that errors which only the compiler or the linker finds are reported
// in their words, at the cell's line, without paths and commands.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string // the last one is rejected
		says  string
	}{
		{"a variable", []string{"var a [1 << 50]int"}, "cell 1, line 1: type [1125899906842624]int larger than address space"},
		{"a pointer", []string{"x := 1\n\nvar p *[1 << 50]byte\nx"}, "cell 1, line 3: type [1125899906842624]byte larger than address space"},
		{"in a function", []string{"x := 1", "func f() {\n\tvar a [1 << 50]byte\n\t_ = a\n}\nx"}, "cell 2, line 2: type [1125899906842624]byte larger than address space"},
		{"a type", []string{"\ntype T struct{ a [1 << 50]int }"}, "cell 1, line 2: type [1125899906842624]int larger than address space"},
		{"a type of its kind is there", []string{"type T int", "type T struct{ a *[1 << 50]T }"}, "cell 2, line 1: type [1125899906842624]T larger than address space"},
		{"a generic type", []string{"type G[T any] struct{ a [1 << 40]T }", "var g *G[[1 << 20]int]"}, "cell 1, line 1: type [1099511627776][1048576]int larger than address space"},
		{"a channel", []string{"ch := make(chan [1 << 17]byte)"}, "cell 1, line 1: channel element type too large (>64kB)"},
		{"a generic function", []string{"func f[T any]() chan T { return make(chan T) }", "f[[1 << 17]byte]()"}, "cell 1, line 1: channel element type too large (>64kB)"},
		{"a frame", []string{"func f(a [1 << 31]byte) { fmt.Println(a) }"}, "cell 1, line 1: stack frame too large (>1GB): 0 MB locals + 2048 MB args"},
		{"in two places", []string{"func f(p *[1 << 50]byte) {}\nfunc g(p *[1 << 51]byte) {}"}, "cell 1, line 1: type [1125899906842624]byte larger than address space\ncell 1, line 2: type [2251799813685248]byte larger than address space"},
		{"no line is told", []string{"var a any = [1 << 31]byte{5: 1}"}, "cell 1: main..stmp_0: symbol too large (2147483648 bytes > 2000000000 bytes)"},
		{"an interface", []string{"x := 1\ntype I interface{ m() interface{ I } }\nx"}, "cell 1, line 2: invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)"},
		{"a directive", []string{"x := 1\n//go:systemstack\nfunc f() int { return x }"}, "cell 1, line 2: //go:systemstack only allowed in runtime"},
		{"no room for a function", []string{"//go:nosplit\nfunc g(n byte) byte {\n\tvar a [2000]byte\n\tfor i := range a {\n\t\ta[i] = n\n\t}\n\treturn a[3]\n}"}, "cell 1, line 2: main.g: nosplit stack over 792 byte limit\nmain.g<1>\n    grows 2008 bytes…"},
		{"nor for one of a name that was taken", []string{"func g() {}", "//go:nosplit\nfunc g(n byte) byte {\n\tvar a [2000]byte\n\tfor i := range a {\n\t\ta[i] = n\n\t}\n\treturn a[3]\n}"}, "cell 2, line 2: main.g: nosplit stack over 792 byte limit\nmain.g<1>\n    grows 2008 bytes…"},
		{"nor for a method", []string{"type T int", "func (t *T) m(n byte) byte { return 1 }", "x := 1\n//go:nosplit\nfunc (t *T) m(n byte) byte {\n\tvar a [2000]byte\n\tfor i := range a {\n\t\ta[i] = n\n\t}\n\treturn a[3]\n}"}, "cell 3, line 3: main.(*T).m: nosplit stack over 792 byte limit\nmain.(*T).m<1>\n    grows 2008 bytes…"},
		{"what is compiled again", []string{"const n = 1\nfunc f() int {\n\tvar a *[n << 40]int\n\treturn len(a)\n}", "const n = 1 << 10"}, "cell 1, line 3: type [1125899906842624]int larger than address space"},
	} {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			last := len(test.cells) - 1
			for _, code := range test.cells[:last] {
				l.run(code)
			}
			_, err := l.run(test.cells[last])
			if problems, ok := err.(Problems); !ok || len(problems) == 0 {
				t.Fatalf("%v", err)
			}
			says, begins := strings.CutSuffix(test.says, "…")
			if got := fmt.Sprint(err); got != says && !(begins && strings.HasPrefix(got, says)) || regexp.MustCompile(`sdt-live|exit status|𐕰`).MatchString(got) {
				t.Errorf("%s, want %s", got, test.says)
			}
			l.want("1 + 1", "Out: 2")
		})
	}
}
