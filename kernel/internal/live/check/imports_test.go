package check_test

import (
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestImportsAnywhere checks that imports may come after other declarations, as README
// says.
func TestImportsAnywhere(t *testing.T) {
	for _, code := range []string{
		"func f() {}\nimport \"strings\"\nstrings.ToUpper(\"a\")",
		"type T int\nimport s \"strings\"\ns.ToUpper(\"a\")",
		"const c = 1; import s \"strings\"; s.ToUpper(\"a\")",
	} {
		if _, rejected, broken := livetest.NewPaper(t).Cell(code); rejected != nil || broken != nil {
			t.Errorf("%s: %v, %v", code, rejected, broken)
		}
	}
}
