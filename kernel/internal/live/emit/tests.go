package emit

import (
	"fmt"
	"go/types"
	"strings"
)

// tests returns the cell's tests, benchmarks, fuzz tests and examples, and its TestMain, each
// with its name, as arguments.
func (w *writer) tests() string {
	var b strings.Builder
	for _, t := range w.entry.Made {
		f, ok := w.Object(t).(*types.Func)
		if !ok || t.Declaration == nil || t.Declaration.Source != w.cell.Source || f.Signature().Params().Len() > 1 || f.Signature().Results().Len() != 0 {
			continue
		}
		if f.Signature().Params().Len() == 0 {
			if strings.HasPrefix(t.Name, "Example") {
				fmt.Fprintf(&b, "%q, %s, ", t.Name, t.Symbol)
			}
			continue
		}
		switch of := f.Signature().Params().At(0).Type().String(); {
		case strings.HasPrefix(t.Name, "Test") && of == "*testing.T", strings.HasPrefix(t.Name, "Benchmark") && of == "*testing.B",
			strings.HasPrefix(t.Name, "Fuzz") && of == "*testing.F", t.Name == "TestMain" && of == "*testing.M":
			fmt.Fprintf(&b, "%q, %s, ", t.Name, t.Symbol)
		}
	}
	return b.String()
}
