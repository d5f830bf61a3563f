package live

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// Tests compute in pure Go where no back end is set, not on the fastest of the machine.
func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
	m.Run()
}

// tester is a session under test.
type tester struct {
	*Session
	t *testing.T

	input input.Ask

	mu     sync.Mutex
	output strings.Builder
	cells  int
}

var base = sync.OnceValues(func() (*Base, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	cache := os.Getenv("SDT_CACHE")
	if cache == "" {
		if cache, err = os.UserCacheDir(); err != nil {
			return nil, err
		}
		cache = filepath.Join(cache, "sdtlab")
	}
	env := append(os.Environ(), "GOEXPERIMENT=simd")
	packages := []string{"./sdt", "./datasets", "./plots", "github.com/janpfeifer/gonb/gonbui", "github.com/janpfeifer/gonb/gonbui/widgets", "github.com/janpfeifer/gonb/gonbui/dom"}
	return Build(context.Background(), root, cache, env, packages, remark.On(os.Stderr))
})

func newTester(t *testing.T) *tester {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	return newTesterOf(t, b)
}

// newTesterOf is a session of a base whose process has some environment variables more.
func newTesterOf(t *testing.T, b *Base, env ...string) *tester {
	t.Helper()
	l := &tester{t: t}
	var err error
	l.Session, err = Open(b, t.TempDir(), append(os.Environ(), env...), func(stream string, text []byte) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.output.Write(text)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// run evaluates a cell and returns what it shows: output, then the value.
func (l *tester) run(code string) (string, error) {
	l.t.Helper()
	l.cells++
	start := time.Now()
	o, err := l.Eval(context.Background(), Cell{Number: l.cells, Code: code}, l.input)
	l.t.Logf("cell %d: %v", l.cells, time.Since(start).Round(time.Millisecond))
	shown := l.written()
	if err != nil {
		return shown, err
	}
	if o.Failure != nil {
		err = fmt.Errorf("%s: %s", o.Failure.Kind, o.Failure.Message)
	}
	if o.Value != nil {
		shown += "Out: " + o.Value.Data["text/plain"]
	}
	return shown, err
}

// written returns what cells have written since the last call.
func (l *tester) written() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.output.Reset()
	return l.output.String()
}

// want evaluates a cell and expects what it shows.
func (l *tester) want(code, want string) {
	l.t.Helper()
	got, err := l.run(code)
	if err != nil {
		l.t.Errorf("%s\n\t%v", code, err)
	} else if got != want {
		l.t.Errorf("%s\n\tshows %q, want %q", code, got, want)
	}
}

// wantLast evaluates cells, none of which may fail, and expects what the last one shows.
func (l *tester) wantLast(cells []string, want string) {
	l.t.Helper()
	for _, code := range cells[:len(cells)-1] {
		if _, err := l.run(code); err != nil {
			l.t.Fatalf("%s\n%v", code, err)
		}
	}
	l.want(cells[len(cells)-1], want)
}

// wantSilent is wantLast for cells of which the others show nothing.
func (l *tester) wantSilent(cells []string, want string) {
	l.t.Helper()
	for _, code := range cells[:len(cells)-1] {
		l.want(code, "")
	}
	l.want(cells[len(cells)-1], want)
}

// sessionRow is a row of a table: cells, and what the last one must show.
type sessionRow struct {
	why   string
	cells []string
	want  string
}

// inSessions checks rows, each in a session of its own.
func inSessions(t *testing.T, all []sessionRow) {
	for _, test := range all {
		t.Run(test.why, func(t *testing.T) {
			l := newTester(t)
			l.wantLast(test.cells, test.want)
		})
	}
}

// TestTimeZone checks that the first cell can set TZ. Go reads it when local time is first
// used, which the worker must not have done before.
func TestTimeZone(t *testing.T) {
	if _, err := time.LoadLocation("Asia/Tokyo"); err != nil {
		t.Skip("time zones: ", err)
	}
	l := newTester(t)
	l.want("os.Setenv(\"TZ\", \"Asia/Tokyo\")\nfmt.Println(time.Unix(0, 0).Format(time.RFC3339))", "1970-01-01T09:00:00+09:00\n")
}

func TestLive(t *testing.T) {
	l := newTester(t)
	l.want(`x := 3`, "")
	l.want(`x + 1`, "Out: 4")
	l.want(`fmt.Println("x is", x)`, "x is 3\n")
	l.want("type point struct{ a, b int }\nfunc (p *point) move() { p.a++ }\np := point{1, 2}", "")
	l.want(`p.move()`, "")
	l.want(`p`, "Out: {a:2 b:2}")
	l.want(`p.a`, "Out: 2")
	l.want(`fmt.Printf("%T %v\n", p, &p)`, "main.point &{2 2}\n")
	l.want("type stack[T any] struct{ items []T }\nfunc (s *stack[T]) push(t T) { s.items = append(s.items, t) }\nfunc newStack[T any]() *stack[T] { return &stack[T]{} }", "")
	l.want(`s := newStack[point](); s.push(p)`, "")
	l.want("s.push(point{5, 6})\nlen(s.items)", "Out: 2")
	l.want("s.items[1].b", "Out: 6")
	l.want("n := 0\ncount := func() int { n++; return n }", "")
	l.want("count(); count()", "Out: 2")
	l.want("n", "Out: 2")
	l.want("ch := make(chan int)\ngo func() { for i := 0; ; i++ { ch <- i } }()", "")
	l.want("<-ch + <-ch", "Out: 1")
	l.want("<-ch", "Out: 2")
	l.want("var m map[string]int", "")
	if out, err := l.run(`m["a"] = 1`); err == nil || !strings.Contains(err.Error(), "nil map") {
		t.Errorf("panic: %q, %v", out, err)
	}
	l.want("n", "Out: 2")
	if _, err := l.run("n := \"s\" + 1"); err == nil {
		t.Error("compiles")
	}
	l.want("n", "Out: 2")
	l.want("func f(a int) int { return a + n }", "")
	l.want("f(1)", "Out: 3")
	l.want("n = 10; f(1)", "Out: 11")
	l.want("n := 20", "")
	l.want("f(1)", "Out: 21")
	l.want("func g(a int) int { return f(a) * 2 }", "")
	l.want("func f(a int) int { return a }", "")
	l.want("g(4)", "Out: 8")
	l.want("n := 1.5", "")
	l.want("n", "Out: 1.5")
	l.want("b, err := sdt.NewBackend()\nfmt.Println(b.Name(), err)", "Go Backend <nil>\n")
	l.want("c, err := strconv.Atoi(\"12\")\nc", "Out: 12")
	l.want("rand.New(rand.NewPCG(1, 2)).IntN(10) < 10", "Out: true")
	l.want("var (\n a, d = 1, 2\n e string\n)\na + d", "Out: 3")
	l.want("const (\n k0 = iota\n k1\n)\nk1", "Out: 1")
	l.want("type op func(int) int\nops := map[string]op{\"double\": func(i int) int { return 2 * i }}", "")
	l.want("ops[\"double\"](4)", "Out: 8")
	l.want("import str \"strings\"\nstr.ToUpper(\"a\") == \"A\"", "Out: true")
	l.want("str.Repeat(\"a\", 3)", `Out: "aaa"`)
	l.want("var buf strings.Builder\nbuf.WriteString(\"hi\");", "")
	l.want("buf.String()", `Out: "hi"`)
	l.want("//go:noinline\nfunc far(s string) string { return s + \"!\" }\n//go:noinline\nfunc farther[T any](t T) string { return fmt.Sprint(t) }", "")
	l.want("p.a * 2;", "")
	l.want("strings.Repeat(\"a\", 2);", "")
	l.want("os.Setenv(\"SDT_NOTHING\", \"1\")", "")
	l.want("os.Chdir(\"/no/such/folder\")", "Out: chdir /no/such/folder: no such file or directory")
	l.want("far(\"called\") + farther(p)", `Out: "called!{2 2}"`)
	l.want("move := p.move; call := far; move(); call(\"by value\")", `Out: "by value!"`)
	l.want("p.a", "Out: 3")
}

func TestMethodOfEarlierType(t *testing.T) {
	l := newTester(t)
	l.want("type plain struct{ n int }\ntype same = plain", "")
	l.want("func (p plain) twice() int { return 2 * p.n }", "")
	l.want("plain{3}.twice()", "Out: 6")
	l.want("func (p *same) thrice() int { return 3 * p.n }\n(&plain{3}).thrice()", "Out: 9")
	l.want("type other plain\nother{4}.n", "Out: 4")
	l.want("type like = plain\nlike{4}.n", "Out: 4")
	l.want("import . \"strings\"\nToUpper(\"a\") == \"A\"", "Out: true")
	for _, code := range []string{"import . \"strings\"\nfunc (b *Builder) more() {}", "import . \"strings\"\ntype also = Builder\nfunc (b *also) more() {}", "n := 1\nfunc (x n) f() {}", "func (x nothing) f() {}"} {
		if _, err := l.run(code); err == nil {
			t.Errorf("%q compiles", code)
		}
	}
}

// TestCarried checks that existing values have a method that is declared later.
func TestCarried(t *testing.T) {
	l := newTester(t)
	l.want("type point struct{ a, b int }", "")
	l.want("p, q := point{1, 2}, &point{3, 4}\nall := map[string][]*point{\"q\": {q}}\nf := func(x point) int { return x.a }\nn := 5", "")
	l.want("func sum() int { return p.a + q.a + n }\ntick, done := make(chan bool), make(chan bool)\ngo func() {\n\tfor range tick {\n\t\tp.a += 100\n\t\tdone <- true\n\t}\n}()", "")
	l.want("func (p *point) double() { p.a, p.b = 2*p.a, 2*p.b }", "")
	l.want("p.double(); q.double()\nsum()", "Out: 13")
	l.want("all[\"q\"][0].double()\nq.a", "Out: 12")
	l.want("f(p)", "Out: 2")
	l.want("for range 2 {\n\ttick <- true\n\t<-done\n}\np = point{7, 8}\np", "Out: {a:7 b:8}")
	l.want("type line struct{ from, to point }\nl := line{p, *q}", "")
	l.want("func (p point) String() string { return fmt.Sprintf(\"(%d, %d)\", p.a, p.b) }", "")
	l.want("fmt.Println(l.from, p, l.to.a)", "(7, 8) (7, 8) 12\n")
	l.want("type point struct{ a, b, c int }", "") // another layout: values keep what they are
	l.want("p.b", "Out: 8")
	l.want("type own struct{ x int }\nv := own{4}\nfunc get() own { return v }\nget().x", "Out: 4")
}

// TestSettings checks what a cell finds outside of Go: flags, input, environment.
func TestSettings(t *testing.T) {
	l := newTester(t)
	l.want("n := flag.Int(\"n\", 3, \"a number\")\n*n", "Out: 3")
	l.SetArgs([]string{"-n", "7"})
	l.want("n := flag.Int(\"n\", 3, \"a number\")\nflag.Parse()\n*n", "Out: 7")
	l.SetArgs([]string{"-no"})
	if out, err := l.run("flag.Parse()"); err == nil || err.Error() != "exit: exit status 2" || !strings.HasPrefix(out, "flag provided but not defined: -no\nUsage of cell:\n") {
		t.Errorf("a flag that is none: %q, %v", out, err)
	}
	l.input = func(context.Context) (string, error) { return "typed", nil }
	l.want("var line string\nfmt.Print(\"? \")\nfmt.Scanln(&line)\nline", "? Out: \"typed\"")
	l.input = func(context.Context) (string, error) { return "", io.EOF }
	l.want("_, err := fmt.Scanln(&line)\nerr == io.EOF", "Out: true")
	l.input = func(context.Context) (string, error) { return "again", nil }
	l.want("fmt.Scanln(&line)\nline", "Out: \"again\"")
	l.input = nil
	l.want("_, err := os.Stdin.Read(make([]byte, 1))\nerr == io.EOF", "Out: true")
	if err := l.Setenv("SDT_SAID", "so"); err != nil {
		t.Error(err)
	}
	l.want("os.Getenv(\"SDT_SAID\")", "Out: \"so\"")
	if err := l.Chdir("/no/such/folder"); err == nil {
		t.Error("changes to a folder that is not there")
	}
	vars, memory, err := l.Who()
	if err != nil || len(vars) != 3 || memory.Resident < 1<<20 || memory.Goroutines < 2 {
		t.Errorf("%v, %+v, %v", vars, memory, err)
	}
	l.SetArgs(nil)
	tests := Cell{Number: 90, Tests: true, Code: "func TestSum(t *testing.T) { if 1+1 != 2 { t.Error() } }\nfunc BenchmarkSum(b *testing.B) { for b.Loop() {} }"}
	for range 2 {
		if o, err := l.Eval(t.Context(), tests, nil); err != nil || o.Failure != nil {
			t.Errorf("tests: %+v, %v", o, err)
		}
		if out := l.written(); !strings.Contains(out, "--- PASS: TestSum") || !strings.Contains(out, "ns/op") {
			t.Errorf("tests say %q", out)
		}
	}
	tests.Code = "func TestWrong(t *testing.T) { t.Error(\"wrong\", testing.Short()) }"
	if o, err := l.Eval(t.Context(), tests, nil); err != nil || o.Failure == nil || o.Failure.Message != "tests failed" || !strings.Contains(l.written(), "wrong false") {
		t.Errorf("a test that fails: %+v, %v", o, err)
	}
}
