package emit

import (
	"fmt"
	"sort"
	"strings"
)

// edit replaces bytes of a text.
type edit struct {
	start, end int
	text       string
}

// apply applies the edits, which may not overlap. Of two insertions at one place, the one
// that was added first comes first.
func apply(text string, edits []edit) (string, error) {
	sort.SliceStable(edits, func(i, j int) bool {
		a, b := edits[i], edits[j]
		return a.start < b.start || a.start == b.start && a.end == a.start && b.end > b.start // insertions go first
	})
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.start < at {
			return "", fmt.Errorf("two edits of %q", text[e.start:e.end])
		}
		b.WriteString(text[at:e.start] + e.text)
		at = e.end
	}
	return b.String() + text[at:], nil
}
