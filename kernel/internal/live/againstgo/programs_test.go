package againstgo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
)

// piece is a part of a program: its text in a cell, and in the complete program.
type piece struct {
	code      string // in a cell
	top, main string // in the program: outside of main, in main
	name      string // declared by it; empty for statements and methods
	of        string // the type that it declares a method of
	sees      bool   // its behaviour depends on methods of types that it mentions, or of their values
	moves     bool   // it may stand anywhere in its cell
	opens     bool   // a cell begins with it
	closes    bool   // a cell ends with it
}

// generator writes a random program: types with methods, variables that hold their values
// in many ways, and statements that show what the values can do (shows).
type generator struct {
	*rand.Rand
	pieces []piece
	types  []goType
	vars   []variable
	names  int
}

// goType is a type with values that can be written.
type goType struct {
	name    string
	methods []string // each preceded by * if the receiver is a pointer
	part    string   // of a value t: an expression that prints without addresses
	plain   bool     // its values print without addresses
	key     bool     // it is comparable
	literal func() string
}

func (t goType) has(method string) bool {
	return slices.Contains(t.methods, method) || slices.Contains(t.methods, "*"+method)
}

// variable is a variable that holds a value of a type, and the expression for that value.
type variable struct {
	value string
	of    goType
}

// randomProgram returns the program of a seed.
func randomProgram(seed uint64) []piece {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	for range 2 + g.IntN(5) {
		g.declareType()
	}
	for range 4 + g.IntN(10) {
		g.show(one(g, shows))
	}
	return g.pieces
}

func one[T any](g *generator, all []T) T { return all[g.IntN(len(all))] }

// fresh returns a new name, capitalized or not.
func (g *generator) fresh() string {
	g.names++
	return one(g, []string{"point", "shape", "node", "Item", "Account", "x", "Y"}) + fmt.Sprint(g.names)
}

func (g *generator) declare(name, code string) {
	g.pieces = append(g.pieces, piece{code: code, top: code, name: name, moves: true})
}

func (g *generator) state(name, code string, sees bool) {
	p := piece{code: code, main: code, name: name, sees: sees}
	if name != "" {
		p.main += "\n_ = " + name
	}
	g.pieces = append(g.pieces, p)
}

// expand replaces $l, $n and $w by random literals, numbers and words, and other
// placeholders as set says.
func (g *generator) expand(text string, t goType, set map[string]string) string {
	return os.Expand(text, func(key string) string {
		switch key {
		case "l":
			return t.literal()
		case "n":
			return fmt.Sprint(g.IntN(9))
		case "w":
			return fmt.Sprintf("%q", one(g, []string{"", "a", "Ada", "x y", "é<&>"}))
		case "t":
			return t.name
		}
		return set[key]
	})
}

// anyType returns a type that a field or element may have.
func (g *generator) anyType(depth int) goType {
	basic := func(name, literal string, key bool) goType {
		return goType{name: name, plain: true, key: key, literal: func() string { return g.expand(literal, goType{}, nil) }}
	}
	if len(g.types) > 0 && g.IntN(3) == 0 {
		return one(g, g.types)
	}
	if depth == 0 || g.IntN(2) == 0 {
		return one(g, []goType{basic("int", "$n", true), basic("string", "$w", true), basic("bool", "true", true), basic("float64", "$n.5", true),
			basic("[]byte", "[]byte($w)", false), basic("error", "error(syscall.Errno($n))", true), basic("time.Duration", "time.Duration($n)", true), basic("struct{ a, B int }", "struct{ a, B int }{$n, $n}", true)})
	}
	e := g.anyType(depth - 1)
	made := func(name, literal string, plain, key bool) goType {
		return goType{name: name, plain: plain, key: key, literal: func() string { return g.expand(name+literal, e, nil) }}
	}
	switch g.IntN(7) {
	case 0:
		return made("[]"+e.name, "{$l, $l}", e.plain, false)
	case 1:
		return made("[2]"+e.name, "{$l, $l}", e.plain, e.key)
	case 2:
		return made("map[string]"+e.name, "{$w: $l}", e.plain, false)
	case 3:
		return goType{name: "*" + e.name, literal: func() string { return "new(" + e.literal() + ")" }}
	case 4:
		return made("any", "($l)", e.plain, false)
	case 5:
		return goType{name: "func(int) " + e.name, literal: func() string { return "func(int) " + e.name + " { return " + e.literal() + " }" }}
	}
	return goType{name: "chan " + e.name, plain: true, literal: func() string { return "(chan " + e.name + ")(nil)" }}
}

