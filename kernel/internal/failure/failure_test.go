package failure

import (
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// The outputs are GoNB 0.11.4's own, with -raw_error.
func TestRead(t *testing.T) {
	two := 2
	stderr := func(s string) *nbformat.Output {
		return &nbformat.Output{Type: nbformat.Stream, Name: "stderr", Text: s}
	}
	raised := func(value string, traceback ...string) *nbformat.Output {
		return &nbformat.Output{Type: nbformat.Error, EName: "ERROR", EValue: value, Traceback: traceback}
	}
	for _, row := range []struct {
		name    string
		outputs []*nbformat.Output
		want    Failure
	}{
		{"compiler", []*nbformat.Output{raised("# gonb_ea4f\n./main.go:12:13: cannot use", "# gonb_ea4f3ff5",
			"Cell[2]: Line 3\nfunc main() {\nvar x int = \"text\"\n            ^\n\n\x1b[31mcannot use \"text\" as int\x1b[0m",
			"Cell[1]: Line 4\nfmt.Println(undefined, x)\n            ^\n}\n\nundefined: undefined", "")},
			Failure{[]string{`line 3: cannot use "text" as int`, "cell 1, line 4: undefined: undefined"}, []Place{{2, 3}, {1, 4}}, true}},
		{"panic in a function of an earlier cell", []*nbformat.Output{
			stderr("panic: runtime error: integer divide by zero\n\ngoroutine 1 [running]:\nmain.half(...)\n\t \x1b[7m[[ Cell [1] Line 3 ]]\x1b[0m main.go:9\nmain.main()\n\t \x1b[7m[[ Cell [2] Line 3 ]]\x1b[0m main.go:18 +0x95\nexit status 2\n"),
			raised("exit status 2", "exit status 2")},
			Failure{[]string{"panic: runtime error: integer divide by zero"}, []Place{{1, 3}, {2, 3}}, false}},
		{"a panic caused by another", []*nbformat.Output{
			stderr("panic: first\n\tpanic: second\n\ngoroutine 1 [running]:\nmain.main.func1()\n\t \x1b[7m[[ Cell [1] Line 3 ]]\x1b[0m main.go:9\nexit status 2\n"),
			raised("exit status 2", "exit status 2")},
			Failure{[]string{"panic: first", "panic: second"}, []Place{{1, 3}}, false}},
		{"everything that our own kernel says about a panic", []*nbformat.Output{
			raised("first", "\x1b[31mpanic: first\n\tpanic: second\nand why\x1b[0m", "\x1b[7m[[ Cell [1] Line 3 ]]\x1b[0m half\n>   3 | half(1)")},
			Failure{[]string{"panic: first", "panic: second", "and why"}, []Place{{1, 3}}, false}},
		{"log.Fatal says why and not where", []*nbformat.Output{
			stderr("working\n2026/11/24 07:22:22 no such file\nexit status 1\n"), raised("exit status 1", "exit status 1")},
			Failure{[]string{"exit status 1", "2026/11/24 07:22:22 no such file"}, nil, false}},
		{"nothing said", []*nbformat.Output{raised("exit status 3", "exit status 3")},
			Failure{[]string{"exit status 3"}, nil, false}},
	} {
		got, failed := Read(&nbformat.Cell{Outputs: row.outputs, ExecutionCount: &two})
		if !failed || !slices.Equal(got.Reasons, row.want.Reasons) || !slices.Equal(got.Places, row.want.Places) || got.Compiling != row.want.Compiling {
			t.Errorf("%s:\n got %+v\nwant %+v", row.name, got, row.want)
		}
	}
	if _, failed := Read(&nbformat.Cell{Outputs: []*nbformat.Output{stderr("panic: quoted in a remark\n")}}); failed {
		t.Error("a cell without an error output has failed")
	}
}

func TestExcerpt(t *testing.T) {
	got := Excerpt("a\nb\nc\n\td\ne\nf\n", 4)
	want := "    2 | b\n    3 | c\n>   4 |     d\n    5 | e\n    6 | f\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if Excerpt("a\n", 2) != "" || Excerpt("a\n", 0) != "" {
		t.Error("a line that does not exist has an excerpt")
	}
	if got := Excerpt("only", 1); !strings.HasPrefix(got, ">   1 | only") {
		t.Errorf("got %q", got)
	}
}
