package emit

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// repeated returns what the cell uses of earlier cells.
func (w *writer) repeated() string {
	var b strings.Builder
	again := &program.Repetition{
		Names: w.names(), Variable: "var %s *%s\n", Skip: w.cell.ReplacesMethod,
		Whole: func(d *program.Declaration) bool { return !w.cell.Stays(d) },
		At:    func(src *cell.Source, line int) string { return lineDirective(src.Number, line) },
	}
	for _, t := range w.cell.Earlier {
		if w.cell.IsGone(t.Declaration) {
			continue
		}
		again.Write(&b, t)
		if t.Class == program.Type {
			room(&b, t)
		}
	}
	return b.String()
}

// roomMethod is a method that all types of cells have, so that the descriptors of T and *T
// both have a table of methods, which those of later cells can be added to.
const roomMethod = "\U00010597room" // not exported

func room(b *strings.Builder, t *program.Thing) {
	if !t.Roomy {
		return
	}
	params := ""
	if t.Params > 0 {
		params = "[" + strings.Repeat("_, ", t.Params-1) + "_]"
	}
	fmt.Fprintf(b, "func (*%s%s) %s() {}\n", t.Symbol, params, roomMethod)
}
