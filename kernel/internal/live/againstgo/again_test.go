package againstgo

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// declared is the meaning of a name at some point of a program with cells that declare
// names again. The program that go runs has a separate name for each version: name and
// mark. A function, and a method Show of a type, that uses what is declared again also gets
// a further version.
type declared struct {
	name, kind string // kind is var, const, func or type
	version    int
	of         string      // type of a variable
	body       string      // of a function or Show, in templates as expand reads them
	uses       []*declared // in body
	generic    bool        // a function with a type parameter
}

// mark separates a name from its version. It is removed from the program's output.
const mark = "ʌ"

// history writes a program that declares names again.
type history struct {
	*rand.Rand
	pieces []piece
	all    []*declared
	values []holder
	names  int
}

// holder is an expression that reads a thing from where it was once put. A value of a
// redeclared type keeps its type.
type holder struct {
	read, set string
	of        *declared // its type, nil if it is not one of the program's
	version   int       // version of its type
}

// declaredAgain returns the program of a seed.
func declaredAgain(seed uint64) []piece {
	h := &history{Rand: rand.New(rand.NewPCG(seed, 2))}
	h.variable()
	for range 12 + h.IntN(16) {
		[]func(){h.variable, h.again, h.again, h.constant, h.function, h.function, h.typed, h.hold, h.hold, h.change, h.fail, h.print, h.print, h.print}[h.IntN(14)]()
	}
	h.print()
	return h.pieces
}

var reference = regexp.MustCompile(`«(\w+)»`)

// cell returns the form of a template in a cell: «x» is x.
func cell(text string) string { return reference.ReplaceAllString(text, "$1") }

// program returns the form of a template in the program, at present.
func (h *history) program(text string) string {
	return reference.ReplaceAllStringFunc(text, func(name string) string {
		name = cell(name)
		at := slices.IndexFunc(h.all, func(d *declared) bool { return d.name == name })
		return name + mark + fmt.Sprint(h.all[at].version)
	})
}

func (h *history) add(p piece) { h.pieces = append(h.pieces, p) }

// pick returns a thing of a kind, nil if there is none.
func (h *history) pick(kinds string) *declared {
	fit := slices.DeleteFunc(slices.Clone(h.all), func(d *declared) bool { return !strings.Contains(kinds, d.kind) })
	if len(fit) == 0 {
		return nil
	}
	return fit[h.IntN(len(fit))]
}

func (h *history) fresh(kind string) *declared {
	h.names++
	d := &declared{name: fmt.Sprint(kind[:1], h.names), kind: kind}
	h.all = append(h.all, d)
	return d
}

// text returns the declaration of a function.
func (d *declared) text() string {
	if d.generic {
		return fmt.Sprintf("func «%s»[N any](n N) string { %s }", d.name, d.body)
	}
	return fmt.Sprintf("func «%s»(n int) string { %s }", d.name, d.body)
}

// compiled returns the program's text for the version of a function, which is outside of
// main, or of a type's Show, which is in main.
func (h *history) compiled(d *declared) (top, main string) {
	switch d.kind {
	case "func":
		return h.program(d.text()), ""
	case "type":
		return "", h.program(fmt.Sprintf("show«%s» = func(t «%s») string { %s }", d.name, d.name, d.body))
	}
	return "", ""
}

// replaced records that a thing has a new version, and returns the program's text for
// everything that uses it and is compiled again.
func (h *history) replaced(d *declared) (top, main string) {
	d.version++
	changed := []*declared{d}
	for _, user := range h.all[slices.Index(h.all, d)+1:] {
		if slices.ContainsFunc(user.uses, func(u *declared) bool { return slices.Contains(changed, u) }) {
			if user.kind == "func" {
				user.version++
				changed = append(changed, user)
			}
			t, m := h.compiled(user)
			top, main = top+"\n"+t, main+"\n"+m
		}
	}
	return top, main
}

