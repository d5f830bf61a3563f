package emit

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// hostPackage is the package that cells call in the process that runs them.
const hostPackage = "github.com/sdtlab/sdtlab/kernel/internal/live/host"

// Each cell has its own flag, which its code checks.
const (
	stopName    = "stop" + mark.Letter
	stoppedName = "stopped" + mark.Letter
	checkStop   = "if " + stopName + ".Up() { " + stoppedName + "() }"
)

// writer writes the package of a checked cell. Names keep their lines.
type writer struct {
	names.Meaning
	cell      *check.Cell
	entry     *program.Entry
	out       *Output
	variables map[types.Object]*program.Thing // of the cell; nil for those that later cells cannot use
	locals    map[types.Object]bool           // objects that keep their own names among the statements
	statics   []*ast.ValueSpec                // of variables that may not be on the heap
	static    map[string]bool                 // these variables
	checks    []guard.Insertion               // places where the code checks whether it should stop
	aliases   map[string]string               // of packages, over all files
	used      map[string]bool                 // packages that the file being written uses
	inits     []string                        // functions that run before the statements
}

// lineDirective makes the compiler report a cell's lines.
func lineDirective(cell, line int) string { return fmt.Sprintf("//line cell[%d]:%d\n", cell, line) }

// refs returns the names in a file that may have to be written differently.
func (w *writer) refs(f *cell.File) []program.Ref {
	if f == w.cell.Statements || f == w.cell.First {
		return w.Refs(f, w.locals, w.checks)
	}
	return w.Refs(f, nil, w.checks)
}

// edits returns the edits for the names of a file.
func (w *writer) edits(f *cell.File, names *program.Writing) []edit {
	edits := w.staticEdits(f, names)
	heads := len(edits)
	for _, r := range w.refs(f) {
		if slices.ContainsFunc(edits[:heads], func(e edit) bool { return e.start <= r.From && r.To <= e.end }) {
			continue
		}
		if text := names.Put(r); text != f.Text[r.From:r.To] {
			edits = append(edits, edit{r.From, r.To, text})
		}
	}
	return edits
}

// runName returns the name of the function that runs the cell: main, with marks.
func (w *writer) runName() string {
	return mark.Version(mark.Version("main", w.Unit), 0)
}
