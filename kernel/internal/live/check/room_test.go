package check_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

// TestNoRoom checks that a variable too large for a program is rejected, in the words of
// Go's linker: there may be no memory for it, which would end the process, and all values
// with it.
func TestNoRoom(t *testing.T) {
	for _, c := range []struct{ code, says string }{
		{"var v [1 << 40]byte", "line 1:5: main.v: symbol too large (1099511627776 bytes > 2000000000 bytes)"},
		{"type T struct{ a [1 << 33]byte }\nvar u, v T", "line 2:8: main.v: symbol too large (8589934592 bytes > 2000000000 bytes)"},
		{"func init() { v[0] = 1 }\nvar v [1 << 33]byte", "line 2:5: main.v: symbol too large"},
		{"v := [1 << 33]byte{}", "line 1:1: main.v: symbol too large"},
		{"var v [1 << 30]byte", ""},
		{"v := new([1 << 31]byte)", ""},
		{"func f() int { var v *[1 << 40]byte; return len(v) }", ""},
	} {
		_, rejected, broken := livetest.NewPaper(t).Cell(c.code)
		says := ""
		if rejected != nil {
			says = rejected.Error()
		}
		if broken != nil || !strings.Contains(says, c.says) || (says == "") != (c.says == "") {
			t.Errorf("%s: says %q, want %q; %v", c.code, says, c.says, broken)
		}
	}
}
