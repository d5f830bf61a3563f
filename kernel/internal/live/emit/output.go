package emit

import "github.com/sdtlab/sdtlab/kernel/internal/live/program"

// Output is the package of a cell, to be compiled and linked.
type Output struct {
	Files    map[string]string // by name
	Imports  []string          // import paths
	Entry    *program.Entry    // what the cell declares, for [program.Program.Adopt]
	Warnings []string
	// Symbols, in the linker's form:
	Defined   []string          // symbols that later cells may refer to
	Elsewhere []string          // variables that the package declares although earlier cells have them
	Renamed   map[string]string // methods with another name among the cells
	Grown     []string          // types of earlier cells with methods that this cell changes
	Run       string            // the function that runs the cell
}
