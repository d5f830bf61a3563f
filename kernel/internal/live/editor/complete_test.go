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
