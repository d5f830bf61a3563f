package emit

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// tests returns the cell's tests, benchmarks, fuzz tests and examples, and its TestMain,
// each with its name, as arguments.
func (w *writer) tests() string {
	var b strings.Builder
	for _, t := range w.entry.Made {
		f, ok := w.Object(t).(*types.Func)
		if !ok || t.Declaration == nil || t.Declaration.Source != w.cell.Source {
			continue
		}
		prefix := cell.TestPrefix(t.Name)
		if s := f.Signature(); prefix == "Example" && (s.Params().Len() > 0 || s.Results().Len() > 0 || s.TypeParams().Len() > 0) {
			continue
		}
		if prefix != "" {
			fmt.Fprintf(&b, "%q, %s, ", t.Name, t.Symbol)
		}
	}
	return b.String()
}
