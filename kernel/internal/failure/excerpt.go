package failure

import (
	"fmt"
	"strings"
)

// Excerpt returns the code around one line (counted from 1), numbered, with that line
// marked and up to two lines on either side. It is empty if source has no such line.
func Excerpt(source string, line int) string {
	lines := strings.Split(strings.TrimRight(source, "\n"), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	var b strings.Builder
	for n := max(1, line-2); n <= min(len(lines), line+2); n++ {
		mark := "  "
		if n == line {
			mark = "> "
		}
		fmt.Fprintf(&b, "%s%3d | %s\n", mark, n, strings.ReplaceAll(lines[n-1], "\t", "    "))
	}
	return b.String()
}
