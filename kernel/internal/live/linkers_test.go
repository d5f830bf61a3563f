package live

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// TestLinkers runs the cells that are hardest for a linker with each available linker,
// which also links the library of packages.
func TestLinkers(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	for _, name := range []string{"mold", "lld", "bfd"} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath("ld." + name); err != nil {
				t.Skipf("%s: no ld.%s: apt-get install mold lld binutils", t.Name(), name)
			}
			b, err := base()
			if err != nil {
				t.Fatal(err)
			}
			env := append(os.Environ(), "GOEXPERIMENT=simd", "SDT_LINKER="+name)
			if b, err = Build(context.Background(), b.Root, filepath.Dir(b.Dir), env, []string{"fmt"}, remark.Lines(func(s string) { t.Log(s) })); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(b.Linker(), name) {
				t.Errorf("the linker is %s", b.Linker())
			}
			l := newTesterOf(t, b)
			l.want("type point struct{ x, y int }\np := point{1, 2}\nvar x any = p\nfor range 20_000 { // until its type is remembered\n\tfmt.Sprint(x)\n}\nfmt.Printf(\"%T %+v\\n\", x, p)", "main.point {x:1 y:2}\n")
			l.want("func (p point) String() string { return fmt.Sprint(p.x, p.y) }\nfmt.Println(x)", "1 2\n") // a method added later
			l.want("func (p *point) Move() { p.x++ }\np.Move()\nx.(fmt.Stringer).String() + p.String()", `Out: "1 22 2"`)
			l.want("func f() string { return \"old\" }\nfunc g() string { return f() }\ng()", `Out: "old"`)
			l.want("func f() string { return \"new\" }\ng()", `Out: "new"`) // declared again
			l.want("type spot int\nold := spot(1)", "")
			l.want("type spot struct{ a string }\nfmt.Printf(\"%T %T\\n\", old, spot{\"b\"})", "main.spot main.spot\n")
			l.want("n := 0\ncount := func() int { n++; return n }\ncount()", "Out: 1") // a variable of two cells
			l.want("n += 10\ncount()", "Out: 12")
			l.want("type list[T any] struct{ all []T }\nfunc (l *list[T]) add(t T) *list[T] { l.all = append(l.all, t); return l }\nfunc apply[T, U any](f func(T) U, t T) U { return f(t) }\nl := (&list[spot]{}).add(spot{\"c\"})", "")
			l.want("apply(func(l *list[spot]) int { return len(l.add(spot{\"d\"}).all) }, l)", "Out: 2")
			l.want("type low struct{ Name string `json:\"name\"`; hidden int }\nb, err := json.Marshal([]low{{\"a\", 1}})\nstring(b)", "Out: \"[{\\\"name\\\":\\\"a\\\"}]\"")
			l.want("type e string\nfunc (x e) Error() string { return string(x) }\nfunc caught(f func()) (err error) {\n\tdefer func() { err, _ = recover().(error) }()\n\tf()\n\treturn\n}\ngot := caught(func() { panic(e(\"a\")) })", "")
			l.want("var want error = e(\"a\")\nfmt.Println(got == want, map[error]int{want: 5}[got])", "true 5\n")         // one table of methods
			l.want("type grid [200]*spot\nvar gr grid\ngr[199] = &spot{\"last\"}\nruntime.GC()\ngr[199].a", `Out: "last"`) // masks of types
			l.want("var big [1 << 20]byte\nbig[len(big)-1] = 7\nch := make(chan struct{ v [3]*int }, 1)\nlen(ch)", "Out: 0")
			l.want("runtime.GC()\nfmt.Println(big[len(big)-1], len(gr), gr[199].a)", "7 200 last\n")
			cell := l.cells + 1
			if out, err := l.run("func deep(m map[string]int) {\n\tm[\"a\"] = 1\n}\ndeep(nil)"); err == nil || !strings.Contains(err.Error(), "nil map") {
				t.Errorf("a panic: %q, %v", out, err)
			}
			l.want("func line() (string, int) {\n\t_, file, n, _ := runtime.Caller(0)\n\treturn file, n\n}\nfile, at := line()\nfmt.Println(file, at)", fmt.Sprintf("cell[%d] 2\n", cell+1))
			l.want("for range 40 {\n\tgo func() { _ = strings.Repeat(\"a\", 1<<16) }()\n}\nruntime.GC()\nstrings.ToUpper(\"end\")", `Out: "END"`)
		})
	}
}

// TestLinkerChoice checks the message for a linker that cannot be chosen.
func TestLinkerChoice(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{"gold", "SDT_LINKER=gold: set it to bfd, mold or lld"},
		{"mold", "SDT_LINKER=mold: no ld.mold in PATH; install it, or unset SDT_LINKER"},
	} {
		t.Run(c.value, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"go", "gcc"} {
				path, err := exec.LookPath(name)
				if err != nil {
					t.Skip(err)
				}
				if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", dir)
			if _, err := Build(t.Context(), "../../..", t.TempDir(), append(os.Environ(), "SDT_LINKER="+c.value), nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("says %v, want %q", err, c.want)
			}
		})
	}
}