// variable declares a variable.
func (h *history) variable() {
	d := h.fresh("var")
	d.of = []string{"int", "string"}[h.IntN(2)]
	right := map[string]string{"int": fmt.Sprint(h.IntN(9)), "string": `"a"`}[d.of]
	code := []string{d.name + " := " + right, "var " + d.name + " = " + right, "var " + d.name + " " + d.of + " = " + right}[h.IntN(3)]
	h.add(piece{code: code, top: h.program("var «" + d.name + "» " + d.of), main: h.program("«" + d.name + "» = " + right)})
}

// again declares a variable, constant, function or type again.
func (h *history) again() {
	switch d := h.all[h.IntN(len(h.all))]; d.kind {
	case "const":
		h.declareConstant(d, true)
	case "func":
		h.declareFunction(d, true)
	case "type":
		h.declareType(d, true)
	case "var":
		form := [][2]string{{"int", "len(fmt.Sprint($))"}, {"string", "fmt.Sprintf(\"<%v>\", $)"}, {"[]any", "[]any{$, 1}"}, {"any", "any($)"},
			{"map[string]any", "map[string]any{\"k\": $}"}, {"struct{ in any }", "struct{ in any }{$}"}, {"int", "7"}, {"string", "\"s\""}}[h.IntN(8)]
		right := strings.ReplaceAll(form[1], "$", "«"+d.name+"»")
		value := h.program(right)
		d.of = form[0]
		top, main := h.replaced(d)
		h.add(piece{code: d.name + " := " + cell(right), opens: true,
			top: h.program("var «"+d.name+"» "+d.of) + top, main: h.program("«"+d.name+"» = ") + value + main})
	}
}

func (h *history) constant() { h.declareConstant(h.fresh("const"), false) }

func (h *history) declareConstant(d *declared, again bool) {
	value := []string{fmt.Sprint(h.IntN(99)), `"text"`, "1.5", "1 << 3"}[h.IntN(4)]
	p := piece{code: "const " + d.name + " = " + value, opens: again}
	if again {
		p.top, p.main = h.replaced(d)
	}
	p.top += h.program("\nconst «" + d.name + "» = " + value)
	h.add(p)
}

func (h *history) function() { h.declareFunction(h.fresh("func"), false) }

func (h *history) declareFunction(d *declared, again bool) {
	d.generic = h.IntN(4) == 0
	h.useSome(d, fmt.Sprintf("%q, n", d.name))
	p := piece{code: cell(d.text()), opens: again}
	if again {
		p.top, p.main = h.replaced(d)
	}
	p.top += "\n" + h.program(d.text())
	h.add(p)
}

// useSome gives a function or Show a body that prints, and that uses some earlier
// declarations.
func (h *history) useSome(d *declared, prints string) {
	d.uses = nil
	for _, u := range h.all[:slices.Index(h.all, d)] {
		if h.IntN(3) > 0 {
			continue
		}
		d.uses = append(d.uses, u)
		prints += ", «" + u.name + "»" + map[string]string{"func": "(1)", "type": "{}"}[u.kind]
	}
	d.body = "return fmt.Sprint(" + prints + ")"
}

func (h *history) typed() { h.declareType(h.fresh("type"), false) }

// declareType declares a type with a method Show, again either unchanged or changed.
func (h *history) declareType(d *declared, again bool) {
	if again && h.IntN(3) == 0 {
		h.add(piece{code: "// as it was\ntype " + d.name + " " + d.of, opens: true})
		return
	}
	last := d.of
	for d.of == last {
		d.of = []string{"struct{ a int }", "struct{ a, b int }", "struct{ a int; B string }", "struct{ a any }"}[h.IntN(4)]
	}
	h.useSome(d, "t")
	p := piece{code: fmt.Sprintf("type %s %s\nfunc (t %s) Show() string { %s }", d.name, d.of, d.name, cell(d.body)), opens: again}
	if again {
		p.top, p.main = h.replaced(d)
	}
	_, show := h.compiled(d)
	p.top += h.program(fmt.Sprintf("\ntype «%s» %s\nvar show«%s» func(«%s») string\nfunc (t «%s») Show() string { return show«%s»(t) }", d.name, d.of, d.name, d.name, d.name, d.name))
	p.main = show + "\n" + p.main
	h.add(p)
}

