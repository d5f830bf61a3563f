package emit

import "github.com/sdtlab/sdtlab/kernel/internal/live/program"

// Output is the package of a cell, to be compiled and linked.
type Output struct {
	Files    map[string]string // by name
	Imports  []string          // import paths
	Entry    *program.Entry    // what the cell declares, for [program.Program.Adopt]
	Warnings []string
	// Symbols, as the linker knows them.
	Defined   []string          // what later cells may refer to
	Elsewhere []string          // variables that the package declares and earlier cells have
	Renamed   map[string]string // methods that go by another name among the cells
	Grown     []string          // types of earlier cells that have other methods by this one
	Run       string            // the function that runs the cell
}
