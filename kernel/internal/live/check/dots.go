package check

import (
	"maps"
	"strconv"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// findDots records what names mean by dot imports, and which things of the session such a
// name now replaces. A name that the cell declares itself keeps the cell's meaning.
func (c *Cell) findDots() {
	c.byDot, c.overThings = c.Imports.Dots(), map[string]bool{}
	declared := map[string]bool{}
	for _, d := range c.Declarations.AST.Decls {
		for _, n := range cell.Declares(d) {
			declared[n] = true
		}
	}
	for _, spec := range c.Declarations.AST.Imports {
		if spec.Name == nil || spec.Name.Name != "." {
			continue
		}
		imported, _ := strconv.Unquote(spec.Path.Value)
		for name, path := range c.byDot {
			if path == imported && c.Program.Lookup(name) != nil && !declared[name] {
				c.Named[name], c.overThings[name] = true, true
			}
		}
	}
}

// dotsOf returns the import paths that names in a file get from dot imports, by name. A
// declaration that is compiled again has those that it was written with, and those by which
// the cell replaces things of the session.
func (c *Cell) dotsOf(f *cell.File) map[string]string {
	d := c.before[f]
	if d == nil {
		return c.byDot
	}
	names := maps.Clone(d.Dots)
	for n := range c.overThings {
		if names[n] == "" {
			names[n] = c.byDot[n]
		}
	}
	return names
}
