package live

import (
	"fmt"
	"strings"
	"testing"
)

// TestImportedAgain checks the meaning of a name that is imported again: later declarations
// use the later package, whether or not the same text existed before; earlier declarations
// keep the package that they were written with.
func TestImportedAgain(t *testing.T) {
	const (
		esc = "func esc(s string) string {\n\tvar b strings.Builder\n\ttemplate.Must(template.New(\"\").Parse(\"{{.}}\")).Execute(&b, s)\n\treturn b.String()\n}\n"
		typ = "type T struct{ t *template.Template }\n"
		of  = "fmt.Println(reflect.TypeFor[T]().Field(0).Type.Elem().PkgPath())"
	)
	inSessions(t, []sessionRow{
		{"fmt by a dot import: that it printed is enough", []string{"import . \"fmt\"\nPrintln(\"x\")"}, "x\n"},
		{"a function", []string{"import \"text/template\"\n" + esc, "import \"html/template\"\n" + esc + `esc("<")`}, `Out: "&lt;"`},
		{"and back", []string{"import \"html/template\"\n" + esc, "import \"text/template\"\n" + esc, "import \"html/template\"\n" + esc + `esc("<")`}, `Out: "&lt;"`},
		{"the import in a cell of its own", []string{"import \"text/template\"", esc, "import \"html/template\"", esc + `esc("<")`}, `Out: "&lt;"`},
		{"what was found without an import", []string{"type S struct{ s rand.Source }\nrand.N(3) < 3", "import \"math/rand\"\ntype S struct{ s rand.Source }\nfmt.Println(reflect.TypeFor[S]().Field(0).Type.PkgPath())", "import \"math/rand/v2\"\ntype S struct{ s rand.Source }\nfmt.Println(reflect.TypeFor[S]().Field(0).Type.PkgPath())"}, "math/rand/v2\n"},
		{"of three packages", []string{"import \"math/rand\"\nfunc f(b []byte) { rand.Read(b) }", "import \"crypto/rand\"\nfunc f(b []byte) { rand.Read(b) }", "was := rand.Reader\nrand.Reader = strings.NewReader(\"abc\")\nb := make([]byte, 3)\nf(b)\nrand.Reader = was\nstring(b)"}, `Out: "abc"`},
		{"a method", []string{"import \"unicode/utf8\"\ntype r rune\nfunc (v r) n() int { return utf8.RuneLen(rune(v)) }", "import utf8 \"unicode/utf16\"\nfunc (v r) n() int { return utf8.RuneLen(rune(v)) }\nr('é').n()"}, "Out: 1"},
		{"a type", []string{"import \"text/template\"\n" + typ, "import \"html/template\"\n" + typ + of}, "html/template\n"},
		{"a type in a group", []string{"import \"text/template\"\n" + typ, "import \"html/template\"\ntype (\n\tT struct{ t *template.Template }\n)\n" + of}, "html/template\n"},
		{"an alias", []string{"import \"text/template\"\ntype A = template.Template", "import \"html/template\"\ntype A = template.Template\nfmt.Println(reflect.TypeFor[A]().PkgPath())"}, "html/template\n"},
		{"a constant", []string{"import m \"math/bits\"\nconst c = m.UintSize", "import m \"strconv\"\nconst c = m.IntSize", "import m \"math/bits\"\nconst c = m.UintSize\nc == 64 || c == 32"}, "Out: true"},
		{"a variable", []string{"import \"text/template\"\nvar t *template.Template\np := &t", "import \"html/template\"\nvar t *template.Template\nfmt.Println(reflect.TypeOf(t).Elem().PkgPath(), reflect.TypeOf(*p).Elem().PkgPath())"}, "html/template text/template\n"},
		{"what uses a type that is another by that", []string{"import \"text/template\"\n" + typ + "func get() (t T) { return }", "import \"html/template\"\n" + typ + "fmt.Println(reflect.TypeOf(get()) == reflect.TypeFor[T]())"}, "true\n"},
		{"the same package again", []string{"import \"text/template\"\n" + typ + "x := T{}", "import \"text/template\"\n" + typ + "x == T{}"}, "Out: true"},
		{"under another name", []string{"import x \"text/template\"\ntype T struct{ t *x.Template }\nx1 := T{}", "import \"html/template\"\ntype T struct{ t *x.Template }\n_ = template.New\nx1 == T{}"}, "Out: true"},
		{"what was found stays where others are found later", []string{"type T struct{ r *rand.Rand }\nx := T{}", "rand.N(3) < 3", "type T struct{ r *rand.Rand }\nx == T{}"}, "Out: true"},

		{"compiled again, with what it was written with", []string{"import \"text/template\"\nn := 1\n" + strings.Replace(esc, "b.String()", "b.String() + fmt.Sprint(n)", 1), "import \"html/template\"", "n := \"s\"", `esc("<")`}, `Out: "<s"`},
		{"and a second time", []string{"import \"text/template\"\nn := 1\n" + strings.Replace(esc, "b.String()", "b.String() + fmt.Sprint(n)", 1), "import \"html/template\"\nn := \"s\"", "n := 1.5", `esc("<")`}, `Out: "<1.5"`},
		{"what was found, too", []string{"n := 1\nfunc f() (int, string) { return rand.IntN(1), fmt.Sprint(n) }", "import \"math/rand\"\nimport fmt \"strings\"\nn := \"s\"", "f()"}, `Out: 0, "s"`},
		{"where a variable has the name", []string{"n := 1\nfunc f() string { return strings.ToUpper(fmt.Sprint(\"a\", n)) }", "strings := 3\nn := \"s\"", "n := true", "f()"}, `Out: "ATRUE"`},
		{"a generic function", []string{"import \"text/template\"\nfunc f[P any](P) string { return fmt.Sprintf(\"%T\", template.HTMLEscapeString(\"<\")) }", "import template \"strings\"", "f(1)"}, `Out: "string"`},
	})
}

