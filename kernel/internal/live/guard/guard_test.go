package guard

import (
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// checked parses and checks files of a package.
func checked(t *testing.T, fset *token.FileSet, imports types.Importer, path string, texts map[string]string) ([]ast.Node, *types.Info) {
	t.Helper()
	var files []*ast.File
	var nodes []ast.Node
	for name, text := range texts {
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files, nodes = append(files, f), append(nodes, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: imports, FakeImportC: true}
	if _, err := conf.Check(path, fset, files, info); err != nil {
		t.Fatal(err)
	}
	return nodes, info
}

// put makes insertions in the files that they belong to.
func put(fset *token.FileSet, texts map[string]string, found []Insertion) map[string]string {
	slices.SortStableFunc(found, func(a, b Insertion) int { return int(b.At - a.At) })
	out := map[string]string{}
	for name, text := range texts {
		out[name] = text
	}
	for _, i := range found {
		p := fset.PositionFor(i.At, false)
		text := out[p.Filename]
		out[p.Filename] = text[:p.Offset] + i.Text + text[p.Offset:]
	}
	return out
}

func TestChecks(t *testing.T) {
	const head = "package p\nimport (\"fmt\"; \"math\"; \"time\"; \"sync\"; \"sort\")\nvar _ = sort.Ints\nvar _ = fmt.Sprint\nvar _ = math.Pi\nvar _ time.Time\nvar _ sync.Mutex\nvar ch chan int\n"
	for _, c := range []struct{ why, code, want string }{
		{"a loop looks at each turn", "func f() { for { } }", "func f() { for { C; } }"},
		{"whatever its kind", "func f(n int, s []int, m map[int]int) { for range n { }; for range s { g() }; for range m { }; for i := 0; i < n; i += 2 { } }\nfunc g() { for { } }",
			"func f(n int, s []int, m map[int]int) { for range n { C; }; for range s { C; g() }; for range m { C; }; for i := 0; i < n; i += 2 { C; } }\nfunc g() { for { C; } }"},
		{"an innermost one that counts, rarely", "func f(n int) { for i := range n { print(i) }; for i, j := 0, 1; i < n; i++ { print(j) }; for i := uint8(0); ; i++ { } }",
			"func f(n int) { for i := range n { if i&1023 == 1023 { C }; print(i) }; for i, j := 0, 1; i < n; i++ { if i&1023 == 1023 { C }; print(j) }; for i := uint8(0); ; i++ { C; } }"},
		{"one over elements, not at all", "func f(s []int, t string) { for i := range s { s[i] = h(i) }; for range t { } }\nfunc h(i int) int { return int(math.Sqrt(float64(i))) }",
			"func f(s []int, t string) { C; for i := range s { s[i] = h(i) }; for range t { } }\nfunc h(i int) int { return int(math.Sqrt(float64(i))) }"},
		{"those around it, at each turn", "func f(n int) { for i := 0; i < n; i++ { for j := 0; j < n; j++ { } } }", "func f(n int) { for i := 0; i < n; i++ { C; for j := 0; j < n; j++ { if j&1023 == 1023 { C }; } } }"},
		{"a few turns are not worth it", "func f(a [3]int, p *[3]int) { for i := 0; i < 3; i++ { }; for range 10 { }; for range a { }; for range p { }; for i := 9; i >= 0; i-- { } }",
			"func f(a [3]int, p *[3]int) { for i := 0; i < 3; i++ { }; for range 10 { }; for range a { }; for range p { }; for i := 9; i >= 0; i-- { } }"},
		{"unless they are not few", "func f() { for range 1000 { }; for i := 0; i < 3; i++ { i = 0 }; for i := uint(9); i >= 0; i-- { }; for i := 3; i > 0; i++ { }; for i := 0; i < 3; i++ { g(&i) } }\nfunc g(*int) {}",
			"func f() { for range 1000 { C; }; for i := 0; i < 3; i++ { C; i = 0 }; for i := uint(9); i >= 0; i-- { if i&1023 == 1023 { C }; }; for i := 3; i > 0; i++ { if i&1023 == 1023 { C }; }; for i := 0; i < 3; i++ { C; g(&i) } }\nfunc g(*int) {}"},
		{"a goto that goes back", "func f() { a: if ch != nil { goto a }; goto b; b: }", "func f() { a: if ch != nil { C; goto a }; goto b; b: }"},
		{"a function that calls itself", "func f(n int) int { return f(n-1) }", "func f(n int) int { C; return f(n-1) }"},
		{"not where it does not", "func f(n int) int { if n < 2 { return n }; return f(n-1) }", "func f(n int) int { if n < 2 { return n }; C; return f(n-1) }"},
		{"in a loop", "func f(n int) { l: for i := range n { f(i); continue l } }", "func f(n int) { C; l: for i := range n { C; f(i); continue l } }"},
		{"through another, or by a method", "type t int\nfunc (x t) f() { g(x) }\nfunc g(x t) { x.f() }\nfunc h(x t) { g(x) }",
			"type t int\nfunc (x t) f() { C; g(x) }\nfunc g(x t) { C; x.f() }\nfunc h(x t) { g(x) }"},
		{"through an interface", "type i interface{ f() }\ntype t struct{ i }\nfunc (x *t) f() { x.i.f() }", "type i interface{ f() }\ntype t struct{ i }\nfunc (x *t) f() { C; x.i.f(); C }"},
		{"through a variable", "func f() { var fib func(int) int; fib = func(n int) int { return fib(n-1) }; _ = fib }",
			"func f() { var fib func(int) int; fib = func(n int) int { C; return fib(n-1) }; _ = fib }"},
		{"but not one that calls what it is given", "func f(g func(int) int) int { return g(1) }", "func f(g func(int) int) int { return g(1) }"},
		{"a generic one", "func f[T any](n T) { f[T](n) }", "func f[T any](n T) { C; f[T](n) }"},
		{"what a package calls", "func f() { time.AfterFunc(1, func() { }); g(func() { }); func(func()) { }(func() { }) }\nfunc g(func()) { }",
			"func f() { time.AfterFunc(1, func() { C; }); C; g(func() { }); func(func()) { }(func() { C; }); C }\nfunc g(func()) { }"},
		{"what has waited", "func f() { <-ch; time.Sleep(1); ch <- 1; x := <-ch; _ = x }", "func f() { <-ch; C; time.Sleep(1); C; ch <- 1; C; x := <-ch; C; _ = x }"},
		{"in a condition", "func f() { if <-ch > 1 { } else if ch != nil { } else { }; switch <-ch { case 1: default: } }",
			"func f() { if <-ch > 1 { C; } else if ch != nil { C; } else { C; }; switch <-ch { case 1: C; default: C; } }"},
		{"in a select", "func f() { select { case <-ch: return; default: } }", "func f() { select { case <-ch: C; return; default: } }"},
		{"after a loop, not at the end of its body too", "func f() { for range ch { <-ch }; print(1) }", "func f() { for range ch { C; <-ch }; C; print(1) }"},
		{"a function of the cell that waits", "func f() { g(); h(); print(1) }\nfunc g() { h(); <-ch }\nfunc h() { math.Sqrt(2) }",
			"func f() { g(); C; h(); print(1) }\nfunc g() { h(); <-ch; C }\nfunc h() { math.Sqrt(2) }"},
		{"nothing behind an end", "func f() int { for { } }\nfunc g() int { panic(<-ch) }\nfunc h() int { return <-ch }", "func f() int { for { C; } }\nfunc g() int { C; panic(<-ch) }\nfunc h() int { C; return <-ch }"},
		{"a literal does not wait where it stands", "func f() { g := func() { <-ch }; _ = g }", "func f() { g := func() { <-ch; C }; _ = g }"},
		{"nor does go", "func f() { go time.Sleep(1); print(1) }", "func f() { C; go time.Sleep(1); print(1) }"},
		{"nobody ends with a lock that he has just taken", "var mu sync.Mutex\nfunc f() { mu.Lock() }\nfunc g() { f(); print(1) }\nfunc h(l sync.Locker) { l.Lock(); print(1) }",
			"var mu sync.Mutex\nfunc f() { C; mu.Lock() }\nfunc g() { f(); print(1) }\nfunc h(l sync.Locker) { C; l.Lock(); print(1) }"},
		{"nor before he gives it back", "var mu sync.RWMutex\nfunc f() { for { mu.RLock(); time.Sleep(1); if <-ch > 1 { time.Sleep(2) }; mu.RUnlock(); print(1) } }",
			"var mu sync.RWMutex\nfunc f() { for { C; mu.RLock(); time.Sleep(1); if <-ch > 1 { time.Sleep(2) }; mu.RUnlock(); C; print(1) } }"},
		{"but when that is deferred", "var mu sync.Mutex\nfunc f() { mu.Lock(); print(1); defer mu.Unlock(); time.Sleep(1); print(2) }",
			"var mu sync.Mutex\nfunc f() { mu.Lock(); print(1); defer mu.Unlock(); C; time.Sleep(1); C; print(2) }"},
		{"in a loop, and in a function", "var mu sync.Mutex\nfunc f() { mu.Lock(); for { print(1) }; func() { <-ch; print(2) }(); mu.Unlock() }",
			"var mu sync.Mutex\nfunc f() { mu.Lock(); for { C; print(1) }; func() { <-ch; C; print(2) }(); mu.Unlock(); C }"},
		{"not in one that waits for a condition", "var c sync.Cond\nfunc f() { c.L.Lock(); for ch == nil { c.Wait() }; c.L.Unlock(); print(1) }",
			"var c sync.Cond\nfunc f() { c.L.Lock(); for ch == nil { c.Wait() }; c.L.Unlock(); C; print(1) }"},
		{"but in one that waits for something else", "var mu sync.Mutex\nfunc f(g *sync.WaitGroup) { mu.Lock(); for ch == nil { g.Wait() }; mu.Unlock() }",
			"var mu sync.Mutex\nfunc f(g *sync.WaitGroup) { mu.Lock(); for ch == nil { C; g.Wait() }; mu.Unlock(); C }"},
		{"a lock in branches", "var mu sync.Mutex\nfunc f() { mu.Lock(); if ch != nil { <-ch; mu.Unlock() } else { mu.Unlock(); time.Sleep(1) }; <-ch; print(1) }",
			"var mu sync.Mutex\nfunc f() { mu.Lock(); if ch != nil { <-ch; mu.Unlock() } else { mu.Unlock(); time.Sleep(1) }; <-ch; C; print(1) }"},
		{"a channel as a semaphore", "func f(s chan struct{}) { s <- struct{}{}; defer func() { <-s }(); print(1) }\nfunc g(s chan struct{}) { s <- struct{}{}; time.Sleep(1); <-s; print(1) }",
			"func f(s chan struct{}) { s <- struct{}{}; defer func() { <-s; C }(); C; print(1) }\nfunc g(s chan struct{}) { s <- struct{}{}; time.Sleep(1); <-s; C; print(1) }"},
		{"a function that is handed on", "func f() { sort.Slice(nil, g); k := func(i, j int) bool { return i > j }; sort.Slice(nil, k) }\nfunc g(i, j int) bool { return i < j }\nfunc h(i, j int) int { return i + j }",
			"func f() { C; sort.Slice(nil, g); k := func(i, j int) bool { C; return i > j }; sort.Slice(nil, k) }\nfunc g(i, j int) bool { C; return i < j }\nfunc h(i, j int) int { return i + j }"},
		{"one that compares", "type t struct{ i int }\nfunc f(a, b t) int { return a.i - b.i }\nfunc g(a, b int) bool { return a < b }\nfunc byAge(a, b int) bool { return a < b }\nvar h = func(a, b t) int { return 0 }",
			"type t struct{ i int }\nfunc f(a, b t) int { C; return a.i - b.i }\nfunc g(a, b int) bool { return a < b }\nfunc byAge(a, b int) bool { C; return a < b }\nvar h = func(a, b t) int { C; return 0 }"},
		{"a method that compiled code calls", "type t []byte\nfunc (t) Read(p []byte) (int, error) { return len(p), nil }\nfunc (x t) Less(i, j int) bool { return x[i] < x[j] }\nfunc (x t) at(i int) byte { return x[i] }",
			"type t []byte\nfunc (t) Read(p []byte) (int, error) { C; return len(p), nil }\nfunc (x t) Less(i, j int) bool { C; return x[i] < x[j] }\nfunc (x t) at(i int) byte { return x[i] }"},
		{"a literal in a compiled package's value", "var _ = sync.Pool{New: func() any { return 1 }}\nvar _ = []func(){func() { }}", "var _ = sync.Pool{New: func() any { C; return 1 }}\nvar _ = []func(){func() { }}"},
		{"no call where none may be", "//go:nosplit\nfunc f() { for { } }", "//go:nosplit\nfunc f() { for { } }"},
	} {
		fset := token.NewFileSet()
		texts := map[string]string{"a.go": head + c.code}
		nodes, info := checked(t, fset, importer.Default(), "p", texts)
		got := put(fset, texts, new(Guard).Checks("C", info, nodes...))["a.go"]
		if got != head+c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.why, strings.TrimPrefix(got, head), c.want)
		}
	}
}

