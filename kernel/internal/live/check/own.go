package check

import "github.com/sdtlab/sdtlab/kernel/internal/live/cell"

// findOwn notes what the cell declares outside of its statements.
func (c *Cell) findOwn() {
	c.own = map[string]bool{}
	for _, d := range c.Declarations.AST.Decls {
		for _, n := range cell.Declares(d) {
			c.own[n] = true
		}
	}
	if c.First != nil {
		for _, d := range c.First.AST.Decls {
			for _, n := range cell.Declares(d) {
				c.own[n] = true
			}
		}
	}
}

// declaresAtTop tells whether a statement at the cell's top declares a name.
func (c *Cell) declaresAtTop(name string) bool {
	for _, stmt := range c.Statements.Body().Body.List {
		for _, id := range cell.DeclaredAtTop(stmt) {
			if id.Name == name {
				return true
			}
		}
	}
	return false
}

// Declares tells whether the cell declares a name outside of its statements.
func (c *Cell) Declares(name string) bool { return c.own[name] }
