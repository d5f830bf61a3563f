// Package emit writes the Go package that is compiled for a checked cell, and records what
// the cell adds to the program.
//
//	write         the files in turn; output: the result
//	writer        the shared state; file: imports; edit: changes to the cell's text
//	enter         the things that the cell declares; enterdeclaration, inline: how they are
//	              repeated later; calls, dynamic: which methods they call
//	instances     types that get methods later; instantiation, substitute: those that generic
//	              functions create; linkname: the linker's name for a type; localtypes: types
//	              that do not get methods later
//	earlier       what is repeated of earlier cells
//	declarations  the cell's own, outside of the statements
//	run           the function that runs the cell: first, statements, static; shows, tests
//	frame         slots, and what the worker must know: flags
//	symbols       instructions for the linker
package emit

import (
	"fmt"
	"go/types"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Write returns the package that is compiled for a cell. It must be called once for each
// cell that is to run, in the order of the cells, because the program's Guard learns of the
// cell's functions. Names and their meanings do not change until [program.Program.Adopt].
func Write(c *check.Cell) (*Output, error) {
	w := &writer{
		Meaning: c.Meaning, cell: c, aliases: map[string]string{}, variables: map[types.Object]*program.Thing{}, locals: map[types.Object]bool{}, static: map[string]bool{},
		out:   &Output{Files: map[string]string{}, Renamed: map[string]string{}, Warnings: slices.Clone(c.Warnings)},
		entry: &program.Entry{Source: c.Source, Imports: c.Imports, Named: c.Named, Stays: c.Dropped()},
	}
	w.Things = maps.Clone(c.Things)
	w.out.Entry = w.entry
	w.enter()
	w.file("earlier.go", w.repeated())
	for i, f := range c.Files[1:] {
		if f == c.First {
			continue
		}
		text, err := w.declarations(f, i == 0)
		if err != nil {
			return nil, err
		}
		w.file(fmt.Sprintf("part%d.go", i), text)
	}
	text, err := w.run()
	if err != nil {
		return nil, err
	}
	w.file("statements.go", text)
	w.file("frame.go", w.frame())
	w.symbols()
	w.out.Run = "main." + w.runName()
	return w.out, nil
}
