package emit

import (
	"fmt"
	"go/types"
	"strings"
)

// tests returns the cell's tests and benchmarks, each with its name, as arguments.
func (w *writer) tests() string {
	var b strings.Builder
	for _, t := range w.entry.Made {
		f, ok := w.Object(t).(*types.Func)
		if !ok || t.Declaration == nil || t.Declaration.Source != w.cell.Source || f.Signature().Params().Len() != 1 || f.Signature().Results().Len() != 0 {
			continue
		}
		switch of := f.Signature().Params().At(0).Type().String(); {
		case strings.HasPrefix(t.Name, "Test") && of == "*testing.T", strings.HasPrefix(t.Name, "Benchmark") && of == "*testing.B":
			fmt.Fprintf(&b, "%q, %s, ", t.Name, t.Symbol)
		}
	}
	return b.String()
}