// TestDotImports checks the meaning of names that two dot imports give.
func TestDotImports(t *testing.T) {
	inSessions(t, []sessionRow{
		{"the later one wins", []string{"import . \"strings\"", "import . \"bytes\"\nContains([]byte(\"ab\"), []byte(\"a\"))"}, "Out: true"},
		{"from then on", []string{"import . \"strings\"", "import . \"bytes\"", "Contains([]byte(\"ab\"), []byte(\"a\"))"}, "Out: true"},
		{"imported again, the first does", []string{"import . \"strings\"", "import . \"bytes\"", "import . \"strings\"\nContains(\"ab\", \"a\")"}, "Out: true"},
		{"what the first alone has is there", []string{"import . \"strings\"", "import . \"bytes\"", "NewReplacer(\"a\", \"b\").Replace(\"a\")"}, `Out: "b"`},
		{"a function keeps its own", []string{"import . \"strings\"\nfunc f() bool { return Contains(\"ab\", \"a\") }", "import . \"bytes\"", "f()"}, "Out: true"},
		{"compiled again, too", []string{"import . \"strings\"\nn := 1\nfunc f() string { return fmt.Sprint(n, Contains(\"ab\", \"a\")) }", "import . \"bytes\"", "n := \"s\"", "f()"}, `Out: "strue"`},
		{"a type, word for word", []string{"import . \"strings\"\ntype T struct{ r *Reader }", "import . \"bytes\"\ntype T struct{ r *Reader }\nreflect.TypeFor[T]().Field(0).Type.Elem().PkgPath()"}, `Out: "bytes"`},
		{"or the same", []string{"import . \"strings\"\ntype T struct{ r *Reader }\nx := T{}", "import . \"unicode/utf8\"\ntype T struct{ r *Reader }\nx == T{}"}, "Out: true"},
		{"a function of the name", []string{"import . \"strings\"\nfunc f() any { return ToUpper(\"a\") }", "import . \"bytes\"\nfunc ToUpper(s string) int { return 5 }", "f()"}, "Out: 5"},
		{"twice in a cell", []string{"import . \"strings\"\nimport . \"strings\"\nToUpper(\"a\")"}, `Out: "A"`},
		{"a function of the name, run again", []string{"import . \"strings\"\nfunc ToUpper(s string) int { return 5 }", "import . \"strings\"\nfunc ToUpper(s string) int { return 5 }", "ToUpper(\"a\")"}, "Out: 5"},

		{"over a variable", []string{"Fields := 3", "import . \"strings\"", "len(Fields(\"a b\"))"}, "Out: 2"},
		{"over a function", []string{"func Fields(string) int { return 3 }\nfunc f() int { return Fields(\"a\") }", "import . \"strings\"", "f() + len(Fields(\"a b\"))"}, "Out: 5"},
		{"over one that a function calls alike", []string{"func ToUpper(s string) string { return s }\nfunc f() string { return ToUpper(\"a\") }", "import . \"strings\"", "f()"}, `Out: "A"`},
		{"over a type", []string{"type Builder int\nb := Builder(3)", "import . \"strings\"", "var w Builder\nw.WriteString(\"x\")\nfmt.Sprint(w.String(), int(b))"}, `Out: "x3"`},
		{"over a constant", []string{"const Pi = 3", "import . \"math\"", "const tau = 2 * Pi\ntau > 6.2"}, "Out: true"},
		{"what is declared later wins again", []string{"Fields := 3", "import . \"strings\"", "Fields := 4\nfunc f() int { return Fields }", "f() + Fields"}, "Out: 8"},
		{"a function goes on with its own over a variable", []string{"import . \"strings\"\nn := 1\nfunc f() string { return fmt.Sprint(n, Fields(\"a b\")) }", "Fields := 3", "n := \"s\"", "f()"}, `Out: "s[a b]"`},
		{"functions of later call it over a variable", []string{"import . \"strings\"", "Fields := 3\nfunc f(b *Builder) int { return len(Fields(\"a b\")) + Fields }", "f(nil)"}, "Out: 5"},
		{"a type, word for word, over a variable", []string{"import . \"strings\"\ntype T struct{ r *Reader }\nx := T{}", "Reader := 3", "type T struct{ r *Reader }\nx == T{} && Reader == 3"}, "Out: true"},
	})
}

