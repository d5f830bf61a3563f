package check

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Variables that a cell declares at its top level are created in sequence, like statements:
// x := 1 and var y = x + 1 follow one another. But Go's package level has no order. There a
// variable may use one that is declared below it, a constant may be the length of an array
// variable, and init and main run when all variables exist. So some declarations are moved
// before the statements, in the order that Go would find for them. This file handles those
// without which the cell would not type-check, or would mean an earlier variable. The type
// checker has read the cell in text order: it knows which names are fields, parameters and
// locals, and which mean nothing yet. What else is needed early is found once the cell
// type-checks.

// ordering finds the declarations that must be moved first for the type checker.
type ordering struct {
	*mentions
	uses  map[*part]map[use]bool
	first map[*part]bool
}

// use is the use of a variable or constant of the cell.
type use struct {
	name string
	of   *part // declares it
}

// lookAhead moves such declarations first. It reports whether there were any that it had
// not found before.
func (c *Cell) lookAhead() (found bool) {
	o := &ordering{c.newMentions(), map[*part]map[use]bool{}, map[*part]bool{}}
	for _, p := range o.parts {
		o.uses[p] = map[use]bool{}
		for _, u := range p.values() {
			maps.Copy(o.uses[p], o.usedIn(u.nodes, p))
		}
		o.first[p] = c.ahead[p.chunk]
	}
	fixed, inits := o.fixed(), slices.ContainsFunc(c.Declarations.AST.Decls, isInit)
	for i, p := range o.parts {
		if !p.isVar || c.first[p.chunk] {
			continue
		}
		needed := declaresOneOf(p, fixed) || o.needsLater(p)
		for _, q := range o.parts[:i] {
			for u := range o.uses[q] {
				needed = needed || u.of == p && (q.isVar || inits && !c.isOld(u.name))
			}
		}
		if needed {
			o.take(p, map[*part]bool{})
		}
	}
	ahead, first := map[int]bool{}, maps.Clone(c.first)
	for p, is := range o.first {
		if is {
			ahead[p.chunk], first[p.chunk] = true, true
		}
	}
	found = len(first) > len(c.first)
	c.ahead, c.first = ahead, first
	return found
}

// fixed returns what constants and types of the cell need, including those that exist
// already.
func (o *ordering) fixed() map[use]bool {
	used := map[use]bool{}
	for _, d := range o.c.Declarations.AST.Decls {
		if g, ok := d.(*ast.GenDecl); ok && (g.Tok == token.CONST || g.Tok == token.TYPE) {
			maps.Copy(used, o.usedIn([]ast.Node{g}, nil))
		}
	}
	for _, all := range o.c.kept {
		for _, d := range all {
			if d.Receiver != nil || d.Things[0].Class == program.Function {
				continue
			}
			for t := range d.Uses {
				for _, p := range o.declares[t.Name] {
					used[use{t.Name, p}] = true
				}
			}
		}
	}
	return used
}

// isOld reports whether the session has a variable with a name.
func (c *Cell) isOld(name string) bool {
	t := c.Program.Lookup(name)
	return t != nil && t.Class == program.Variable
}

// isInit reports whether a function runs when its cell begins.
func isInit(d ast.Decl) bool {
	f, ok := d.(*ast.FuncDecl)
	return ok && (f.Recv == nil && f.Name.Name == "init" || cell.IsInit(f))
}

func declaresOneOf(p *part, used map[use]bool) bool {
	for u := range used {
		if u.of == p {
			return true
		}
	}
	return false
}

// take marks a declaration and those that it needs, if all can be moved.
func (o *ordering) take(p *part, trying map[*part]bool) bool {
	if o.first[p] || trying[p] {
		return true
	}
	if !p.isVar && !p.isShort || o.needsBefore(p) {
		return false
	}
	trying[p] = true
	below := false
	for _, q := range o.parts {
		if q == p {
			below = true
		} else if declaresOneOf(q, o.uses[p]) && !(below && !q.isVar) && !o.take(q, trying) {
			return false
		}
	}
	o.first[p] = true
	return true
}