// hold puts a thing where it stays: behind a pointer, in a closure or a goroutine.
func (h *history) hold() {
	d := h.pick("var type func")
	if d == nil {
		return
	}
	h.names++
	u := fmt.Sprint("held", h.names)
	one := "«" + d.name + "»"
	var text string
	held := holder{read: u + "()"}
	switch {
	case d.kind == "type":
		text, held = u+" := "+one+"{a: 3}", holder{u, one + "{a: 4}", d, d.version}
	case d.kind == "func" && (len(d.uses) > 0 || d.generic):
		return // whether a held thing uses the new version is not specified
	case d.kind == "func":
		text, held.read = u+" := "+one, u+"(2)"
	default:
		switch h.IntN(3) {
		case 0:
			text, held.read = u+" := &"+one, "*"+u
		case 1:
			text = u + " := func() string { return fmt.Sprint(" + one + ") }"
		case 2:
			text = u + " := make(chan chan string)\ngo func() {\n\tfor c := range " + u + " {\n\t\tc <- fmt.Sprint(" + one + ")\n\t}\n}()"
			held.read = "func() string { c := make(chan string); " + u + " <- c; return <-c }()"
		}
	}
	h.values = append(h.values, held)
	h.add(piece{code: cell(text), main: h.program(text) + "\n_ = " + u})
}

// change assigns to existing variables.
func (h *history) change() {
	text := ""
	if d := h.pick("var"); d.of == "int" || d.of == "string" {
		text = "«" + d.name + "» += " + map[string]string{"int": "100", "string": `"more"`}[d.of]
	}
	if n := len(h.values); n > 0 && h.IntN(2) == 0 {
		if v := h.values[h.IntN(n)]; v.of != nil && v.of.version == v.version {
			text = v.read + " = " + v.set + "\nfmt.Println(any(" + v.read + ") == any(" + v.set + "))"
		}
	}
	if text != "" {
		h.add(piece{code: cell(text), main: h.program(text)})
	}
}

// fail makes a cell fail that declares a variable again: the variable stays as it was.
func (h *history) fail() {
	d := h.pick("var")
	code := fails + "\n" + []string{"$ := nothing($)", "fmt.Println(\"begins\")\n$ := []int{}[len(fmt.Sprint($))]", "fmt.Println(\"begins\")\npanic(\"no\")\n$ := 1"}[h.IntN(3)]
	p := piece{code: strings.ReplaceAll(code, "$", d.name), opens: true, closes: true}
	if strings.Contains(code, "begins") {
		p.main = "fmt.Println(\"begins\")"
	}
	h.add(p)
}

// print prints some of the existing things.
func (h *history) print() {
	for _, d := range h.all {
		switch text := "«" + d.name + "»"; {
		case h.IntN(2) == 0:
		case d.kind == "func":
			h.printOne(text + "(5)")
		case d.kind == "type":
			h.printOne(text + "{a: 1}.Show()")
		default:
			h.printOne(text)
		}
	}
	for _, v := range h.values {
		h.printOne(v.read)
		if v.of != nil && v.of.version == v.version {
			h.printOne(v.read + ".Show()")
		}
	}
}

func (h *history) printOne(text string) {
	text = fmt.Sprintf("fmt.Printf(\"%s %%+v %%T\\n\", %s, %s)", strings.ReplaceAll(cell(text), `"`, ""), text, text)
	h.add(piece{code: cell(text), main: h.program(text)})
}
