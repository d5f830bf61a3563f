package emit

import "github.com/sdtlab/sdtlab/kernel/internal/live/program"

// symbols lists what the linker must do with the package's symbols.
func (w *writer) symbols() {
	for _, t := range w.cell.Earlier {
		switch t.Class {
		case program.Variable:
			w.out.Elsewhere = append(w.out.Elsewhere, "main."+t.Slot())
		case program.Type:
			for _, m := range t.Methods {
				if plain := m.PlainSymbol(); m.Symbol != "" && m.Symbol != plain && !w.cell.ReplacesMethod(t, m) {
					w.out.Renamed[plain] = m.Symbol
				}
			}
		}
	}
	for _, t := range w.entry.Made {
		switch {
		case t.Class == program.Variable:
			w.out.Defined = append(w.out.Defined, "main."+t.Slot())
		case t.Class == program.Function:
			w.out.Defined = append(w.out.Defined, "main."+t.Symbol)
		}
	}
	for _, m := range w.entry.Methods {
		if m.Symbol == "" {
			continue
		}
		plain := m.PlainSymbol()
		w.out.Defined = append(w.out.Defined, plain)
		if m.Symbol != plain {
			w.out.Renamed[plain] = m.Symbol
		}
	}
	for _, t := range w.cell.Grown {
		if t.Params == 0 {
			w.out.Grown = append(w.out.Grown, "main."+t.Symbol)
		}
	}
	for _, i := range w.cell.Instances {
		w.out.Grown = append(w.out.Grown, i.Symbol)
	}
}
