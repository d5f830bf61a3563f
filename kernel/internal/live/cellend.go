package live

import "strings"

// atCellEnd is what the parser says of the end of a cell, in the words of the cell: what is
// put behind its statements is not there.
func atCellEnd(message string) string {
	return strings.Replace(message, "found '}'", "found 'EOF'", 1)
}
