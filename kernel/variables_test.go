package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// tagged returns a notebook with one cell, the parameters cell.
func tagged(source string) *nbformat.Notebook {
	return &nbformat.Notebook{Cells: []*nbformat.Cell{
		{Type: nbformat.Code, Source: source, Metadata: map[string]any{"tags": []any{parametersTag}}},
	}}
}

// A value typed with -p takes the place of the literal, as Go code of the variable's type.
func TestAssign(t *testing.T) {
	for _, row := range []struct{ why, line, typed, want string }{
		{"a number", "var lambda = 0.1", "lambda=0.25", "var lambda = 0.25"},
		{"a whole number for a float64, which it stays", "var lambda = 0.1", "lambda=1", "var lambda = 1.0"},
		{"an exponent", "var lambda = 0.1 // weight", "lambda=-1e-3", "var lambda = -1e-3 // weight"},
		{"a float by its type", "var x float32 = 1", "x=2", "var x float32 = 2.0"},
		{"a whole number", "const seed = -3", "seed=007", "const seed = 7"},
		{"a type", "var seed uint64 = 3", "seed=18446744073709551615", "var seed uint64 = 18446744073709551615"},
		{"a text with an equals sign and quotes", "var s = `a`", `s=b="c"`, `var s = "b=\"c\""`},
		{"an empty text", `var s = "a"`, "s=", `var s = ""`},
		{"a truth", "var on = false", "on=true", "var on = true"},
		{"a duration", "var d = 5 * time.Second", "d=1m30s", "var d = 90 * time.Second"},
		{"a duration by its type", "var d time.Duration", "d=1.5s", "var d time.Duration = 1500 * time.Millisecond"},
		{"a list", `var l = []string{"a"}`, `l=b,"c,d"`, `var l = []string{"b", "c,d"}`},
		{"a list that is nil", "var l []string", "l=b", `var l []string = []string{"b"}`},
		{"nil, by its name", "var l []string = nil", "l=", `var l []string = []string{}`},
		{"within parentheses, by a name that begins another's", "const (\n\ta   = 1\n\tabc = 2 // of a\n)\nvar b = 1", "a=5", "const (\n\ta   = 5\n\tabc = 2 // of a\n)\nvar b = 1"},
		{"declared again, as live cells may", "var a = 1\nvar a = 2\n", "a=300", "var a = 300\nvar a = 300\n"},
		{"after what is no declaration", "%noautoget\nimport \"fmt\"\n\nfunc f() {\n\tx := 1\n}\nvar x = 2\n%%\nfmt.Println(x)", "x=3", "%noautoget\nimport \"fmt\"\n\nfunc f() {\n\tx := 1\n}\nvar x = 3\n%%\nfmt.Println(x)"},
	} {
		nb := tagged(row.line)
		typed, err := assignments([]string{row.typed})
		if err == nil {
			err = assign(nb, typed)
		}
		if got := nb.Cells[0].Source; err != nil || got != row.want {
			t.Errorf("%s: -p %s makes %q, %v, want %q", row.why, row.typed, got, err, row.want)
		}
	}
}

// What cannot be set is an error that says why, and changes nothing.
func TestAssignRefuses(t *testing.T) {
	const cell = "var lambda = 0.1\nvar seed uint8 = 3\nvar n = 1\nvar on = true\nvar d = time.Hour\nvar l []string\nvar f = float64(2)\nvar a, b = 1, 2\nvar m map[string]int\nvar p *int = nil"
	for _, row := range []struct{ typed, want string }{
		{"lambda=x", `lambda: want a number, have "x"`},
		{"lambda=", `lambda: want a number, have ""`},
		{"lambda=.", `lambda: want a number, have "."`},
		{"lambda=0x1p4", `lambda: want a number, have "0x1p4"`},
		{"lambda=NaN", `lambda: want a number, have "NaN"`},
		{"lambda=1e999", "lambda: 1e999 is out of the range of float64"},
		{"seed=0.5", `seed: want a whole number, have "0.5"`},
		{"seed=256", "seed: 256 is out of the range of uint8"},
		{"seed=-1", "seed: -1 is out of the range of uint8"},
		{"n=99999999999999999999", "n: 99999999999999999999 is out of the range of int"},
		{"on=1", `on: want true or false, have "1"`},
		{"d=5", `d: want a duration such as 1m30s, have "5"`},
		{`l=a"b`, "want words with commas between them"},
		{"f=1", "f: the cell tagged \"parameters\" declares no such variable: it has lambda, seed, n, on, d, l"},
		{"a=1", "no such variable"}, {"m=1", "no such variable"}, {"p=1", "no such variable"},
		{"lambda", "want name=value"}, {"=1", "want name=value"},
	} {
		nb := tagged(cell)
		typed, err := assignments([]string{row.typed})
		if err == nil {
			err = assign(nb, typed)
		}
		if err == nil || !strings.Contains(err.Error(), row.want) || nb.Cells[0].Source != cell {
			t.Errorf("-p %s: %v, want %q", row.typed, err, row.want)
		}
	}
	if _, err := assignments([]string{"a=1", "a=2"}); err == nil {
		t.Error("a parameter can be given twice")
	}
	if err := assign(&nbformat.Notebook{}, []parameter{{name: "x", words: []string{""}}}); err == nil || !strings.Contains(err.Error(), "no cell tagged") {
		t.Errorf("without the cell: %v", err)
	}
}

// A line that declares no variable of a kind that can be set is none, and where a value
// starts is right after what is no ASCII too.
func TestVariables(t *testing.T) {
	nb := tagged("// λ of the paper\nvar λ = 0.1 // λ\n\nvar (\n\tname = \"ü\"\n\n\t_ = 1\n)\n)\nx = 5\n")
	var names []string
	for _, v := range variables(nb) {
		names = append(names, v.name+" "+v.cell.Source[v.at:v.at+len(v.value)])
	}
	if want := []string{"λ 0.1", `name "ü"`}; !slices.Equal(names, want) {
		t.Errorf("the variables are %q, want %q", names, want)
	}
}
