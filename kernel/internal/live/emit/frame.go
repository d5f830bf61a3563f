package emit

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/names"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// frame returns the part of a cell's package around the cell's code: the slots of its
// variables, and what the process that runs it must know.
func (w *writer) frame() string {
	var b, slots, kept strings.Builder
	names := w.names()
	w.staticRooms(&b, names)
	for _, t := range w.entry.Made {
		switch t.Class {
		case program.Variable:
			fmt.Fprintf(&b, "var %s *%s\n", t.Slot(), names.Write(t.Head))
			fmt.Fprintf(&slots, "{Symbol: %q, Pointer: &%s", t.Slot(), t.Slot())
			if w.static[t.Name] {
				fmt.Fprintf(&slots, ", Before: &%s.before", w.staticRoom(t.Name))
			}
			slots.WriteString("}, ")
		case program.Function:
			if f, ok := w.Object(t).(*types.Func); ok && f.Signature().TypeParams().Len() == 0 {
				fmt.Fprintf(&kept, "%s, ", t.Symbol)
			}
		case program.Type:
			w.room(&b, t)
			w.keepType(&kept, t)
		}
	}
	for _, t := range w.cell.Grown {
		w.keepType(&kept, t)
	}
	for _, i := range w.cell.Instances {
		if i.Lost == "" {
			fmt.Fprintf(&kept, "(*%s)(nil), ", names.Write(i.Head))
		}
	}
	host := w.alias(hostPackage)
	fmt.Fprintf(&b, "\nvar %s %s.Flag\n\nfunc %s() { %s.Stopped() }\n", stopName, host, stoppedName, host)
	fmt.Fprintf(&b, "\nfunc init() {\n\t%s.Enter(&%s.Cell{Number: %d, Stop: &%s, Run: %s, Slots: []%s.Slot{%s}, Keep: []any{%s}, Flags: %#v})\n}\n",
		host, host, w.cell.Source.Number, stopName, w.runName(), host, slots.String(), kept.String(), w.flags())
	return b.String()
}

// keepType makes the linker, which drops unreferenced symbols, keep a type and its methods
// for later cells.
func (w *writer) keepType(b *strings.Builder, t *program.Thing) {
	named, ok := w.Object(t).Type().(*types.Named)
	if !ok || t.Params > 0 || t.IsAlias {
		return
	}
	if i, ok := named.Underlying().(*types.Interface); ok {
		if i.IsMethodSet() {
			fmt.Fprintf(b, "(*%s)(nil), ", t.Symbol)
		}
		return
	}
	fmt.Fprintf(b, "(*%s)(nil), ", t.Symbol)
	for i := range named.NumMethods() {
		m := named.Method(i)
		if m.Name() == "_" {
			continue
		}
		fmt.Fprintf(b, "(*%s).%s, ", t.Symbol, m.Name())
		if !names.OfPointer(m) {
			fmt.Fprintf(b, "%s.%s, ", t.Symbol, m.Name())
		}
	}
}
