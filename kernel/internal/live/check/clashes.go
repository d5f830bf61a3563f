package check

import (
	"go/types"
	"strconv"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// clashLimit is how many names declared by two imports are reported, as by the compiler.
const clashLimit = 10

// clashes returns the problems with imports of the cell that give a name two meanings, both
// packages or both from dot imports, whether the name is used or not.
func (c *Cell) clashes() (problems cell.Problems) {
	paths := map[string]string{}
	for _, spec := range c.Declarations.AST.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		pkg, err := c.Imports.Import(path)
		if err != nil {
			continue
		}
		names, at := []string{pkg.Name()}, spec.Path.Pos()
		if spec.Name != nil {
			names, at = []string{spec.Name.Name}, spec.Name.Pos()
		}
		switch names[0] {
		case "_":
			continue
		case ".":
			names = c.Imports.Exported(path)
		}
		for _, name := range names {
			if other, ok := paths[name]; ok && other != path {
				problems = append(problems, c.problem(types.Error{Pos: at, Msg: name + " redeclared in this block"}))
			}
			paths[name] = path
		}
	}
	if len(problems) > clashLimit {
		last := problems[clashLimit]
		last.Message = "too many errors"
		problems = append(problems[:clashLimit], last)
	}
	return problems
}
