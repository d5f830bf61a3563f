package check

import "github.com/sdtlab/sdtlab/kernel/internal/live/cell"

// takeFirst moves the declarations first that a round has shown to be needed early, and
// reports whether there were any. The problems are those of the round or, if there are
// none, the declarations that are needed early and cannot be moved.
func (c *Cell) takeFirst(problems cell.Problems) (moved bool, left cell.Problems) {
	if c.Info == nil {
		return false, problems
	}
	before := len(c.first)
	if !c.lookAhead() && len(problems) == 0 {
		problems = c.arrange()
	}
	if len(c.first) == before {
		return false, problems
	}
	if problems := c.parseStatements(); problems != nil {
		return false, problems
	}
	c.findOwn()
	return true, nil
}

// parseStatements parses the statements, and the declarations among them that are moved
// first as a separate file.
func (c *Cell) parseStatements() cell.Problems {
	if len(c.first) == 0 {
		return nil
	}
	var err error
	if c.First, err = c.Source.ParseVariables(c.fset, func(i int, _ cell.Chunk) bool { return c.first[i] }); err != nil {
		return cell.ParserProblems(c.First, err)
	}
	c.Statements, err = c.Source.Parse(c.fset, true, func(i int, k cell.Chunk) bool { return k.Kind == cell.Instructing && !c.first[i] })
	if err != nil {
		return cell.ParserProblems(c.Statements, err)
	}
	return nil
}
