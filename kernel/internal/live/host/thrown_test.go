package host

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

type (
	count    int
	ratio    float64
	phrase   string
	sure     bool
	plane    complex128
	stringer int
	bad      struct{}
)

func (stringer) String() string { return "its text" }
func (bad) Error() string       { panic("bad") }

// TestThrown checks that a panic is reported in Go's words.
func TestThrown(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: compiles a program", t.Name())
	}
	all := []struct {
		code  string
		value any
	}{
		{"42", 42},
		{"-7", -7},
		{"uint8(3)", uint8(3)},
		{"uintptr(9)", uintptr(9)},
		{"true", true},
		{"1.5", 1.5},
		{"1e100", 1e100},
		{"float32(0.1)", float32(0.1)},
		{"math.Inf(1)", math.Inf(1)},
		{"2 - 3i", 2 - 3i},
		{"complex64(1i)", complex64(1i)},
		{`"text"`, "text"},
		{`"two\nlines"`, "two\nlines"},
		{"count(5)", count(5)},
		{"ratio(0.1)", ratio(0.1)},
		{`phrase("a")`, phrase("a")},
		{"sure(true)", sure(true)},
		{"plane(1i)", plane(1i)},
		{"stringer(1)", stringer(1)},
		{`errors.New("an error")`, errors.New("an error")},
	}
	var program strings.Builder
	program.WriteString("package main\nimport (\n\"errors\"\n\"math\"\n\"os\"\n)\ntype (\ncount int\nratio float64\nphrase string\nsure bool\nplane complex128\nstringer int\n)\nfunc (stringer) String() string { return \"its text\" }\nfunc main() {\nswitch os.Args[1] {\n")
	for i, c := range all {
		fmt.Fprintf(&program, "case \"%d\": panic(%s)\n", i, c.code)
	}
	program.WriteString("}\n}\n")
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
	if err := os.WriteFile(source, []byte(program.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for i, c := range all {
		out, err := exec.CommandContext(t.Context(), binary, fmt.Sprint(i)).CombinedOutput()
		if err == nil {
			t.Fatalf("%s does not panic", c.code)
		}
		text, _, _ := strings.Cut(strings.TrimPrefix(string(out), "panic: "), "\n\ngoroutine ")
		text = strings.ReplaceAll(strings.Replace(text, "main.", "host.", 1), "\n\t", "\n")
		if got := thrown(c.value); got != text {
			t.Errorf("%s: %q, Go says %q", c.code, got, text)
		}
	}
	if got := thrown(struct{ X []int }{[]int{1}}); got != "(struct { X []int }) {X:[1]}" {
		t.Errorf("a struct: %q", got)
	}
	if got := thrown(bad{}); got != "a value whose text panics too" {
		t.Errorf("a text that panics: %q", got)
	}
}
