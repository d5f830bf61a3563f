package check

import (
	"fmt"
	"go/types"
	"runtime"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

const (
	// symbolLimit is how many bytes Go's linker has for a variable of a package. A cell's are on
	// the heap; but the process, and all values with it, would end where there is no memory for one.
	symbolLimit = 2_000_000_000
	// spaceLimit is how many the compiler has for a type. What is said of larger ones is its own.
	spaceLimit = 1 << 50
)

var sizes = types.SizesFor("gc", runtime.GOARCH)

// noRoom returns the problems with variables of the cell that are too large for a program.
func (c *Cell) noRoom() (problems cell.Problems) {
	for _, v := range c.Variables {
		if size := sizes.Sizeof(v.Type); size > symbolLimit && size < spaceLimit {
			problems = append(problems, c.problem(types.Error{Pos: v.pos, Msg: fmt.Sprintf("main.%s: symbol too large (%d bytes > %d bytes)", v.Name, size, symbolLimit)}))
		}
	}
	return problems
}
