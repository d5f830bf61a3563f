package live

import (
	"fmt"
	"strings"
	"testing"
)

// TestImportedAgain checks what a name means that is imported again: what is declared from then
// on has the later package, word for word what was there before or not; what was declared
// before goes on with the one that it was written with.
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

// TestDotImports checks what names mean that two packages give by a dot.
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
	})
}

// TestImportsClash checks that imports of one cell that declare a name twice are told in Go's words,
// whether it is used or not.
func TestImportsClash(t *testing.T) {
	l := newLab(t)
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

// clashesTold is how many of them Go tells before it says that there are too many.
const clashesTold = 10
