package check

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// stayingLimit is how many variables that keep a type are named in a warning.
const stayingLimit = 5

// saysWhatStays warns of the variables with types that are declared again: they keep their
// values, of the types as they were.
func (c *Cell) saysWhatStays() {
	gone := map[*program.Thing]bool{}
	for _, t := range c.Program.Things() {
		if t.Class == program.Type && !c.values[t.Name] && (c.own[t.Name] || c.compiledAgain(t)) {
			gone[t] = true
		}
	}
	for n := range c.own {
		if _, ok := c.Package.Scope().Lookup(n).(*types.TypeName); ok {
			if t := c.Program.HiddenType(n); t != nil {
				gone[t] = true
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	var variables []string
	kept := map[string]bool{}
	for _, t := range c.Program.Things() {
		if t.Class != program.Variable || c.own[t.Name] || c.Named[t.Name] || c.declaresAtTop(t.Name) {
			continue
		}
		stays := false
		program.Closure([]*program.Thing{t}, func(*program.Thing, *program.Method) bool { return true }, func(of *program.Thing) {
			if gone[of] {
				stays, kept[of.Name] = true, true
			}
		})
		if stays {
			variables = append(variables, t.Name)
		}
	}
	if len(variables) == 0 {
		return
	}
	if n := len(variables) - stayingLimit; n > 0 {
		variables = append(variables[:stayingLimit], fmt.Sprintf("%d more", n))
	}
	var names []string
	for n := range kept {
		names = append(names, n)
	}
	slices.Sort(names)
	keeps := "keeps"
	if len(variables) > 1 {
		keeps = "keep"
	}
	c.Warnings = append(c.Warnings, fmt.Sprintf("%s %s the type %s as it was", strings.Join(variables, ", "), keeps, strings.Join(names, ", ")))
}

// compiledAgain reports whether a type is compiled again for the cell's sake.
func (c *Cell) compiledAgain(t *program.Thing) bool {
	return slices.ContainsFunc(c.again, func(d *program.Declaration) bool { return slices.Contains(d.Things, t) })
}
