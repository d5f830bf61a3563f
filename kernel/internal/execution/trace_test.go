package execution

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// TestMarkPlaces checks the trace that GoNB leaves when a call arrives in two pieces.
func TestMarkPlaces(t *testing.T) {
	program := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(program, []byte("package main\n\nfunc half(x int) int {\n\treturn x / zero()\n}\n\nfunc main() {\n\tfmt.Println(half(3))\n\ttwice()\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	trace := "panic: runtime error: integer divide by zero\n\ngoroutine 1 [running]:\nmain.half(...)\n\tmain.go:4\nmain.main()\n" +
		"\t \x1b[7m[[ Cell [2] Line 2 ]]\x1b[0m main.go:8 +0x95\nother\n\tmain.go:9\nfar\n\tmain.go:99\nexit status 2\n"
	cells := []*nbformat.Cell{
		{Type: nbformat.Code, Source: "func half(x int) int {\n    return x / zero()\n}\ntwice()"},
		{Type: nbformat.Code, Source: "%%\nfmt.Println(half(3))\ntwice()", Outputs: []*nbformat.Output{
			{Type: nbformat.Stream, Name: "stderr", Text: trace}, {Type: nbformat.Error, EValue: "exit status 2"}}},
	}
	markPlaces(cells, filepath.Join(t.TempDir(), "none"))
	if cells[1].Outputs[0].Text != trace {
		t.Error("without a program the trace was changed")
	}
	markPlaces(cells, program)
	got, ok := failure.Read(cells[1])
	if want := (failure.Place{Cell: 1, Line: 2}); !ok || len(got.Places) != 2 || got.Places[0] != want || got.Places[1] != (failure.Place{Cell: 2, Line: 2}) {
		t.Errorf("places %v, want cell 1 line 2, then cell 2 line 2, and none for a line that two cells have or that is not there", got.Places)
	}
	if text := cells[1].Outputs[0].Text; !strings.Contains(text, "\tmain.go:9\n") || !strings.Contains(text, "\tmain.go:99\n") {
		t.Errorf("a call that cannot be identified was marked:\n%s", text)
	}
}
