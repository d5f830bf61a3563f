package check_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestPackageNames checks which package a name means, and what is said where it has not what
// is selected from it.
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
