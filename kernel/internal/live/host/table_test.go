package host

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// outline parses well-formed HTML, such as ours, and returns the texts of all cells by row,
// header first, and the text outside of them.
func outline(t *testing.T, text string) (rows [][]string, beside string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	in := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return rows, beside
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch x := token.(type) {
		case xml.StartElement:
			switch x.Name.Local {
			case "tr":
				rows = append(rows, nil)
			case "td", "th":
				in = true
				rows[len(rows)-1] = append(rows[len(rows)-1], "")
			case "div", "table", "thead", "tbody":
			default:
				t.Fatalf("<%s> in %s", x.Name.Local, text)
			}
		case xml.EndElement:
			if n := x.Name.Local; n == "td" || n == "th" {
				in = false
			}
		case xml.CharData:
			if in {
				r := rows[len(rows)-1]
				r[len(r)-1] += string(x)
			} else {
				beside += strings.TrimSpace(string(x))
			}
		}
	}
}

type score struct {
	Class string
	F1    float64
	N     int
}

func TestTables(t *testing.T) {
	many := make([]score, 100)
	ragged := [][]float64{{1, 2.5}, {}, {1.0 / 3}}
	wide := make([][]int, 2)
	for i := range wide {
		wide[i] = make([]int, 50)
	}
	for _, c := range []struct {
		why   string
		value any
		rows  string // the first ones, in fmt's format
		count int
		rest  string
	}{
		{"structs", []score{{"cat", 0.5, 3}, {"dog", 2. / 3, 10}}, "[[ Class F1 N] [0 cat 0.5 3] [1 dog 0.666667 10]]", 3, ""},
		{"pointers to structs, one nil", []*point{{1, 2}, nil}, "[[ A B] [0 1 2] [1 nil nil]]", 3, ""},
		{"an array", [1]point{{1, 2}}, "[[ A B] [0 1 2]]", 2, ""},
		{"a pointer to a slice", &[]point{{1, 2}}, "[[ A B] [0 1 2]]", 2, ""},
		{"many rows", many, "[[ Class F1 N] [0  0 0]", 61, "… 40 more rows"},
		{"slices of unequal length", ragged, "[[ 0 1] [0 1 2.5] [1  ] [2 0.333333 ]]", 4, ""},
		{"many columns", wide, "[[ 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19]", 3, "… 30 more columns"},
		{"maps: all their keys", []map[string]any{{"b": 1}, {"a": "x", "b": nil}}, "[[ a b] [0  1] [1 x nil]]", 3, ""},
		{"what could be markup", []map[string]string{{"<i>": "</td><script>alert(1)</script>&amp;"}},
			"[[ <i>] [0 </td><script>alert(1)</script>&amp;]]", 2, ""},
		{"text of many lines is quoted", []score{{"a\nb", 0, 0}}, `[[ Class F1 N] [0 "a\nb" 0 0]]`, 2, ""},
	} {
		rows, rest := outline(t, show1(t, c.value)["text/html"])
		if got := fmt.Sprint(rows); !strings.HasPrefix(got, c.rows) || len(rows) != c.count || rest != c.rest {
			t.Errorf("%s: %d rows %s\n\tand %q, want %d rows %s and %q", c.why, len(rows), got, rest, c.count, c.rows, c.rest)
		}
	}
}

// A map or a struct is a table if it fills more than a line.
func TestLongOnes(t *testing.T) {
	m := map[string]string{}
	for i := range 100 {
		m[fmt.Sprintf("k%02d", i)] = "<" + strings.Repeat("v", 10)
	}
	rows, rest := outline(t, show1(t, m)["text/html"])
	if len(rows) != 61 || fmt.Sprint(rows[:2]) != "[[key value] [k00 <vvvvvvvvvv]]" || rest != "map[string]string… 40 more rows" {
		t.Errorf("a map: %d rows %v %q", len(rows), rows[:2], rest)
	}
	got := show1(t, score{strings.Repeat("x", 90), 1, 2})
	if want := "host.score\nfield  value\nClass  " + strings.Repeat("x", 90) + "\nF1     1\nN      2"; got["text/plain"] != want {
		t.Errorf("a struct: %q, want %q", got["text/plain"], want)
	}
	for _, small := range []any{map[string]int{"a": 1}, score{}, []int{1}, []string{"a"}, []level{1}, []error{nil}, [][]byte{{1}}, []point{}} {
		if got := show1(t, small); got["text/html"] != "" {
			t.Errorf("%v: %q, which needs no table", small, got)
		}
	}
}

func TestTableText(t *testing.T) {
	few := []point{{1, 2}, {3, 4}}
	if got := show1(t, few)["text/plain"]; got != "[{A:1 B:2} {A:3 B:4}]" {
		t.Errorf("what fits in a line is %q", got)
	}
	got := show1(t, []score{{"cat", 0.5, 3}, {"日本", 0.25, 1000}, {"é", 1, 1}, {"a long name for a class", 1, 1}})["text/plain"]
	want := strings.Join([]string{
		"   Class                      F1     N",
		"0  cat                       0.5     3",
		"1  日本                     0.25  1000",
		"2  é                           1     1",
		"3  a long name for a class     1     1",
	}, "\n")
	if got != want {
		t.Errorf("text\n%s\nwant\n%s", got, want)
	}
	if h := show1(t, few)["text/html"]; strings.Count(h, "text-align:right") != 9 || strings.Contains(h, "text-align:left") {
		t.Errorf("numbers are not at the right: %s", h)
	}
}

// The colours are the front end's, dark or light.
func TestTableColours(t *testing.T) {
	h := show1(t, []score{{"a", 1, 2}})["text/html"]
	for _, forbidden := range []string{"background", "color:", "#", "rgb("} {
		if strings.Contains(h, forbidden) {
			t.Errorf("%q in %s", forbidden, h)
		}
	}
}