// TestImportedAndDeclared checks cells that import a package and then declare a variable of
// that name, as main may, while the session has a variable of that name: the import takes
// the name from the session's variable, and the cell's own is another one.
func TestImportedAndDeclared(t *testing.T) {
	const path = "import \"path\"\npath := path.Join(\"a\", \"b\")"
	inSessions(t, []sessionRow{
		{"run again", []string{path, path, "path"}, `Out: "a/b"`},
		{"and again", []string{path, path, path, "path + \"/c\""}, `Out: "a/b/c"`},
		{"is the cell's to set", []string{path, path, "path = \"z\"", "path"}, `Out: "z"`},
		{"is there for functions", []string{path, path, "func get() string { return path }", "get()"}, `Out: "a/b"`},
		{"in the cell too", []string{path + "\nfunc get() string { return path }", path + "\nfunc get() string { return path }", "path = \"z\"\nget()"}, `Out: "z"`},
		{"functions of before", []string{"path := \"s\"\nfunc get() string { return path }", path, "path += \"/c\"", "get()"}, `Out: "a/b/c"`},
		{"functions that use both", []string{"import \"net/url\"\nurl, err := url.Parse(\"http://x/y\")\nfunc parse(s string) (*url.URL, error) { return url.Parse(s) }\nfunc of() string { return url.Path + fmt.Sprint(err) }", "u, _ := parse(\"http://x/z\")\nu.Path + of()"}, `Out: "/z/y<nil>"`},
		{"over a variable", []string{"path := \"s\"", "import \"path\"\nvar path = path.Join(\"a\", \"b\")", "path"}, `Out: "a/b"`},
		{"of another type", []string{"path := 5", path, "path"}, `Out: "a/b"`},
		{"used in the cell", []string{path, path + "\nn := len(path)", "fmt.Sprint(path, n)"}, `Out: "a/b3"`},
		{"one of two", []string{"import \"net/url\"\nurl, err := url.Parse(\"http://x/y\")", "import \"net/url\"\nurl, err := url.Parse(\"http://x/z\")", "fmt.Sprint(url.Path, err)"}, `Out: "/z<nil>"`},
		{"a closure keeps the old one", []string{path + "\nget := func() string { return path }", "import \"path\"\npath := path.Join(\"c\")", "get() + path"}, `Out: "a/bc"`},
		{"the import in a cell of its own", []string{"path := \"s\"", "import \"path\"", "path := path.Join(\"a\", \"b\")", "path"}, `Out: "a/b"`},
		{"by a dot", []string{"import . \"strings\"\nFields := Fields(\"a b\")", "import . \"strings\"\nFields := Fields(\"a b c\")", "len(Fields)"}, "Out: 3"},
		{"by a dot, and a function uses it", []string{"import . \"strings\"\nFields := Fields(\"a b\")\nfunc n() int { return len(Fields) + len(Split(\"a\", \"\")) }", "import . \"strings\"\nFields := Fields(\"a b c\")\nfunc n() int { return len(Fields) + len(Split(\"a\", \"\")) }", "Fields = nil\nn()"}, "Out: 1"},
	})
}

