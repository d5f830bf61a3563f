package check

import (
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// The cell's own code is judged without what does not compile of earlier cells. A method that
// is tried again may hide a field of its name, a function that cannot be as it is written may
// want values of other types: so a declaration that has a problem is dropped, and the cell is
// checked once more, whether it has problems itself or not.

// blame returns a declaration, compiled again for the cell's sake, that has one of the
// problems, and what that says; nil if none has. What stayed as it was before comes first.
func (c *Cell) blame(problems cell.Problems) (d *program.Declaration, why string) {
	for _, p := range problems {
		if of := c.declarationAt(p); of != nil && (d == nil || of.Stale && !d.Stale) {
			d, why = of, p.Message
		}
	}
	return d, why
}

// declarationAt returns the declaration, compiled again for the cell's sake, that a problem is
// in; nil if it is in the cell.
func (c *Cell) declarationAt(p cell.Problem) *program.Declaration {
	for _, d := range c.again {
		if p.Unit == d.Source.Unit && covers(d, p.Line, p.Column) {
			return d
		}
	}
	return nil
}

// covers tells whether a declaration is at a place of its cell.
func covers(d *program.Declaration, line, column int) bool {
	chunk := d.Source.Chunks[d.Chunk]
	fromLine, from := cell.Place(d.Source.Text, chunk.Start)
	toLine, to := cell.Place(d.Source.Text, chunk.End)
	return (line > fromLine || line == fromLine && column >= from) && (line < toLine || line == toLine && column <= to)
}

// drop lets a declaration stay as it was, and says why.
func (c *Cell) drop(d *program.Declaration, why string) {
	c.dropped[d] = true
	why, _, _ = strings.Cut(why, "\n") // not what explains it
	switch {
	case d.Stale: // which was said
	case c.IsGone(d):
		c.Warnings = append(c.Warnings, d.String()+" is not there until it compiles: "+why)
	default:
		c.Warnings = append(c.Warnings, d.String()+" stays as it was: "+why)
	}
}

// dropStale lets all stay as it was that did so before. It tells whether there was any.
func (c *Cell) dropStale() (found bool) {
	for _, d := range c.again {
		if d.Stale {
			c.dropped[d], found = true, true
		}
	}
	return found
}

// told returns the problems that the user is told: those which the cell has with what is
// compiled again and without it, or, if there are none, what is left, and what stayed as it
// was.
func (c *Cell) told(first, last cell.Problems) cell.Problems {
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
