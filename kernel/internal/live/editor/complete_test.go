package editor

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// noSources has no source files.
type noSources struct{}

func (noSources) SourcePath(string) string { return "" }

// TestShadowing checks completion and inspection of variables and constants that have names
// of Go's own.
func TestShadowing(t *testing.T) {
	for _, test := range []struct{ before, code, offers, says string }{
		{"len := 3", "le", "variable int", "var len int"},
		{"const len = 3", "le", "constant ", "const len = 3"},
		{"func len(a int) {}", "le", "function (a int)", "func len(a int)"},
		{"", "len := 3\nle", "variable int", "var len int"},
		{"", "func f() { le }\nconst len = 3", "constant untyped int", "const len = 3"},
		{"", "le", "function ", ""},
	} {
		p := livetest.NewPaper(t)
		if _, rejected, broken := p.Cell(test.before); rejected != nil || broken != nil {
			t.Fatal(test.before, rejected, broken)
		}
		at := strings.Index(test.code, "le") + 2
		if strings.Contains(test.code, "\nle") {
			at = len(test.code)
		}
		found := "nothing"
		for _, m := range New(noSources{}).Complete(p.Program, test.code, at).Matches {
			if m.Text == "len" {
				found = m.Type + " " + m.Signature
			}
		}
		if found != test.offers {
			t.Errorf("%q, %q: offers %q, want %q", test.before, test.code, found, test.offers)
		}
		i, _ := New(noSources{}).Inspect(p.Program, test.code[:at]+"n"+test.code[at:], at, 0)
		if !strings.Contains(i.Text, test.says) || strings.Contains(i.Text, mark.Letter) {
			t.Errorf("%q, %q: says %q, want %q", test.before, test.code, i.Text, test.says)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, s := range livetest.Fragments {
		f.Add(s, len(s)/2)
		f.Add(s, len(s))
	}
	f.Add("type q = p\nfunc (x *q) m() { x.", 22)
	f.Add("v.items[0].Name; []p{{", 11)
	f.Fuzz(func(t *testing.T, code string, at int) {
		defer livetest.Watch(t, code, at)()
		p := livetest.NewPaper(t)
		p.Cell("import str \"strings\"")
		if _, rejected, broken := p.Cell("type p struct{ a, b int; Name string }\nfunc (x *p) move(by int) *p { return x }\ntype l[T any] struct{ items []T }\nfunc (x l[T]) get() T { return x.items[0] }\nvar v l[p]\ntype i interface{ i; m() }"); rejected == nil || broken != nil {
			t.Fatal(rejected, broken)
		}
		if _, rejected, broken := p.Cell("type p struct{ a, b int; Name string }\nfunc (x *p) move(by int) *p { return x }\ntype l[T any] struct{ items []T }\nfunc (x l[T]) get() T { return x.items[0] }\nvar v l[p]"); rejected != nil || broken != nil {
			t.Fatal(rejected, broken)
		}
		c := New(noSources{}).Complete(p.Program, code, at)
		if c.Start < 0 || c.End < c.Start || c.End > len(code) {
			t.Fatalf("%q at %d: from %d to %d", code, at, c.Start, c.End)
		}
		if at = max(0, min(at, len(code))); at < c.Start-3 || at > c.End+3 { // within a rune
			t.Fatalf("%q at %d: from %d to %d", code, at, c.Start, c.End)
		}
		for _, m := range c.Matches {
			if m.Text == "" || strings.Contains(m.Text, mark.Letter) || m.Type == "" {
				t.Fatalf("%q at %d: %+v", code, at, m)
			}
		}
	})
}