// TestImportStaysWhenTheVariableFails checks the meaning of a name when a cell has imported
// it and ended before declaring its variable: the package.
func TestImportStaysWhenTheVariableFails(t *testing.T) {
	for _, before := range []string{"path := \"s\"", "path := 5", "path := \"s\"\nfunc get() string { return path }"} {
		l := newTester(t)
		l.want(before, "")
		if _, err := l.run("import \"path\"\nfmt.Println(path.Base(\"a/b\"))\npanic(\"no\")\npath := path.Join(\"a\", \"b\")"); err == nil || !strings.Contains(err.Error(), "no") {
			t.Errorf("a panic: %v", err)
		}
		l.want("path.Base(\"c/d\")", `Out: "d"`)
		if strings.Contains(before, "get") {
			l.want("get()", `Out: "s"`)
		}
	}
}

// TestImportsClash checks that imports of one cell that declare a name twice are reported
// in Go's words, whether the name is used or not.
func TestImportsClash(t *testing.T) {
	l := newTester(t)
	for _, test := range []struct{ code, first string }{
		{"import . \"strings\"\nimport . \"bytes\"", "cell 9, line 2:8: Clone redeclared in this block"},
		{"import . \"strings\"\nimport . \"bytes\"\nContains(\"ab\", \"a\")", "cell 9, line 2:8: Clone redeclared in this block"},
		{"import (\n\t. \"math/bits\"\n\tLen \"bytes\"\n)", "cell 9, line 3:2: Len redeclared in this block"},
		{"import \"text/template\"\nimport \"html/template\"", "cell 9, line 2:8: template redeclared in this block"},
		{"import \"fmt\"\nimport \"fmt\"\nimport _ \"html/template\"\nimport \"text/template\"", ""},
	} {
		_, err := l.Eval(t.Context(), Cell{Number: 9, Code: test.code}, nil)
		first, rest, _ := strings.Cut(strings.TrimPrefix(fmt.Sprint(err), "<nil>"), "\n")
		if first != test.first || strings.Count(rest, "\n") > clashesTold {
			t.Errorf("%q: %v", test.code, err)
		}
	}
}

// clashesTold is how many clashes Go reports before it says that there are too many.
const clashesTold = 10
