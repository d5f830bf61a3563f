package host

import (
	"errors"
	"fmt"
	"html/template"
	"image"
	"math/big"
	"strings"
	"testing"
	"time"
)

type point struct{ A, B int }

type named struct {
	Name string
	Next *named
	Any  any
}

type level int

func (l level) String() string { return fmt.Sprintf("level %d", int(l)) }

type code int

func (c code) GoString() string { return "code!" }

type broken struct{}

func (broken) String() string { panic("no text") }

type (
	outside  []int
	wrong    struct{}
	unspoken struct{}
	blank    struct{ image.Image }
)

func (o outside) String() string  { return fmt.Sprint(o[3]) }
func (wrong) Error() string       { panic(broken{}) }
func (unspoken) GoString() string { panic(errors.New("no go")) }

type formatted struct{}

func (formatted) Format(s fmt.State, verb rune) { fmt.Fprintf(s, "<%c%v>", verb, s.Flag('+')) }

type op func(int) int

func ring() *named {
	n := &named{Name: "a"}
	n.Next = &named{Name: "b", Next: n}
	return n
}

func selfSlice() []any {
	s := make([]any, 1)
	s[0] = s
	return s
}

func selfMap() map[string]any {
	m := map[string]any{}
	m["m"] = m
	return m
}

func show1(t *testing.T, values ...any) map[string]string {
	t.Helper()
	v := show(values)
	if v == nil {
		t.Fatalf("%v shows nothing", values)
	}
	return v.Data
}

