package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// The statements of a cell become a function. Its variables are the function's own, so
// closures and goroutines hold them as in any function. Each is put into its slot as soon
// as it is declared:
//
//	x := f()            x := f(); x·slot = &x
//
//	x := f()            x := f(); x·slot = &x
//
// Variables of earlier cells are reached through pointers taken from their slots when the
// cell begins: whatever the cell leaves running continues with the variables that it found,
// even if they are declared again later.

// run returns the function that runs the cell: declarations that are moved first, init
// functions, statements, main and tests.
func (w *writer) run() (string, error) {
	bound := map[*program.Thing]bool{}
	names := w.names()
	names.Value = func(t *program.Thing) string {
		bound[t] = true
		return "(*" + t.Bound() + ")"
	}
	first, err := w.firstOnes(names)
	if err != nil {
		return "", err
	}
	statements, err := w.statementText(names)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "func %s() {\n", w.runName())
	var pointers []*program.Thing
	for t := range bound {
		pointers = append(pointers, t)
	}
	slices.SortFunc(pointers, func(a, b *program.Thing) int { return strings.Compare(a.Symbol, b.Symbol) })
	for _, t := range pointers {
		fmt.Fprintf(&b, "\t%s := %s\n", t.Bound(), t.Slot())
	}
	b.WriteString(first + "//line frame.go:1\n") // the code around the cell's has none of its lines
	for _, init := range w.inits {
		fmt.Fprintf(&b, "\t%s()\n", init)
	}
	b.WriteString(lineDirective(w.cell.Source.Number, 1) + statements + "\n")
	b.WriteString("//line frame.go:1\n")
	for _, t := range w.entry.Made {
		if t.Name == "main" && t.Class == program.Function {
			fmt.Fprintf(&b, "\t%s()\n", t.Symbol)
		}
	}
	if w.cell.Source.Tests {
		fmt.Fprintf(&b, "\t%s.Test(%s)\n", w.alias(hostPackage), w.tests())
	}
	b.WriteString("}\n")
	return b.String(), nil
}
