package check

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// problem converts the type checker's problem with one of the cell's files.
func (c *Cell) problem(err types.Error) cell.Problem {
	message := c.Program.Said(c.plain(err.Msg))
	if name, ok := strings.CutSuffix(message, " not in selector"); ok {
		message = name + " without selector" // the compiler's wording
	}
	message = placeInFile.ReplaceAllStringFunc(message, func(place string) string {
		m := placeInFile.FindStringSubmatch(place)
		src := c.Program.SourceOf(cell.UnitOf(m[1]))
		if src == nil {
			return place
		}
		return fmt.Sprintf("cell %d, line %s", src.Number, m[2])
	})
	for _, f := range c.Files {
		if f.Has(err.Pos) {
			line, column := cell.Place(f.Source.Text, f.Offset(err.Pos))
			return cell.Problem{Cell: f.Source.Number, Line: line, Column: column, Message: message, Unit: f.Source.Unit}
		}
	}
	return c.problemAtStart(message)
}

// placeInFile matches a place in a file named by [cell.FileName].
var placeInFile = regexp.MustCompile(`\b(cell/\d+):(\d+)(:\d+)?`)

// problemAtStart returns a problem of the cell without a place of its own: it is reported
// at the start of the code.
func (c *Cell) problemAtStart(message string) cell.Problem {
	offset := 0
	if tokens := cell.Lex(c.Source.Text); len(tokens) > 0 {
		offset = tokens[0].At
	}
	line, column := cell.Place(c.Source.Text, offset)
	return cell.Problem{Cell: c.Source.Number, Line: line, Column: column, Message: message, Unit: c.Source.Unit}
}

// plain returns a message of the checker with the user's names in place of those that only
// the checker uses.
func (c *Cell) plain(message string) string {
	for _, t := range c.Earlier {
		if t.IsValue() && c.Program.Lookup(t.Name) == t && c.isGiven(t.Name) {
			message = strings.ReplaceAll(message, t.OldName(), t.Name)
		}
	}
	return mark.Replace(message, func(unit int) string {
		if unit == c.Unit {
			return ""
		}
		return mark.Version("", unit)
	})
}

// explains returns a line that explains a problem, with a place in the cells.
func (c *Cell) explains(at token.Pos, text string) string {
	src, line := c.SourceAt(at)
	switch {
	case src == nil:
		return "\n\t" + text
	case src.Unit != c.Source.Unit:
		return fmt.Sprintf("\n\tcell %d, line %d: %s", src.Number, line, text)
	}
	return fmt.Sprintf("\n\tline %d: %s", line, text)
}

// SourceAt returns the cell that contains a position, and the line; nil if it is in no
// cell.
func (c *Cell) SourceAt(p token.Pos) (src *cell.Source, line int) {
	for _, f := range c.Files {
		if f.Has(p) {
			line, _ := cell.Place(f.Source.Text, f.Offset(p))
			return f.Source, line
		}
	}
	at := c.fset.PositionFor(p, true)
	return c.Program.SourceOf(cell.UnitOf(at.Filename)), at.Line
}
