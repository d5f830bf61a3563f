package editor

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

func FuzzInspect(f *testing.F) {
	for _, s := range livetest.Fragments {
		f.Add(s, len(s)/2, 0)
		f.Add(s, len(s), 1)
	}
	f.Add("v.items[0].move(1, ", 14, 1)
	f.Add("strings.Repeat(str.ToUpper(", 26, 0)
	f.Fuzz(func(t *testing.T, code string, at, detail int) {
		defer livetest.Watch(t, code, at)()
		p := livetest.NewPaper(t)
		p.Cell("import str \"strings\"")
		if _, rejected, broken := p.Cell("// p is.\ntype p struct{ a, b int; Name string }\nfunc (x *p) move(by int) *p { return x }\ntype l[T any] struct{ items []T }\nfunc (x l[T]) get() T { return x.items[0] }\nvar v l[p]\nconst c = 1"); rejected != nil || broken != nil {
			t.Fatal(rejected, broken)
		}
		i, ok := New(noSources{}).Inspect(p.Program, code, at, detail)
		if ok != (i.Text != "") || ok != (i.Markdown != "") || strings.Contains(i.Text, mark.Letter) && !strings.Contains(code, mark.Letter) {
			t.Fatalf("%q at %d: %v %q", code, at, ok, i.Text)
		}
	})
}
