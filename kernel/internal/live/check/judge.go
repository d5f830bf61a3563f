package check

import (
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// The cell's own code is judged without the earlier declarations that no longer compile. A
// method that is tried again may hide a field of its name, and a function that fails in its
// present form may expect values of other types: so a declaration with a problem is
// dropped, and the cell is checked once more, whether it has problems itself or not.

// blame returns a declaration, compiled again for the cell's sake, with one of the
// problems, and that problem's message; nil if there is none. Declarations that failed
// before come first.
func (c *Cell) blame(problems cell.Problems) (d *program.Declaration, why string) {
	for _, p := range problems {
		if of := c.declarationAt(p); of != nil && (d == nil || of.Stale && !d.Stale) {
			d, why = of, p.Message
		}
	}
	return d, why
}

// declarationAt returns the declaration, compiled again for the cell's sake, that contains
// a problem; nil if the problem is in the cell.
func (c *Cell) declarationAt(p cell.Problem) *program.Declaration {
	for _, d := range c.again {
		if p.Unit == d.Source.Unit && covers(d, p.Line, p.Column) {
			return d
		}
	}
	return nil
}

// covers reports whether a declaration contains a place of its cell.
func covers(d *program.Declaration, line, column int) bool {
	chunk := d.Source.Chunks[d.Chunk]
	fromLine, from := cell.Place(d.Source.Text, chunk.Start)
	toLine, to := cell.Place(d.Source.Text, chunk.End)
	return (line > fromLine || line == fromLine && column >= from) && (line < toLine || line == toLine && column <= to)
}

// drop leaves a declaration as it was, and says why.
func (c *Cell) drop(d *program.Declaration, why string) {
	c.dropped[d] = true
	why, _, _ = strings.Cut(why, "\n") // without the explanatory lines
	switch {
	case d.Stale: // already reported
	case c.IsGone(d):
		c.Warnings = append(c.Warnings, d.String()+" is unavailable until it compiles: "+why)
	default:
		c.Warnings = append(c.Warnings, d.String()+" stays as it was: "+why)
	}
}

// dropStale leaves every declaration as it was that failed before. It reports whether there
// were any.
func (c *Cell) dropStale() (found bool) {
	for _, d := range c.again {
		if d.Stale {
			c.dropped[d], found = true, true
		}
	}
	return found
}

// reported returns the problems that the user sees: those that the cell has both with and
// without what is compiled again or, if there are none, the last ones and the warnings.
func (c *Cell) reported(first, last cell.Problems) cell.Problems {
	var both cell.Problems
	for _, p := range last {
		if slices.ContainsFunc(first, func(f cell.Problem) bool { return f.Unit == p.Unit && f.Line == p.Line && f.Column == p.Column }) {
			both = append(both, p)
		}
	}
	if len(both) > 0 {
		return both
	}
	if len(c.Warnings) > 0 {
		last[len(last)-1].Message += "\n" + strings.Join(c.Warnings, "\n")
	}
	return last
}
