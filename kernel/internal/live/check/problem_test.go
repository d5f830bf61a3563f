package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestExplained checks that messages of several lines are reported completely, with the
// lines of the cells.
func TestExplained(t *testing.T) {
	for _, c := range []struct {
		cells []string
		says  []string
	}{
		{[]string{"var a = b\nvar b = a"}, []string{"line 1:5: initialization cycle for a", "line 1: a refers to b", "line 2: b refers to a"}},
		{[]string{"type A struct{ b B }\ntype B struct{ a A }"}, []string{"line 1:6: invalid recursive type A", "line 1: A refers to B", "line 2: B refers to A"}},
		{[]string{"func f() {}\n\nfunc f() {}"}, []string{"line 3:6: f redeclared in this block", "line 1: other declaration of f"}},
		{[]string{"f := 1\nfunc f() {}"}, []string{"line 1:1: f redeclared in this block", "line 2: other declaration of f"}},
		{[]string{"switch 1 {\ncase 2:\ncase 2:\n}"}, []string{"line 3:6: duplicate case 2 (constant of type int) in expression switch", "line 2: previous case"}},
	} {
		p := livetest.NewPaper(t)
		var rejected error
		for _, code := range c.cells {
			_, rejected, _ = p.Cell(code)
		}
		if rejected == nil || !slices.Equal(strings.Split(strings.TrimPrefix(rejected.Error(), "cell 1, "), "\n\t"), c.says) {
			t.Errorf("%q: says %v, want %q", c.cells, rejected, c.says)
		}
	}
}
