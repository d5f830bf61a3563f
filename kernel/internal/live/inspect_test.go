package live

import (
	"strings"
	"testing"
	"time"
)

func TestInspect(t *testing.T) {
	var first, again time.Duration
	l := typing(t)
	l.want("// wide is a type with comments.\ntype wide struct {\n\tlong int // how long\n\t// deep says how deep.\n\tdeep []string\n}\n\n// grow makes it wider.\nfunc (w *wide) grow(by int) { w.long += by }", "")
	for _, test := range []struct {
		why, code string
		want      []string // texts in the answer, in order; none: the name is unknown
		not       string
	}{
		{"session function", "twi|ce(3)", []string{"func twice(n int) (m int)", "from cell 4", "twice returns two times n."}, "return 2"},
		{"at its end", "twice|", []string{"func twice(n int)"}, ""},
		{"at its beginning", "|twice", []string{"func twice(n int)"}, ""},
		{"in its arguments", "twice(|", []string{"func twice(n int)"}, ""},
		{"behind an argument", "twice(p.a, |", []string{"func twice(n int)"}, ""},
		{"in a nested call", "twice(twice(3), p.move(|", []string{"func (p *point) move(by int) *point", "from cell 1"}, ""},
		{"behind the nested call", "twice(p.move(1), |)", []string{"func twice(n int)"}, ""},
		{"an argument that is not known", "twice(nothing|", []string{"func twice(n int)"}, ""},
		{"in a string of a call", "strings.Repeat(\"a|", []string{"func Repeat(s string, count int) string", "package strings"}, ""},
		{"behind a call", "twice(3)|", []string{"func twice(n int)"}, ""},
		{"constant", "answ|er", []string{"const answer = 42", "cell 4"}, ""},
		{"variable with its type", "p|", []string{"var p *point", "cell 5", "type point struct {", "Methods", "func (p point) Len() float64", "func (p *point) move(by int) *point"}, ""},
		{"type", "poi|nt{}", []string{"type point struct {", "Name string", "cell 1", "move"}, ""},
		{"literal of a type", "point{1, |", []string{"type point struct {"}, ""},
		{"comments of fields", "wide|{}", []string{"type wide struct {", "// how long", "// deep says", "wide is a type with comments.", "Methods", "grow"}, ""},
		{"field", "var w wide\nw.dee|p", []string{"field deep []string", "deep says how deep."}, ""},
		{"key of a literal", "wide{lon|g: 1}", []string{"field long int", "how long"}, ""},
		{"method", "new(wide).gro|w(1)", []string{"func (w *wide) grow(by int)", "grow makes it wider."}, "w.long"},
		{"interface", "shape|(nil)", []string{"type shape interface {", "Area() float64"}, ""},
		{"its method", "s.Are|a()", []string{"func Area() float64"}, ""},
		{"generic method", "st.pus|h", []string{"func (s *stack[T]) push(t T)", "cell 3"}, ""},
		{"package", "strcon|v", []string{"package strconv // import \"strconv\"", "Package strconv implements", "type Num", "func Atoi(s string) (int, error)", "const IntSize"}, ""},
		{"package before a dot", "strin|gs.ToUpper(\"\")", []string{"package strings", "Package strings implements"}, ""},
		{"renamed package", "st|r.ToUpper(\"\")", []string{"package strings"}, ""},
		{"import path", "import \"net/ht|tp\"", []string{"package http // import \"net/http\"", "type", "Client"}, ""},
		{"function of a package", "fmt.Print|ln(1)", []string{"func Println(a ...any) (n int, err error)", "from package fmt", "Println formats using the default formats"}, ""},
		{"not whole", "fmt.Print|ln(1, ", []string{"func Println(a ...any)"}, ""},
		{"type of a package", "http.Serv|er{}", []string{"type Server struct {", "// contains filtered or unexported fields", "A Server defines parameters", "Methods", "func (s *Server) Close() error"}, "inShutdown"},
		{"method of a package's type", "build.Write|String(\"\")", []string{"func (b *Builder) WriteString(s string) (int, error)", "WriteString appends"}, ""},
		{"of the project", "loss.Confu|sion", []string{"func Confusion(logits *", "from package github.com/sdtlab/sdtlab/sdt/loss", "Confusion returns the domain confusion loss"}, ""},
		{"of a module", "graph.ReduceAllMe|an", []string{"func ReduceAllMean(", "from package github.com/gomlx/gomlx"}, ""},
		{"field of a package's type", "http.Client{}.Timeo|ut", []string{"field Timeout time.Duration", "Timeout specifies a time limit"}, ""},
		{"method of the pointer, by the type", "http.Client.D|o", []string{"func (c *Client) Do(req *Request) (*Response, error)", "Do sends an HTTP request"}, ""},
		{"field, by the type", "sdt.Config.Lamb|da", []string{"field Lambda float64", "three numbers"}, ""},
		{"session method of the pointer, by the type", "wide.gro|w", []string{"func (w *wide) grow(by int)"}, ""},
		{"session field, by the type", "wide.dee|p", []string{"field deep []string"}, ""},
		{"no member", "wide.http|", nil, ""},
		{"constant of a package", "http.StatusO|K", []string{"const StatusOK = 200", "package net/http"}, ""},
		{"variable of a package", "io.EO|F", []string{"var EOF error", "EOF is the error returned by Read"}, ""},
		{"builtin", "appen|d(nil)", []string{"func append(slice []Type, elems ...Type) []Type", "The append built-in"}, ""},
		{"basic type", "var x strin|g", []string{"type string string", "string is the set of all strings"}, ""},
		{"error", "var x erro|r", []string{"type error interface", "Error() string"}, ""},
		{"nil", "x := ni|l", []string{"nil"}, ""},
		{"local", "func f(count int) {\n\tcoun|t++\n}", []string{"var count int", "this cell"}, ""},
		{"function of this cell", "// f does.\nfunc f(count int) int { return count }\nf|(1)", []string{"func f(count int) int", "from this cell", "f does."}, ""},
		{"variable of this cell", "x := twice(3)\nx|", []string{"var x int", "this cell"}, ""},
		{"in the declaration", "func (c *circle) siz|e() float64 { return c.r }", []string{"func (c *circle) size() float64"}, ""},
		{"function literal", "func(a int) {}(|", []string{"func(a int)"}, ""},
		{"unknown", "noth|ing", nil, ""},
		{"unknown member", "p.noth|ing", nil, ""},
		{"keyword", "retur|n", nil, ""},
		{"string", "\"poi|nt\"", nil, ""},
		{"comment", "twice( // poi|nt", nil, ""},
		{"nothing", "|", nil, ""},
	} {
		code, at := marked(t, test.code)
		start := time.Now()
		got, ok := l.Inspect(code, at, 0)
		first = max(first, time.Since(start))
		start = time.Now()
		l.Inspect(code, at, 0)
		again = max(again, time.Since(start))
		if ok != (test.want != nil) {
			t.Errorf("%s: %q: known: %v\n%s", test.why, test.code, ok, got.Text)
			continue
		}
		rest := got.Text
		for _, want := range test.want {
			_, after, ok := strings.Cut(rest, want)
			if !ok {
				t.Errorf("%s: %q: no %q in\n%s", test.why, test.code, want, got.Text)
				break
			}
			rest = after
		}
		if test.not != "" && strings.Contains(got.Text, test.not) {
			t.Errorf("%s: %q: %q is in\n%s", test.why, test.code, test.not, got.Text)
		}
		if ok && (!strings.HasPrefix(got.Markdown, "```go\n") || strings.Count(got.Markdown, "```")%2 != 0) {
			t.Errorf("%s: %q: %s", test.why, test.code, got.Markdown)
		}
	}
	t.Logf("at most %v; the second time at most %v", first, again)
	for code, want := range map[string]string{
		"twi|ce":           "func twice(n int) (m int) { return 2 * n }",
		"strings.ToUpp|er": "func ToUpper(s string) string {\n\tisASCII",
		"wid|e{}":          "type wide struct {\n\tlong int // how long",
		"str|conv":         "",
	} {
		code, at := marked(t, code)
		if got, ok := l.Inspect(code, at, 1); !ok || !strings.Contains(got.Text, want) {
			t.Errorf("%q at detail 1: no %q in\n%s", code, want, got.Text)
		}
	}
}
