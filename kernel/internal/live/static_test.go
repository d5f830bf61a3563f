package live

import (
	"strings"
	"testing"
)

// TestIncomplete checks variables of types that only C allocates: a package may have them,
// so cells may too.
func TestIncomplete(t *testing.T) {
	const n = "type N struct {\n\tx int\n\t_ cgo.Incomplete\n}\nfunc seven() int { return 7 }\n"
	inSessions(t, []sessionRow{
		{"a value, a function that uses it, a later cell", []string{n + "var v = N{x: seven()}\nvar a, b N\nfunc sum() int { return v.x + a.x + b.x }\nv.x++", "a.x, b.x = 100, 1000\nsum()"}, "Out: 1108"},
		{"declared again", []string{n + "var v = N{x: seven()}\nfunc get() int { return v.x }\nold := &v", "v.x++\nvar v N\nv.x = old.x + 1", "fmt.Println(old.x, v.x, get())"}, "8 9 9\n"},
		{"in brackets, with others", []string{n + "var (\n\tg = N{x: 3}\n\tk = 4\n)", "g.x + k"}, "Out: 7"},
		{"taken before the statements", []string{n + "func get() int { return w.x }\nvar got = get()\nvar w = N{x: seven()}", "got"}, "Out: 7"},
		{"arrays", []string{n + "var all [3]N\nall[1].x = 4\np := &all[1]", "var all [3]N\nfmt.Println(all[1].x, p.x)"}, "0 4\n"},
		{"of no size", []string{"type Z struct{ _ cgo.Incomplete }\nvar y, z Z", "&y != nil && &z != nil"}, "Out: true"},
		{"in a structure that embeds", []string{"type A struct {\n\tB\n\t_ cgo.Incomplete\n}\ntype B struct{ x byte }\nfunc (p *B) M() *B { return p }\nvar (\n\ta A\n\ti interface{ M() *B } = &a\n)", "i.M() == &a.B"}, "Out: true"},
	})
	l := newTester(t)
	l.want(n+"var u = N{x: seven()}", "")
	if _, err := l.run("panic(\"early\")\nvar u N"); err == nil {
		t.Error("a cell that panics does not fail")
	}
	l.want("u.x", "Out: 7")
	for _, code := range []string{"v := N{}", "var v, w = N{}, 3"} {
		if _, err := l.run(code); err == nil || !strings.Contains(err.Error(), "N is incomplete (or unallocatable)") {
			t.Errorf("%s: %v, want that it is refused in the compiler's words", code, err)
		}
	}
}
