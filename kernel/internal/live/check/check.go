// Package check says what a cell means, next to all that the session has declared.
//
// All cells of a session are one package, main. Go's type checker sees of it what the
// compiler will see: the cell's own declarations, its statements as the body of a function,
// and of earlier cells what the cell uses, in the least form that does: types as they were,
// functions without body, variables without value.
//
//	check       rounds of checking, until it is known what is compiled again
//	cell        what is found out; own: the names that the cell declares
//	judge       problems that are not the cell's: what stays as it was
//	begin       the cell parsed; local, keep: what is a statement, what is there already
//	first       what is taken before the statements: order, what the checker needs early, by way
//	            of mentions, which variables names mean, and within, what a declaration needs of
//	            itself; arrange: what else; part: of what; take: whether it can be
//	reach       what code does with variables; touch, changed, unseen: where they stand
//	replaces    what the cell takes the place of; stays: values that keep a type; shadow: types
//	            whose names variables have
//	given       names of Go's own and of dot imports that variables have; marked: what means
//	            these; dots: what names mean by dot imports; outernames: names that no function
//	            declares
//	round       one round: fresh, variables of the cell that functions refer to; grown, types
//	            that get methods
//	imported    what a package's name means to what was declared before; clashes: two imports
//	            of a cell by one name
//	typecheck   the type checker is run; earlier, imports: what it is told, renaming: by other
//	            names; embedded, variables:
//	            what it found; broken: what is repeated and does not compile; cycles: of initial
//	            values; room: what is too large; last: the value to show; problem: what is wrong, and where
//	stays       a warning of variables that keep a type as it was
//	tests       what is no test although it has a test's name
//	sketch      a cell that is being typed
package check

import (
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Check finds out what the names of a cell mean in the program. Its error is
// [cell.Problems]. The program does not change.
func Check(p *program.Program, src *cell.Source) (*Cell, error) {
	c, problems := begin(p, src)
	if problems != nil {
		return nil, problems
	}
	dropped := c.dropped
	replaced := program.NewChange()
	c.replaces(replaced)
	c.again = c.stale(replaced, dropped)
	var first cell.Problems
	for round := 0; ; round++ {
		problems := c.round()
		moved, problems := c.takeFirst(problems)
		if moved {
			c.replaces(replaced)
			c.again = c.stale(replaced, dropped)
			continue
		}
		if len(problems) == 0 && c.unkeep(c.again) {
			c.replaces(replaced)
			c.again = c.stale(replaced, dropped)
			continue
		}
		if len(problems) == 0 {
			c.retyped(replaced)
			again := c.stale(replaced, dropped)
			if slices.Equal(again, c.again) || round >= roundLimit {
				c.saysWhatStays()
				c.Warnings = append(c.Warnings, c.late...)
				c.saysWhatIsNoTest()
				return c, nil
			}
			c.again = again
			continue
		}
		if first == nil {
			first = problems
		}
		d, why := c.blame(problems)
		switch {
		case round >= roundLimit:
			return nil, c.told(first, problems)
		case d == nil && c.dropStale(): // the cell may be right without what is tried again
		case d == nil:
			return nil, c.told(first, problems)
		case c.unkeep([]*program.Declaration{d}): // it is the cell's
			c.replaces(replaced)
		default:
			c.drop(d, why)
		}
		c.again = c.stale(replaced, dropped)
	}
}

// roundLimit is how often a cell is checked with other declarations compiled again.
const roundLimit = 100
