package editor

import (
	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
	"testing"
)

func TestIsComplete(t *testing.T) {
	for _, test := range []struct{ code, status, indent string }{
		{"", "complete", ""},
		{"  \n", "complete", ""},
		{"// c", "complete", ""},
		{"x := 1", "complete", ""},
		{"x := 1;", "complete", ""},
		{"x", "complete", ""},
		{"fmt.Println(", "incomplete", "\t"},
		{"fmt.Println(1,", "incomplete", "\t"},
		{"fmt.Println(1", "invalid", ""}, // Go ends the statement with the line
		{"fmt.Println(1)", "complete", ""},
		{"x := []int{\n\t1,", "incomplete", "\t"},
		{"x := []int{\n\t1,\n}", "complete", ""},
		{"func f() {", "incomplete", "\t"},
		{"func f() {\n\tif x {", "incomplete", "\t\t"},
		{"func f() {\n\tif x {\n\t}", "incomplete", "\t"},
		{"func f() {\n\tif x {\n\t}\n}", "complete", ""},
		{"func f() {\n\n", "invalid", ""},
		{"func f() {\n", "incomplete", "\t"},
		{"func f()", "invalid", ""},
		{"func (p *point) m(", "incomplete", "\t"},
		{"type T struct {", "incomplete", "\t"},
		{"type T struct {\n\ta int\n}", "complete", ""},
		{"type T", "invalid", ""},
		{"if x {", "incomplete", "\t"},
		{"if x {\n}", "complete", ""},
		{"if x {\n} else {", "incomplete", "\t"},
		{"if x", "incomplete", ""}, // x may be the statement before the condition
		{"for", "incomplete", "\t"},
		{"for i := range 3 {\n\tfmt.Println(i)", "incomplete", "\t"},
		{"switch x {\ncase 1:", "incomplete", "\t\t"},
		{"switch x {\ncase 1:\n\t\tf()\n}", "complete", ""},
		{"f(func() {", "incomplete", "\t"},
		{"f(func() {\n\tg(", "incomplete", "\t\t"},
		{"x +", "incomplete", "\t"},
		{"x.", "incomplete", "\t"},
		{"x :=", "incomplete", "\t"},
		{"x, ", "incomplete", "\t"},
		{"x := 1 + // more", "incomplete", "\t"},
		{"x.f().\n\tg()", "complete", ""},
		{"s := `", "incomplete", ""},
		{"s := `\n\n\n", "incomplete", ""},
		{"s := `a\nb`", "complete", ""},
		{"/* c", "incomplete", ""},
		{"/* c */", "complete", ""},
		{"\"abc", "invalid", ""},
		{"'a", "invalid", ""},
		{"x := := (", "invalid", ""},
		{")", "invalid", ""},
		{"}", "invalid", ""},
		{"f(]", "invalid", ""},
		{"x := 1\ny := (", "incomplete", "\t"},
		{"x := \ny := 2", "invalid", ""},
		{"1 2", "invalid", ""},
		{"import \"fmt\"", "complete", ""},
		{"import (", "incomplete", "\t"},
		{"const a = 1\nf(a)", "complete", ""},
		{"return", "complete", ""},
		{"%who", "complete", ""},
		{"!ls (", "complete", ""},
		{"!ls \\", "incomplete", ""},
		{"!ls \\\n-l", "complete", ""},
		{"%time f(", "complete", ""},
		{"x := 1\n%who\ny := 2", "complete", ""},
		{"%env A B\nfunc f() {", "incomplete", "\t"},
		{"x := `\n%who\n`", "complete", ""},
		{"x := 7 +\n!b", "complete", ""},
		{"%%\nx := 1", "complete", ""},
		{"%%bash\nfor i in 1; do", "incomplete", ""},
		{"%%bash\nls\n", "complete", ""},
		{"%%bash", "incomplete", ""},
		{"\xff", "invalid", ""},
		{"\x00", "invalid", ""},
	} {
		status, indent := IsComplete(test.code)
		if status != test.status || indent != test.indent {
			t.Errorf("%q: %s %q, want %s %q", test.code, status, indent, test.status, test.indent)
		}
	}
}

func FuzzIsComplete(f *testing.F) {
	for _, s := range livetest.Fragments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		defer livetest.Watch(t, code)()
		status, indent := IsComplete(code)
		if status != "complete" && status != "incomplete" && status != "invalid" || indent != "" && status != "incomplete" {
			t.Errorf("%q: %q %q", code, status, indent)
		}
	})
}
