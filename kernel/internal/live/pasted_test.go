package live

import (
	"errors"
	"strings"
	"testing"
)

// TestPastedFile checks that the text of a Go file runs in a cell, or fails at the cell's
// line.
func TestPastedFile(t *testing.T) {
	l := newTester(t)
	l.want("package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"hi\")\n}", "hi\n")
	l.want("\ufeffpackage main\r\n\r\nimport \"fmt\"\r\n\r\nfunc main() {\r\n\tfmt.Println(`a\r\nb`)\r\n}\r\n", "a\nb\n")
	l.want("\ufeffx := 1\nx", "Out: 1")
	l.want("//go:build linux\n\ny := 2\ny", "Out: 2")
	l.want("//go:build ignore\n\npackage main\n\nfunc main() { fmt.Println(`ran`) }", "ran\n")
	l.want("package geometry\ntype area int\nfunc (a area) twice() int { return int(2 * a) }\narea(1).twice()", "Out: 2")
	l.want("package main; z := 5\nz", "Out: 5")
	l.want("package main", "")
	l.want("//line other.go:7\n//go:noinline\nfunc three() int { return 3 }\nthree()", "Out: 3")
	for _, c := range []struct {
		code string
		line int
		want string
	}{
		{"\n//go:build windows\n\nx := 1", 2, "build constraints exclude this cell: //go:build windows"},
		{"//go:embed x.txt\nvar s string", 1, "go:embed only allowed in Go files that import \"embed\""},
		{"x := 1\nfunc nobody() int", 2, "missing function body"},
		{"/*\nint one() { return 1; }\n*/\nimport \"C\"\nC.one()", 4, "cgo"},
		{"x := 1\f", 1, "illegal character U+000C"},
		{"package main\npackage main", 2, "package statement must be first"},
		{"//line other.go:7\nnowhere", 2, "undefined: nowhere"},
	} {
		_, err := l.run(c.code)
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Line != c.line || problems[0].Cell != l.cells || !strings.HasPrefix(strings.TrimPrefix(problems[0].Message, "import \"C\": "), c.want) {
			t.Errorf("%q: %v", c.code, err)
		}
	}
}
