// Package check determines what a cell means, given everything that the session has
// declared.
//
// All cells of a session form one package, main. Go's type checker sees the part of it that
// the compiler will see: the cell's own declarations, its statements as the body of a
// function, and what the cell uses of earlier cells in the smallest form that works: types
// as they were, functions without bodies, variables without values.
//
//	check       rounds of checking, until it is known what must be compiled again
//	cell        the result; own: the names that the cell declares
//	judge       problems that are not the cell's: what stays as it was
//	begin       the cell parsed; local, keep: what is a statement, what exists already
//	first       what is moved before the statements: order, what the checker needs early, with
//	            mentions, which variables names mean, and within, what a declaration needs of
//	            itself; arrange: what else; part: the pieces; take: whether one can be moved
//	reach       what code does with variables; touch, changed, unseen: where they stand
//	replaces    what the cell replaces; stays: values that keep a type; shadow: types with
//	            names that variables have
//	given       names of Go's own and of dot imports that variables have; marked: the names
//	            that mean these; dots: what names mean by dot imports; outernames: names that
//	            no function declares
//	round       one round: fresh, variables of the cell that functions refer to; grown, types
//	            that get methods
//	imported    what a package's name means to earlier declarations; clashes: two imports of
//	            a cell with one name
//	typecheck   the type checker is run; earlier, imports: its input, renaming: under other
//	            names; embedded, variables: its results; broken: what is repeated and does not
//	            compile; cycles: of initial values; room: what is too large; last: the value to
//	            show; problem: what is wrong, and where
//	stays       a warning for variables that keep a type as it was
//	tests       functions that have a test's name and are not tests
//	sketch      a cell that is being typed
package check

import (
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Check determines what the names of a cell mean in the program, which it does not change.
// Its error is [cell.Problems].
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
			return nil, c.reported(first, problems)
		case d == nil && c.dropStale(): // the cell may be right without what is tried again
		case d == nil:
			return nil, c.reported(first, problems)
		case c.unkeep([]*program.Declaration{d}): // the declaration is the cell's own
			c.replaces(replaced)
		default:
			c.drop(d, why)
		}
		c.again = c.stale(replaced, dropped)
	}
}

// roundLimit is how often a cell is checked with more declarations compiled again.
const roundLimit = 100
