package cell_test

import (
	"go/token"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// TestParserProblems checks that an error in a cell is reported at its place, and that the
// text that we put around the cell's code is not mentioned.
func TestParserProblems(t *testing.T) {
	for _, test := range []struct{ code, says string }{
		{"x y z", "cell 7, line 1:3: expected ';', found y"},
		{"x = = 2\ny := 3", "cell 7, line 1:5: expected operand, found '='"},
		{"if x {\n}\nelse {\n}", "cell 7, line 3:1: expected statement, found 'else'"},
		{"a b\nif c {\n\tc := (1]\n}", "cell 7, line 1:3: expected ';', found b\ncell 7, line 3:9: expected ')', found ']'"},
		{"x := `abc", "cell 7, line 1:6: raw string literal not terminated"},
		{"x := 1\ncase 1:", "cell 7, line 2:1: unexpected case"},
		{"default:\n\tf()", "cell 7, line 1:1: unexpected default"},
		{"for {\n\tcase 1:\n}", "cell 7, line 2:2: expected '}', found 'case'"},
		{"x := 1 }", "cell 7, line 1:8: unexpected }"},
		{"func f() {\n}\n}\nx := 1", "cell 7, line 3:1: unexpected }"},
		{"func f() {}}", "cell 7, line 1:12: unexpected }"},
		{"} func g() {", "cell 7, line 1:1: unexpected }"},
		{"f(1))\ny", "cell 7, line 1:5: unexpected )"},
		{"if x == 1", "cell 7, line 1:10: unexpected newline, expected { after if clause"},
		{"if x == 1 // one\ny := 2", "cell 7, line 1:10: unexpected newline, expected { after if clause"},
		{"for i := 0; i < 3; i++\nf(\n)", "cell 7, line 1:23: unexpected newline, expected { after for clause"},
		{"if x == 1 {\n\tswitch y\n\tcase 1:\n}", "cell 7, line 2:10: unexpected newline, expected { after switch clause"},
		{"if x == 1 {\n\ty y\n}", "cell 7, line 2:4: expected ';', found y"},
		{"y := 1 +\n\n", "cell 7, line 1:9: expected operand, found 'EOF'"},
		{"for {\n\tif true {\n\t}\n", "cell 7, line 3:3: expected '}', found 'EOF'"},
	} {
		s := &cell.Source{Number: 7, Unit: 1, Text: test.code, Chunks: cell.Split(test.code)}
		says := ""
		for _, statements := range []bool{true, false} {
			f, err := s.Parse(token.NewFileSet(), statements, func(_ int, k cell.Chunk) bool { return (k.Kind == cell.Instructing) == statements })
			if err != nil && says == "" {
				says = cell.ParserProblems(f, err).Error()
			}
		}
		if says != test.says {
			t.Errorf("%q: says\n%s\nwant\n%s", test.code, says, test.says)
		}
	}
}
