package emit

import (
	"fmt"
	"go/types"
	"maps"
	"runtime"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// repeated returns the code that repeats what the cell uses of earlier cells.
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
			w.room(&b, t)
		}
	}
	return b.String()
}

// roomMethod begins the name of a method that all types of cells have. It gives the
// descriptors of T, of *T and of unnamed struct types that embed T a method table, to which
// the methods of later cells can be added. The name differs from type to type, because a
// struct that embeds two types with the same method has neither.
const roomMethod = "\U00010597room" // not exported

// roomLimit is the size in bytes from which only *T has the room method: a method of T
// would need a stack frame of that size.
const roomLimit = 1 << 20

func (w *writer) room(b *strings.Builder, t *program.Thing) {
	if !t.Roomy {
		return
	}
	receiver := t.Symbol
	if t.Params > 0 {
		receiver += "[" + strings.Repeat("_, ", t.Params-1) + "_]"
	} else if of := w.Object(t).Type(); isIncomplete(of) {
		receiver = "*" + receiver
		for e := range w.embeds(of) { // a method of *T hides that of the embedded type, which T would have with its value on a stack
			fmt.Fprintf(b, "func (%s) %s%s() {}\n", receiver, roomMethod, e.Symbol)
		}
	} else if n := sizes.Sizeof(of); n < 0 || n > roomLimit {
		receiver = "*" + receiver
	}
	fmt.Fprintf(b, "func (%s) %s%s() {}\n", receiver, roomMethod, t.Symbol)
}

// embeds returns the types of cells that a struct type embeds, each once.
func (w *writer) embeds(t types.Type) map[*program.Thing]bool {
	all := map[*program.Thing]bool{}
	var visit func(t types.Type)
	visit = func(t types.Type) {
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return
		}
		for f := range s.Fields() {
			if !f.Embedded() {
				continue
			}
			of := f.Type()
			if p, ok := of.(*types.Pointer); ok {
				of = p.Elem()
			}
			if named, ok := types.Unalias(of).(*types.Named); ok {
				if e := w.Things[named.Origin().Obj()]; e != nil && !all[e] {
					all[e] = e.Roomy
					visit(named)
				}
			}
		}
	}
	visit(t)
	maps.DeleteFunc(all, func(_ *program.Thing, roomy bool) bool { return !roomy })
	return all
}

var sizes = types.SizesFor("gc", runtime.GOARCH)
