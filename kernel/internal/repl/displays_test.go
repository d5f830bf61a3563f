package repl

import (
	"fmt"
	"strings"
	"testing"
)

// TestDisplaysInOrder checks that gonbui's displays and printed text arrive in the order in
// which the cell made them, by all ways of printing.
func TestDisplaysInOrder(t *testing.T) {
	l := newTester(t, options(t))
	var want strings.Builder
	const turns = 300
	for i := range turns {
		fmt.Fprintf(&want, "p %d\n<d%d>e %d\n<f%d>q %d\n<%s>", i, i, i, i, i, strings.Repeat("long", 50000))
	}
	got, failure := l.run(fmt.Sprintf(`long := strings.Repeat("long", 50000)
for i := range %d {
	fmt.Println("p", i)
	gonbui.DisplayHTML(fmt.Sprint("d", i))
	fmt.Fprintln(os.Stderr, "e", i)
	gonbui.DisplayHTML(fmt.Sprint("f", i))
	println("q", i)
	gonbui.DisplayHTML(long)
}`, turns))
	if failure != nil || got != want.String() {
		for i := range got {
			if i >= want.Len() || got[i] != want.String()[i] {
				from := max(0, i-60)
				t.Fatalf("%v; at %d of %d: %.120q, want %.120q", failure, i, want.Len(), got[from:], want.String()[from:])
			}
		}
		t.Fatalf("%v: %d bytes, want %d", failure, len(got), want.Len())
	}
}
