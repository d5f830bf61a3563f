package check

import (
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// round checks with what is known so far, and a second time if functions can refer to
// variables whose types the first check has found, or convert to types that variables
// shadow.
func (c *Cell) round() cell.Problems {
	c.Files, c.before = []*cell.File{c.Statements, c.Declarations}, map[*cell.File]*program.Declaration{}
	if c.First != nil {
		c.Files = append(c.Files, c.First)
	}
	c.findShadowed()
	for _, d := range c.again {
		f, err := d.Source.Parse(c.fset, false, func(i int, _ cell.Chunk) bool { return i == d.Chunk })
		if err != nil {
			return cell.ParserProblems(f, err)
		}
		c.before[f] = d
		c.keepPackages(f, d)
		c.Files = append(c.Files, f)
		c.shadowedIn(f, d)
	}
	c.Fresh, c.broken = nil, map[*program.Declaration]bool{}
	restore := func() {}
	defer func() { restore() }()
	problems := c.types()
	if c.findConversions() {
		problems = c.types()
	}
	if c.Fresh = c.freshOnes(); len(c.Fresh) > 0 {
		restore = c.pointBack()
		problems = c.types()
		if len(problems) == 0 {
			problems = c.early()
		}
	}
	problems = append(problems, c.redeclared()...)
	if len(problems) == 0 {
		c.extra = c.changed()
		if len(c.Instances) > 0 || slices.ContainsFunc(c.extra, func(t *program.Thing) bool { return !slices.Contains(c.Earlier, t) }) {
			problems = c.types()
		}
	}
	return problems
}

// redeclared returns the problems with variables of the statements that are also declared
// outside of them: to the checker, the statements are a block of their own.
func (c *Cell) redeclared() (problems cell.Problems) {
	for _, v := range c.Variables {
		if c.own[v.Name] && !v.First {
			again := c.problem(types.Error{Pos: v.pos, Msg: v.Name + " redeclared in this block"})
			if o := c.Declared(v.Name); o != nil {
				again.Message += c.explains(o.Pos(), "other declaration of "+v.Name)
			}
			problems = append(problems, again)
		}
	}
	return problems
}