// methods are the methods that a type may have, with $part of the receiver.
var methods = []struct{ name, signature, body string }{
	{"String", "() string", `return "S" + fmt.Sprint($part)`},
	{"Error", "() string", `return "E" + fmt.Sprint($part)`},
	{"GoString", "() string", `return "G" + fmt.Sprint($part)`},
	{"Format", "(f fmt.State, verb rune)", `fmt.Fprintf(f, "%c%v", verb, $part)`},
	{"MarshalJSON", "() ([]byte, error)", `return json.Marshal([]any{$part, $w})`},
	{"MarshalText", "() ([]byte, error)", `return []byte(fmt.Sprint($part)), nil`},
	{"UnmarshalText", "(b []byte) error", `return fmt.Errorf("no %s", b)`},
	{"Is", "(err error) bool", "return err == io.EOF"},
	{"Area", "(n int) int", "return n + len(fmt.Sprint($part))"},
	{"area", "(n int) int", "return n * len(fmt.Sprint($part))"},
	{"each", "(yield func(int) bool)", "_ = yield($n) && yield($n)"},
}

// declareType declares a type, and methods of it.
func (g *generator) declareType() {
	t := goType{name: g.fresh(), plain: true, key: true}
	receiver := t.name
	var literal string
	switch kind := g.IntN(10); {
	case kind < 6:
		var fields []string
		names := []string{"a", "b", "Count", "count", "name", "Name", "inner", "Inner"}
		g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var made []func() string
		field := func(name string, of goType, text string) {
			fields, made = append(fields, text), append(made, func() string { return name + ": " + of.literal() })
			t.plain, t.key = t.plain && of.plain, t.key && of.key
			if of.plain {
				t.part = "t." + name
			}
		}
		if len(g.types) > 0 && g.IntN(3) == 0 {
			if e := one(g, g.types); !strings.Contains(e.name, "[") {
				field(e.name, e, e.name)
				t.methods = slices.Clone(e.methods)
			}
		}
		for _, name := range names[:g.IntN(4)+1] {
			of := g.anyType(2)
			tag := ""
			if name <= "Z" && g.IntN(3) == 0 {
				tag = " `json:\"" + strings.ToLower(name) + "s,omitempty\" xml:\"at,attr\"`"
			}
			field(name, of, name+" "+of.name+tag)
		}
		g.declare(t.name, "type "+t.name+" struct {\n\t"+strings.Join(fields, "\n\t")+"\n}")
		t.literal = func() string {
			var values []string
			for _, f := range made {
				values = append(values, f())
			}
			return t.name + "{" + strings.Join(values, ", ") + "}"
		}
	case kind < 7:
		g.declare(t.name, fmt.Sprintf("type %s int\nconst (\n\t%sA %s = iota + %d\n\t%sB\n)", t.name, t.name, t.name, g.IntN(3), t.name))
		t.part, literal = "int(t)", t.name+"($n)"
	case kind < 8:
		t.part, t.key, literal = "len(t)", false, t.name+"{$w: $n}"
		g.declare(t.name, "type "+t.name+" map[string]int")
	case kind < 9:
		e := g.anyType(1)
		t.plain, t.key, t.part = e.plain, false, "cap(t)"
		t.literal = func() string { return g.expand(t.name+"{$l}", e, nil) }
		g.declare(t.name, "type "+t.name+" []"+e.name)
	default:
		e := g.anyType(1)
		g.declare(t.name, "type "+t.name+"[T any] struct{ of T; Of []T }")
		t.plain, t.key, t.part, receiver = e.plain, false, "len(t.Of)", t.name+"[T]"
		t.name += "[" + e.name + "]"
		t.literal = func() string { return g.expand("$of{$l, nil}", e, map[string]string{"of": t.name}) }
	}
	if literal != "" {
		t.literal = func() string { return g.expand(literal, goType{}, nil) }
	}
	if t.part == "" {
		t.part = `"none"`
	}
	for range g.IntN(5) {
		m := one(g, methods)
		star := one(g, []string{"", "", "*"})
		if slices.ContainsFunc(g.pieces, func(p piece) bool { return p.of == baseName(t.name) && p.name == m.name }) {
			continue
		}
		part := t.part
		if star != "" {
			part = strings.Replace(part, "(t)", "(*t)", 1)
		}
		t.methods = slices.DeleteFunc(t.methods, func(of string) bool { return strings.TrimPrefix(of, "*") == m.name })
		t.methods = append(t.methods, star+m.name)
		code := "func (t " + star + receiver + ") " + m.name + g.expand(m.signature+" { "+m.body+" }", t, map[string]string{"part": part})
		g.pieces = append(g.pieces, piece{code: code, top: code, name: m.name, of: baseName(t.name), sees: true, moves: true})
	}
	g.types = append(g.types, t)
}

