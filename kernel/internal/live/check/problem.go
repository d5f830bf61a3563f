package check

import (
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// blame returns the declaration, compiled again for the cell's sake, that a problem is in;
// nil if one is in the cell itself.
func (c *Cell) blame(problems cell.Problems) *program.Declaration {
	for _, p := range problems {
		if p.Unit == c.Source.Unit || p.Unit == 0 {
			return nil
		}
	}
	for _, d := range c.again {
		first, _ := cell.Place(d.Source.Text, d.Source.Chunks[d.Chunk].Start)
		last, _ := cell.Place(d.Source.Text, d.Source.Chunks[d.Chunk].End)
		if p := problems[0]; p.Unit == d.Source.Unit && first <= p.Line && p.Line <= last {
			return d
		}
	}
	return nil
}

// problem returns the type checker's problem with one of the cell's files.
func (c *Cell) problem(err types.Error) cell.Problem {
	message := c.Program.Said(err.Msg)
	if name, ok := strings.CutSuffix(message, " not in selector"); ok {
		message = name + " without selector" // as the compiler says it
	}
	for _, f := range c.Files {
		if f.Has(err.Pos) {
			line, column := cell.Place(f.Source.Text, f.Offset(err.Pos))
			return cell.Problem{Cell: f.Source.Number, Line: line, Column: column, Message: message, Unit: f.Source.Unit}
		}
	}
	return cell.Problem{Message: message}
}
