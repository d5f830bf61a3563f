package check

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// problem returns the type checker's problem with one of the cell's files.
func (c *Cell) problem(err types.Error) cell.Problem {
	message := c.Program.Said(err.Msg)
	if name, ok := strings.CutSuffix(message, " not in selector"); ok {
		message = name + " without selector" // as the compiler says it
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

// placeInFile is a place in what [cell.FileName] names.
var placeInFile = regexp.MustCompile(`\b(cell/\d+):(\d+)(:\d+)?`)

// problemAtStart returns a problem with the cell that has no place in it: it is told of the
// first thing in it.
func (c *Cell) problemAtStart(message string) cell.Problem {
	offset := 0
	if tokens := cell.Lex(c.Source.Text); len(tokens) > 0 {
		offset = tokens[0].At
	}
	line, column := cell.Place(c.Source.Text, offset)
	return cell.Problem{Cell: c.Source.Number, Line: line, Column: column, Message: message, Unit: c.Source.Unit}
}

// reserved returns the problems with variables of the statements that have a name which Go
// keeps for functions: later cells could not mention them.
func (c *Cell) reserved() (problems cell.Problems) {
	for _, v := range c.Variables {
		if !v.First && (v.Name == "main" || v.Name == "init") {
			problems = append(problems, c.problem(types.Error{Pos: v.pos, Msg: "cannot declare " + v.Name + " - must be func"}))
		}
	}
	return problems
}

// explains returns a line that explains a problem, of a place in the cells.
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

// SourceAt returns the cell that has a place, and the line; nil if it is no cell's.
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
