package live

import (
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// paper is a session without a worker: cells are checked, written as packages, and those
// checked in turn, as the compiler would.
type paper struct {
	*Session
	compiled map[string]*types.Package
	importer types.Importer
}

var paperBase = sync.OnceValues(func() (*Base, error) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Name}}", "fmt", "strings", "os", "math/rand/v2", hostPackage).Output()
	if err != nil {
		return nil, err
	}
	b := &Base{exports: map[string]string{}, names: map[string]string{}}
	dir, err := exec.Command("go", "env", "GOTOOLDIR").Output()
	if err != nil {
		return nil, err
	}
	b.compile = strings.TrimSpace(string(dir)) + "/compile"
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 3 {
			b.exports[f[0]] = f[1]
			if importable(f[0]) {
				b.names[f[0]] = f[2]
			}
		}
	}
	return b, nil
})

func newPaper(t testing.TB) *paper {
	t.Helper()
	b, err := paperBase()
	if err != nil {
		t.Fatal(err)
	}
	p := &paper{Session: &Session{base: b, fset: token.NewFileSet(), scope: newScope(), sources: map[int]*source{}}, compiled: map[string]*types.Package{}}
	p.imports = newImports(p.fset, b)
	p.importer = importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(b.exports[path]) })
	p.compiled[shimPackage] = types.NewPackage(shimPackage, "shim")
	p.compiled[shimPackage].MarkComplete()
	return p
}

