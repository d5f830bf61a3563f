// Package mark makes the longer names that redeclared names get in compiled cells, and
// removes the marks again from what is shown.
//
// All cells are one package, in which a name stands for one thing. What a cell declares
// again is another thing with the same name, so it is compiled under a longer one: the name
// and a mark that nobody types. The toolchain removes the mark from every name that
// reflection or a stack trace can show.
package mark

import (
	"strconv"
	"strings"
)

// Letter begins and ends a mark. It belongs to a script that nobody types (Vithkuqi), and
// Go's scanner accepts it as a letter.
const Letter = "\U00010570"

// Version returns the compiled name of a thing that the cell declares under a name already
// in use.
func Version(name string, cell int) string { return name + Letter + strconv.Itoa(cell) + Letter }

// Strip returns a text without marks.
func Strip(text string) string {
	return Replace(text, func(int) string { return "" })
}

// Replace returns a text in which each mark is replaced by the result of with for its cell.
func Replace(text string, with func(cell int) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, Letter)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inner, after, ok := strings.Cut(rest, Letter)
		cell, err := strconv.Atoi(inner)
		if !ok || err != nil {
			text = rest // a letter that begins no mark
			continue
		}
		b.WriteString(with(cell))
		text = after
	}
}
