package live

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// marked returns a cell and the place of its |.
func marked(t testing.TB, code string) (string, int) {
	t.Helper()
	before, after, ok := strings.Cut(code, "|")
	if !ok || strings.Contains(after, "|") {
		t.Fatalf("%q has no cursor, or more than one", code)
	}
	return before + after, len(before)
}

// typing is a session with some declarations.
func typing(t *testing.T) *tester {
	l := newTester(t)
	l.want("type point struct{ a, b int; Name string }\nfunc (p *point) move(by int) *point { p.a += by; return p }\nfunc (p point) Len() float64 { return 0 }", "")
	l.want("type shape interface{ Area() float64; grow(n int) }\ntype circle struct{ point; r float64 }", "")
	l.want("type stack[T any] struct{ items []T }\nfunc (s *stack[T]) push(t T) { s.items = append(s.items, t) }\nfunc (s *stack[T]) top() T { return s.items[0] }", "")
	l.want("const answer = 42\n// twice returns two times n.\nfunc twice(n int) (m int) { return 2 * n }", "")
	l.want("p := &point{1, 2, \"p\"}\nmany := []point{}\nbyName := map[string]*circle{}\nvar s shape\nst := &stack[circle]{}\nvar build strings.Builder", "")
	l.want("import str \"strings\"", "")
	return l
}