// TestEarlier checks that functions of earlier cells that cannot wait are remembered.
func TestEarlier(t *testing.T) {
	var g Guard
	fset := token.NewFileSet()
	for _, c := range []struct{ code, want string }{
		{"package p\nfunc a() {}\nfunc b() { <-make(chan int) }", "package p\nfunc a() {}\nfunc b() { <-make(chan int); C }"},
		{"package p\nfunc a()\nfunc b()\nfunc f() { a(); b() }", ""},
	} {
		texts := map[string]string{"a.go": c.code}
		nodes, info := checked(t, fset, nil, "p", texts)
		for _, n := range nodes { // a function without a body says nothing new
			f := n.(*ast.File)
			f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool { return d.(*ast.FuncDecl).Body == nil })
		}
		got := put(fset, texts, g.Checks("C", info, nodes...))["a.go"]
		if c.want == "" {
			c.want = "package p\nfunc a()\nfunc b()\nfunc f() { a(); b(); C }"
		}
		if got != c.want {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
	}
}

// TestStandardLibrary checks that all kinds of code compile with the checks inserted.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("reads packages from source")
	}
	imports := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, path := range []string{"sort", "strconv", "regexp/syntax", "text/template/parse", "encoding/json", "go/printer", "bufio", "compress/flate", "math/big"} {
		pkg, err := build.Import(path, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		texts := map[string]string{}
		for _, name := range pkg.GoFiles {
			text, err := os.ReadFile(filepath.Join(pkg.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(text)
		}
		nodes, info := checked(t, fset, imports, path, texts)
		found := new(Guard).Checks("if false { panic(1) }", info, nodes...)
		if len(found) == 0 {
			t.Errorf("%s: no checks", path)
		}
		checked(t, token.NewFileSet(), imports, path, put(fset, texts, found))
	}
}