func baseName(t string) string {
	name, _, _ := strings.Cut(t, "[")
	return name
}

// holds are the ways in which a variable $u holds a value, and the expression for that
// value.
var holds = []struct{ code, value string }{
	{"$u := $l", "$u"},
	{"var $u any = $l", "$u.($t)"},
	{"$u := []$t{$l}", "$u[0]"},
	{"$u := map[string]any{\"k\": $l}", "$u[\"k\"].($t)"},
	{"$u := func() $t { return $l }", "$u()"},
	{"$u := new($l)", "(*$u)"},
	{"$u := make(chan $t, 1)\n$u <- $l", "func() $t { x := <-$u; $u <- x; return x }()"},
	{"$u := struct {\n\tin $t\n\tn  int\n}{$l, 1}", "$u.in"},
	{"$u := reflect.ValueOf($l)", "$u.Interface().($t)"},
	{"$u := sync.OnceValue(func() $t { return $l })", "$u()"},
	{"var $u atomic.Value\n$u.Store($l)", "$u.Load().($t)"},
}

// show adds the statements of a row of shows, for a type that fits.
func (g *generator) show(s show) {
	fit := slices.DeleteFunc(slices.Clone(g.types), func(t goType) bool { return s.of != nil && !s.of(t) })
	if len(fit) == 0 {
		return
	}
	t := one(g, fit)
	held := slices.DeleteFunc(slices.Clone(g.vars), func(v variable) bool { return v.of.name != t.name })
	if len(held) == 0 || g.IntN(3) == 0 {
		u, h := g.fresh(), one(g, holds)
		set := map[string]string{"u": u}
		code := g.expand(h.code, t, set)
		if strings.HasPrefix(code, "var ") && !strings.Contains(code, "\n") && g.IntN(2) == 0 {
			g.pieces = append(g.pieces, piece{code: code, top: code, name: u})
		} else {
			g.state(u, code, false)
		}
		held = []variable{{g.expand(h.value, t, set), t}}
		g.vars = append(g.vars, held[0])
	}
	set := map[string]string{"v": one(g, held).value, "f": g.fresh(), "i": g.fresh()}
	if s.decl != "" {
		code := g.expand(s.decl, t, set)
		for _, c := range strings.Split(code, "\n\n") {
			word := regexp.MustCompile(`^(?:func|type|const) (\w+)`).FindStringSubmatch(c)
			g.declare(word[1], c)
			g.pieces[len(g.pieces)-1].sees = strings.HasPrefix(c, "func")
		}
	}
	g.state("", g.expand(s.code, t, set), true)
}
