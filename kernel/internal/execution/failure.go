package execution

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// CellError says which cell failed, where and why.
type CellError struct {
	notebook string
	cell     int              // the n-th code cell that is not blank
	cells    []*nbformat.Cell // all code cells that are not blank
	failure  failure.Failure
	cause    error // not nil if the kernel failed rather than the cell
}

// Unwrap returns why the kernel failed; nil if the cell did.
func (e *CellError) Unwrap() error { return e.cause }

// Error returns the notebook, the cell, the reasons, the line and the code around it.
func (e *CellError) Error() string {
	var b strings.Builder
	verb := "failed"
	if e.failure.Compiling {
		verb = "does not compile"
	}
	fmt.Fprintf(&b, "%s: cell %d %s", e.notebook, e.cell, verb)
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
		return b.String()
	}
	for i, r := range e.failure.Reasons {
		if i == 8 {
			fmt.Fprintf(&b, "\n  and %d more", len(e.failure.Reasons)-i)
			break
		}
		b.WriteString("\n  " + printable(r))
	}
	if len(e.failure.Places) == 0 {
		return b.String()
	}
	at := e.failure.Places[0]
	fmt.Fprintf(&b, "\n  at cell %d, line %d", at.Cell, at.Line)
	for _, p := range e.failure.Places {
		if p.Cell == e.cell && at.Cell != e.cell {
			fmt.Fprintf(&b, ", called from cell %d, line %d", p.Cell, p.Line)
			break
		}
	}
	if at.Cell >= 1 && at.Cell <= len(e.cells) {
		code := strings.TrimRight(failure.Excerpt(e.cells[at.Cell-1].Source, at.Line), "\n")
		for l := range strings.Lines(code) {
			b.WriteString("\n    " + printable(l))
		}
	}
	return b.String()
}
