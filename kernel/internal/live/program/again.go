package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Again returns a sentence for each type that an entry declares and the session had before,
// by its name: a program has one type of a name, and Go's messages do not distinguish two.
func (p *Program) Again(e *Entry) map[string]string {
	all := map[string]string{}
	for _, t := range e.Made {
		if t.Class != Type || t.IsAlias {
			continue
		}
		var before []string
		for _, old := range p.types {
			if old.Name != t.Name || old.IsAlias {
				continue
			}
			if n := strconv.Itoa(p.madeIn(old)); !slices.Contains(before, n) {
				before = append(before, n)
			}
		}
		if len(before) == 0 {
			continue
		}
		why := fmt.Sprintf("%s was declared again in cell %d", t.Name, e.Source.Number)
		if t.Source != e.Source {
			why = fmt.Sprintf("%s uses what cell %d declared again, so it is a different type since then", t.Name, e.Source.Number)
		}
		which := "the older " + t.Name + " (cell " + before[0] + ")"
		if n := len(before) - 1; n > 0 {
			which = "an older " + t.Name + " (cell " + strings.Join(before[:n], ", ") + " or " + before[n] + ")"
		}
		all[t.Name] = why + ": earlier values are of " + which
	}
	return all
}

// madeIn returns the number of the cell that a thing was compiled with: the one that
// declares it, or a later one.
func (p *Program) madeIn(t *Thing) int {
	src := t.Source
	mark.Replace(t.Symbol, func(unit int) string {
		src = p.sources[unit]
		return ""
	})
	return src.Number
}
