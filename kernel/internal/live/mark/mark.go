// Package mark makes the names that a second meaning of a name has in compiled cells, and
// takes them back out of what is shown.
//
// All cells are one package, in which a name stands for one thing. What is declared again
// is another thing with the same name, so it is compiled under a longer one: the name, and
// a mark that nobody writes. The toolchain takes the mark out of every name that reflection
// or a stack trace can show.
package mark

import (
	"strconv"
	"strings"
)

// Letter begins and ends a mark. It is of an alphabet that nobody writes (Vithkuqi), and a
// letter to Go's scanner.
const Letter = "\U00010570"

// Version returns the name that the thing of a cell has which takes a name that was taken.
func Version(name string, cell int) string { return name + Letter + strconv.Itoa(cell) + Letter }

// Strip returns a text without marks.
func Strip(text string) string {
	return Replace(text, func(int) string { return "" })
}

// Replace returns a text in which each mark is replaced by what with returns for its cell.
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
			text = rest // a letter that is no mark
			continue
		}
		b.WriteString(with(cell))
		text = after
	}
}