func TestText(t *testing.T) {
	var nilPointer *point
	var nilError error
	five := 5
	for _, c := range []struct {
		why    string
		values []any
		want   string
	}{
		{"numbers as fmt has them", []any{4}, "4"},
		{"float32 is not widened", []any{float32(0.1)}, "0.1"},
		{"strings in quotes", []any{"a \"b\"\n"}, `"a \"b\"\n"`},
		{"bool", []any{true}, "true"},
		{"no value", []any{nil}, "nil"},
		{"nil pointer", []any{nilPointer}, "nil"},
		{"nil func", []any{op(nil)}, "nil"},
		{"struct", []any{point{2, 2}}, "{A:2 B:2}"},
		{"pointer", []any{&point{1, 2}}, "&{A:1 B:2}"},
		{"pointer to a number", []any{&five}, "&5"},
		{"pointers inside", []any{named{Name: "x", Next: &named{}}}, `{Name:"x" Next:&{Name:"" Next:nil Any:nil} Any:nil}`},
		{"map in order", []any{map[string]int{"b": 2, "a": 1}}, `map["a":1 "b":2]`},
		{"numbers by size", []any{map[int]bool{10: true, 9: false}}, "map[9:false 10:true]"},
		{"slice", []any{[]string{"a b", "c"}}, `["a b" "c"]`},
		{"duration", []any{1500 * time.Millisecond}, "1.5s"},
		{"Stringer, inside too", []any{[]any{level(3), nil}}, "[level 3 nil]"},
		{"Stringer by pointer", []any{big.NewInt(7)}, "7"},
		{"GoString only", []any{code(3)}, "code!"},
		{"Formatter: %v, for %+v has numbers of math/big signed", []any{formatted{}}, "<vfalse>"},
		{"its text panics", []any{[]broken{{}}}, "[%!v(PANIC=String method: no text)]"},
		{"and says why", []any{outside{1}}, "%!v(PANIC=String method: runtime error: index out of range [3] with length 1)"},
		{"an error's", []any{[]any{wrong{}}}, "[%!v(PANIC=Error method: %!v(PANIC=String method: no text))]"},
		{"a GoStringer's", []any{unspoken{}}, "%!v(PANIC=GoString method: no go)"},
		{"an image's", []any{[]any{blank{}}}, "[%!v(PANIC=Bounds method: runtime error: invalid memory address or nil pointer dereference)]"},
		{"error", []any{errors.New("no way")}, "no way"},
		{"func is its type", []any{op(func(int) int { return 0 })}, "host.op"},
		{"chan is its type", []any{make(chan int)}, "chan int"},
		{"two values", []any{1, "a"}, `1, "a"`},
		{"no error is not shown", []any{1, nilError}, "1"},
		{"an error is", []any{0, errors.New("bad")}, "0, bad"},
		{"cycle of pointers", []any{ring()}, `&{Name:"a" Next:&{Name:"b" Next:&(cycle) Any:nil} Any:nil}`},
		{"slice in itself", []any{selfSlice()}, "[[cycle]]"},
		{"map in itself", []any{selfMap()}, `map["m":map[cycle]]`},
		{"bytes that are text", []any{[]byte("hi\n")}, `[]byte("hi\n")`},
		{"bytes that are not", []any{[]byte{0, 1, 255}}, "[]byte{00 01 ff}"},
		{"many of those", []any{make([]byte, 5000)}, "[]byte{00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … 4,984 more}"},
		{"images inside", []any{[]any{image.NewGray(image.Rect(0, 0, 2, 3))}}, "[*image.Gray 2×3]"},
		{"uintptr, as fmt prints it", []any{[]any{uintptr(17)}}, "[17]"},
		{"no bytes", []any{[]byte{}}, "[]byte{}"},
		{"an empty slice", []any{[]point{}}, "[]"},
		{"another package's pointers are its own", []any{struct{ p *point }{}}, "{p:nil}"},
	} {
		if got := show1(t, c.values...)["text/plain"]; got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

// Long values are cut, with a note.
func TestTextEnds(t *testing.T) {
	deep := any(1)
	for range 100 {
		deep = []any{deep}
	}
	wide := make([][]int, 1000)
	for i := range wide {
		wide[i] = make([]int, 1000)
	}
	big := map[int]int{}
	for i := range 100_000 {
		big[i] = i
	}
	list := &named{}
	for range 100_000 {
		list = &named{Next: list}
	}
	for _, c := range []struct {
		why   string
		value any
		says  string
	}{
		{"a long string", strings.Repeat("é", 2000), `é"… 2,000 more bytes`},
		{"a long slice", make([]int, 10_090), "0 … 9,990 more]"},
		{"a long slice inside", struct{ X []int }{make([]int, 100)}, "0 … 80 more]"},
		{"a deep value", deep, "[…]"},
		{"a long map: the first keys", big, "99:99 … 99,900 more]"},
		{"a text of 16 KiB", level2(strings.Repeat("y", 20_000)), "y … cut"},
		{"a long list", list, "Next:0x"},
	} {
		got := text(c.value)
		if !strings.Contains(got, c.says) || len(got) > textLimit+100 {
			t.Errorf("%s: %d bytes: …%s, want %q in it", c.why, len(got), got[max(0, len(got)-100):], c.says)
		}
	}
	if got := text(wide); len(got) > textLimit+100 || !strings.Contains(got, "more]") {
		t.Errorf("a million numbers take %d bytes", len(got))
	}
}

type level2 string

func (l level2) String() string { return string(l) }

type chart struct {
	err   error
	shown *int
}

func (c chart) Display() error { *c.shown++; return c.err }

type page string

func (p page) HTML() template.HTML { return template.HTML("<b>" + p + "</b>") }
func (p page) Markdown() string    { return "**" + string(p) + "**" }

type bundle struct{}

func (bundle) MimeBundle() map[string]string {
	return map[string]string{"application/json": "{}", "text/plain": "json"}
}

type asking struct{}

func (asking) HTML(n int) string { return "parameters are not ours" }

func TestOwnForms(t *testing.T) {
	n := 0
	if v := show([]any{chart{shown: &n}}); v != nil || n != 1 {
		t.Errorf("a chart that displays itself %d times shows %v too", n, v)
	}
	if got := show1(t, chart{errors.New("no notebook"), &n})["text/plain"]; !strings.HasSuffix(got, "(Display: no notebook)") {
		t.Errorf("a chart that cannot shows %q", got)
	}
	if got := show1(t, page("x")); got["text/html"] != "<b>x</b>" || got["text/markdown"] != "**x**" || got["text/plain"] != `"x"` {
		t.Errorf("its own HTML: %q", got)
	}
	if got := show1(t, template.HTML("<i>")); got["text/html"] != "<i>" {
		t.Errorf("HTML: %q", got)
	}
	if got := show1(t, bundle{}); len(got) != 2 || got["application/json"] != "{}" || got["text/plain"] != "json" {
		t.Errorf("a bundle: %q", got)
	}
	if got := show1(t, asking{}); len(got) != 1 {
		t.Errorf("a method of another kind is called: %q", got)
	}
	if got := show1(t, 1, page("x")); got["text/html"] != "<div><pre>1</pre></div>\n<div><b>x</b></div>" {
		t.Errorf("two values: %q", got)
	}
}

type endless struct{}

func (endless) String() string { select {} }

type slow struct{}

func (slow) String() string { time.Sleep(200 * time.Millisecond); return "there" }

func TestShowReturns(t *testing.T) {
	if got := showWithin([]any{endless{}}, 20*time.Millisecond).Data["text/plain"]; got != "host.endless (its text took more than 20ms)" {
		t.Errorf("a text without end: %q", got)
	}
	arm()
	time.AfterFunc(20*time.Millisecond, cancel)
	if got := show1(t, endless{})["text/plain"]; got != "host.endless (interrupted while its text was being made)" {
		t.Errorf("interrupted: %q", got)
	}
	arm()
	time.AfterFunc(20*time.Millisecond, cancel)
	if got := show1(t, slow{})["text/plain"]; got != "there" {
		t.Errorf("interrupted shortly before its text is there: %q", got)
	}
	if got := show1(t, 3)["text/plain"]; got != "3" {
		t.Errorf("a cell that ended because it was interrupted shows %q", got)
	}
	arm()
	if got := show1(t, exploding{})["text/plain"]; got != "the value cannot be shown: panic: bang" {
		t.Errorf("a panic: %q", got)
	}
}

type exploding struct{}

func (exploding) HTML() string { panic("bang") }