// Import implements types.Importer.
func (p *paper) Import(path string) (*types.Package, error) {
	if pkg := p.compiled[path]; pkg != nil {
		return pkg, nil
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p.base.exports[path] == "" {
		return nil, fmt.Errorf("no package %s", path)
	}
	return p.importer.Import(path)
}

// cell takes a cell into the session. Its first error says why it is none; its second, why
// the package made of it would not compile.
func (p *paper) cell(code string) (files map[string]string, rejected, broken error) {
	p.count++
	cell := &source{number: p.count, unit: p.count, text: code, chunks: split(code)}
	c, err := check(p.fset, p.scope, p.imports, cell)
	if err != nil {
		return nil, err, nil
	}
	out, err := rewrite(c, p.scope)
	if err != nil {
		if _, ok := err.(Problems); ok {
			return nil, err, nil
		}
		return nil, nil, err
	}
	var asts []*ast.File
	for name, text := range out.files {
		f, err := parser.ParseFile(p.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return out.files, nil, fmt.Errorf("%w\n%s", err, text)
		}
		asts = append(asts, f)
	}
	slices.SortFunc(asts, func(a, b *ast.File) int { return int(a.Pos() - b.Pos()) })
	conf := types.Config{Importer: p, GoVersion: "go1.26"}
	pkg, err := conf.Check(cellPath(cell.unit), p.fset, asts, nil)
	if err != nil {
		var all strings.Builder
		for name, text := range out.files {
			fmt.Fprintf(&all, "\n-- %s --\n%s", name, text)
		}
		return out.files, nil, fmt.Errorf("%w%s", err, all.String())
	}
	p.compiled[cellPath(cell.unit)] = pkg
	p.adopt(c)
	return out.files, nil, nil
}

func TestRewrite(t *testing.T) {
	for _, test := range []struct {
		why   string
		cells []string
	}{
		{"a type that is another cell's", []string{"type a struct{ n int }", "type b a\ntype c = a\nx := b{1}", "func (x *b) m() int { return x.n + c{2}.n }\n(&b{3}).m()"}},
		{"methods of a type without any", []string{"type a struct{ n int }\nv := a{1}", "func (x a) m() int { return x.n }", "a{2}.m()"}},
		{"a group", []string{"var (\n\ta, b = 1, 2\n\tc, _ string\n)", "_ = c\na + b"}},
		{"generics", []string{"type l[T any] struct{ items []T }\nfunc (x *l[T]) add(t T) { x.items = append(x.items, t) }\nfunc mk[T any]() *l[T] { return &l[T]{} }", "s := mk[int]()\ns.add(1)\ns.items[0]"}},
		{"embedded", []string{"type a struct{ n int }\nfunc (x a) get() int { return x.n }", "type b struct{ a; m int }\nvar v b\nv.get() + v.a.n + v.n", "v.a = a{3}\nb{a{1}, 2}"}},
		{"interface", []string{"type i interface{ get() int }\ntype a int\nfunc (x a) get() int { return int(x) }", "var v i = a(3)\nv.get()\nswitch x := v.(type) {\ncase a:\n\tfmt.Println(x)\n}"}},
		{"names of Go", []string{"len := 3\nstring := \"a\"", "_ = string\nlen + 1"}},
		{"comments", []string{"x := 1 /* a\nb */\nfunc f() int { // c\n\treturn x /* d */ }\n// e", "f() // g"}},
		{"labels", []string{"L:\nfor i := range 3 {\n\tif i > 1 {\n\t\tbreak L\n\t}\n\tcontinue L\n}"}},
		{"ends", []string{"f := func() { os.Exit(1) }\nf()"}},
	} {
		p := newPaper(t)
		for _, code := range test.cells {
			if _, rejected, broken := p.cell(code); rejected != nil || broken != nil {
				t.Errorf("%s: %q:\n%v\n%v", test.why, code, rejected, broken)
			}
		}
	}
}

// FuzzRewrite: what the session takes for a cell, the compiler takes too, and the code is
// all there, in order.
func FuzzRewrite(f *testing.F) {
	for i, s := range fragments {
		f.Add(s, fragments[(i+5)%len(fragments)])
	}
	f.Add("type a struct{ n int }\nv := a{1}", "type b a\nfunc (x a) m() { v.n = x.n; b(x).n++ }")
	f.Add("n := 1\nfunc f(a int) int { return a + n }", "n := \"s\"\nf(n)")
	f.Add("type l[T any] struct{ items []T }\nfunc (x *l[T]) add(t T) {}\nfunc mk[T any]() *l[T] { return nil }", "s := mk[int]()\ns.items = nil\nl[string]{}.items")
	f.Add("type i interface{ m() }\ntype e struct{ i; *s }\ntype s struct{ e []e }", "var x e\nx.i.m()\nx.s.e[0].s = &s{}\nfunc() { x := 1; _ = x }()")
	f.Fuzz(func(t *testing.T, first, second string) {
		defer watch(t, first, second)()
		p := newPaper(t)
		for _, code := range []string{first, second} {
			files, rejected, broken := p.cell(code)
			if broken != nil {
				t.Fatalf("%q, %q: %v", first, second, broken)
			}
			if rejected != nil {
				if strings.Contains(rejected.Error(), checkerFailed) {
					t.Fatalf("%q, %q: %v", first, second, rejected)
				}
				continue
			}
			if lost := missing(code, files["part0.go"]+files["part1.go"]); lost != "" {
				t.Fatalf("%q: %q is missing from\n%s\n%s", code, lost, files["part0.go"], files["part1.go"])
			}
		}
	})
}

// missing returns a token of a cell that the files made of it lack: statements and
// declarations are each in their order.
func missing(code, files string) string {
	files = strings.ReplaceAll(files, host.Mark, "")
	tokens := lex(files)
	for _, kind := range []chunkKind{instructing, declaring} {
		at := 0
		for _, c := range split(code) {
			text := code[c.start:c.end]
			if c.kind != kind || kind == instructing && strings.Contains(text, "var") {
				continue
			}
			for _, l := range lex(text) {
				word := text[l.at:l.end]
				if l.tok != token.IDENT && !l.tok.IsLiteral() || word == "init" || word == "os" || word == "log" {
					continue
				}
				n := slices.IndexFunc(tokens[at:], func(m lexeme) bool { return files[m.at:m.end] == word })
				if n < 0 {
					return word
				}
				at += n + 1
			}
		}
	}
	return ""
}