func TestComplete(t *testing.T) {
	l := typing(t)
	var took []time.Duration
	var first time.Duration
	for _, test := range []struct {
		why, code string
		first     []string // the first matches
		not       string   // must not be among them
	}{
		{"session variable", "man|", []string{"many"}, ""},
		{"session function", "tw|", []string{"twice"}, ""},
		{"session constant", "ans|", []string{"answer"}, ""},
		{"session type", "var x poi|", []string{"point"}, ""},
		{"case", "ANSW|", []string{"answer"}, ""},
		{"same case first", "P|", nil, ""},
		{"fields and methods of a pointer", "p.|", []string{"a", "b", "Len", "move", "Name"}, ""},
		{"prefix of a member", "p.m|", []string{"move"}, "a"},
		{"another case", "p.len|", []string{"Len"}, "a"},
		{"in the middle of a name", "p.m|ov(1)", []string{"move"}, ""},
		{"chained calls", "p.move(1).move(2).|", []string{"a", "b", "Len", "move", "Name"}, ""},
		{"over lines", "p.\n\tmove(1).\n\t\tN|", []string{"Name"}, ""},
		{"element of a slice", "many[0].|", []string{"a", "b", "Len", "move", "Name"}, ""},
		{"methods of a pointer are not those of a value that has no address", "twin := func() point { return *p }\ntwin().|", []string{"a", "b", "Len", "Name"}, "move"},
		{"embedded", "byName[\"c\"].|", []string{"point", "r", "a", "b", "Len", "move", "Name"}, ""},
		{"interface", "s.|", []string{"Area", "grow"}, ""},
		{"generic", "st.|", []string{"items", "push", "top"}, ""},
		{"result of a generic method", "st.top().|", []string{"point", "r"}, ""},
		{"field of a literal", "point{|", []string{"a", "b", "Name"}, ""},
		{"of a pointer to it", "q := &point{a: 1, |", []string{"b", "Name"}, "a"},
		{"of an element", "[]*circle{{|", []string{"point", "r"}, ""},
		{"of another package", "http.Server{Add|", []string{"Addr"}, "inShutdown"},
		{"value in a literal", "point{a: ans|", []string{"answer"}, "a"},
		{"package", "strc|", []string{"strconv"}, ""},
		{"the project's package", "sd|", []string{"sdt"}, ""},
		{"package by its name here", "st|", []string{"st", "stack", "str"}, ""},
		{"members of a package", "strconv.Ato|", []string{"Atoi"}, ""},
		{"nothing unexported", "strconv.|", []string{"AppendBool"}, "atofHex"},
		{"of the project's package", "sdt.NewBack|", []string{"NewBackend"}, ""},
		{"of a renamed import", "str.ToUp|", []string{"ToUpper"}, ""},
		{"of packages of one name", "rand.NewPC|", []string{"NewPCG"}, ""},
		{"of the package that the rest fits", "r := rand.New(rand.NewPCG(1, 2))\nrand.|", []string{"ChaCha8", "ExpFloat64"}, "Seed"},
		{"value of a package's type", "build.WriteS|", []string{"WriteString"}, ""},
		{"result of two", "b, err := sdt.NewBackend()\nb.Nam|", []string{"Name"}, ""},
		{"error", "_, err := strconv.Atoi(\"\")\nif err != nil { err.|", []string{"Error"}, ""},
		{"local of a function", "func f(count int) int {\n\tcounter := \"\"\n\treturn coun|\n}", []string{"count", "counter"}, ""},
		{"not a later one", "func f() {\n\tcou|\n\tcounter := \"\"\n\t_ = counter\n}", nil, "counter"},
		{"of an inner block", "for i, each := range many {\n\teac|", []string{"each"}, ""},
		{"through it", "for i, each := range many {\n\teach.|", []string{"a", "b", "Len", "move", "Name"}, ""},
		{"in a closure's call", "go func(box *circle) {\n\tbox.|\n}(nil)", []string{"point", "r"}, ""},
		{"deferred", "defer p.mo|", []string{"move"}, ""},
		{"argument of what is deferred", "func f() {\n\tdefer p.move(1)\n\tdefer twice(p.|", []string{"a", "b"}, ""},
		{"type switch", "switch v := any(s).(type) {\ncase *circle:\n\tv.|", []string{"point", "r"}, ""},
		{"receiver", "func (c *circle) double() { c.|", []string{"double", "point", "r"}, ""},
		{"declared below", "var w wide\nw.|\ntype wide struct{ long int }", []string{"long"}, ""},
		{"declared below an open bracket", "fmt.Println(newWide().|\nfunc newWide() wide { return wide{} }\ntype wide struct{ long int }", []string{"long"}, ""},
		{"below what is not whole", "y := twice(\nfunc g() { p.|", []string{"a", "b"}, ""},
		{"below a mistake", "y := := 3\np.|", []string{"a", "b"}, ""},
		{"after mistakes of type", "y := \"a\" + 1\nq := twice(\"x\", p.|", []string{"a", "b"}, ""},
		{"variable of the cell", "fresh := p\nfresh.|", []string{"a", "b"}, ""},
		{"that a function uses", "func g() { fresh.| }\nfresh := p", []string{"a", "b"}, ""},
		{"a type declared anew has its methods still", "type point struct{ x, y int }\nvar o point\no.|", []string{"Len", "move", "x", "y"}, "a"},
		{"type arguments", "var o stack[cir|", []string{"circle"}, ""},
		{"condition", "if p.|", []string{"a", "b"}, ""},
		{"range", "for range many[0].N|", []string{"Name"}, ""},
		{"case of a switch", "switch p.a {\ncase p.|", []string{"a", "b"}, ""},
		{"index", "many[p.|", []string{"a", "b"}, ""},
		{"method expression", "point.|", []string{"Len"}, "a"},
		{"text after the cursor", "p.|\nfmt.Println(p)", []string{"a", "b"}, ""},
		{"bracket after the cursor", "fmt.Println(p.|)", []string{"a", "b"}, ""},
		{"string", "\"p.|\"", nil, "a"},
		{"open string", "fmt.Println(\"p.|", nil, "a"},
		{"raw string", "`\np.|", nil, "a"},
		{"behind a string", "\"a\" + ans|", []string{"answer"}, ""},
		{"comment", "// p.|", nil, "a"},
		{"long comment", "/* p.| */", nil, "a"},
		{"below a comment", "// c\nans|", []string{"answer"}, ""},
		{"number", "1.|", nil, "a"},
		{"rune", "'p|", nil, "p"},
		{"import", "import \"enc|", []string{"encoding", "encoding/ascii85"}, ""},
		{"import of the project", "import \"sdtlab/sdt|\"", []string{"github.com/sdtlab/sdtlab/sdt"}, ""},
		{"in a group", "import (\n\t\"fmt\"\n\tx \"enc|", []string{"encoding"}, ""},
		{"keyword", "retu|", []string{"return"}, ""},
		{"builtin", "appe|", []string{"append"}, ""},
		{"unknown", "nothing.|", nil, "a"},
		{"empty", "|", []string{"answer", "build", "byName"}, "fmt"},
	} {
		code, at := marked(t, test.code)
		start := time.Now()
		c := l.Complete(code, at)
		first = max(first, time.Since(start))
		start = time.Now()
		l.Complete(code, at)
		took = append(took, time.Since(start))
		var got []string
		for _, m := range c.Matches {
			got = append(got, m.Text)
		}
		if len(got) < len(test.first) || !slices.Equal(got[:len(test.first)], test.first) {
			t.Errorf("%s: %q: %q, want %q first", test.why, test.code, got[:min(len(got), 10)], test.first)
		}
		if test.not != "" && slices.Contains(got, test.not) {
			t.Errorf("%s: %q: %q is among them", test.why, test.code, test.not)
		}
	}
	slices.Sort(took)
	t.Logf("at most %v; the second time %v, at most %v", first, took[len(took)/2], took[len(took)-1])
}
