package check

import (
	"fmt"
	"go/types"
	"runtime"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

const (
	// symbolLimit is the size in bytes that Go's linker allows for a package-level
	// variable. A cell's variables are on the heap; but the process, and all values with
	// it, would end if it has no memory for one.
	symbolLimit = 2_000_000_000
	// spaceLimit is the compiler's limit for a type, in bytes. It reports larger ones
	// itself.
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
