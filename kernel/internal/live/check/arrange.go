package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// What a statement of the cell, or an init, does by way of a function may need a variable that
// is declared further down. In a program the variable would be there by then, as those of a
// package are made before main begins. So its declaration is taken before the statements, by
// var or by :=, with those that it needs itself. It stays in its place where it needs what
// statements above it do; then the cell is refused, as the function would find the variable
// without its value, or the one of before.
//
// If there is an init, or a declaration by var needs one further down, the cell is written as
// a Go file is, and all declarations by var are taken first that can be.

// arrange takes more declarations first, if the cell needs them early. The problems are those that
// it needs and that cannot be taken.
func (c *Cell) arrange() cell.Problems {
	c.late = nil
	a := c.newArranging()
	if len(a.code) == 0 && len(c.ahead) == 0 {
		return nil
	}
	for before := -1; len(a.first) != before; {
		before = len(a.first)
		a.problems, a.late = nil, nil
		a.all()
	}
	for at := range c.first {
		a.first[at] = true
	}
	if len(a.first) > len(c.first) {
		c.first = a.first
		return nil
	}
	c.late = a.late
	return a.problems
}

// arranging is arrange at work.
type arranging struct {
	*reach
	parts    []*part
	declares map[string]*part // by variable; nil for those that two parts declare
	inits    []*ast.FuncDecl
	first    map[int]bool // chunks that are taken first
	problems cell.Problems
	late     []string
}

// all finds what is taken first.
func (a *arranging) all() {
	for _, p := range a.parts {
		if a.c.ahead[p.chunk] {
			if why := a.take(p); why != "" {
				a.fail(p.names[0], "%s is needed before this line, and cannot be declared earlier: %s", p.names[0].Name, why)
			}
		}
	}
	if len(a.inits) > 0 || a.looksAhead() {
		for _, p := range a.parts {
			if p.isVar {
				a.take(p)
			}
		}
	}
	for _, f := range a.inits {
		a.need(nil, f.Name, a.through(&code{body: f.Body, isOwn: true}))
	}
	for i, p := range a.parts {
		above := a.parts[:i]
		if a.cycles(p) {
			above = a.parts[:i+1]
		}
		a.need(above, p.node, p.does)
	}
}

// looksAhead tells whether a declaration by var needs one that stands below it.
func (a *arranging) looksAhead() bool {
	for i, p := range a.parts {
		for _, later := range a.parts[i+1:] {
			if p.isVar && later.isVar && uses(p.all, later) {
				return true
			}
		}
		if !p.isVar {
			continue
		}
		specs := p.declaration().Specs
		for j, spec := range specs {
			all := a.through(&code{body: spec})
			for _, later := range specs[j+1:] {
				if overlap(all.uses, everyNameOf(later.(*ast.ValueSpec).Names)) {
					return true
				}
			}
		}
	}
	return false
}

// need takes what a part of the cell needs of what it declares itself, as a, b := f(), 1 does
// where f needs b, or of what is declared below. above are the parts before; by is the name of
// an init, which has none.
func (a *arranging) need(above []*part, by ast.Node, does *touched) {
	init, isName := by.(*ast.Ident)
	for _, name := range slices.Sorted(maps.Keys(does.uses)) {
		p := a.declares[name]
		if p == nil || a.first[p.chunk] || !p.isVar && !p.isShort || slices.Contains(above, p) {
			continue
		}
		now := does.now[name]
		if !now && by == p.node { // it hands on a function that is called later
			continue
		}
		if !now && p.isShort && !a.isStill(p) {
			a.warn(by, does, name, p)
			continue
		}
		why := a.take(p)
		switch {
		case why == "":
			for _, q := range a.parts { // in the order of the file
				if p.isVar && q.isVar && q.chunk < p.chunk {
					a.take(q)
				}
			}
		case !now:
			a.warn(by, does, name, p)
		case isName:
			a.fail(by, "%s uses %s and runs before the statements, but %s cannot be declared before them: %s; give the function another name and call it below line %d", init.Name, name, name, why, p.line)
		case by == p.node:
			a.fail(by, "%s uses %s, which cannot be declared earlier: %s", a.by(does, name), name, why)
		default:
			a.fail(by, "%s uses %s, which line %d declares and which cannot be declared earlier: %s; move this below line %d", a.by(does, name), name, p.line, why, p.line)
		}
	}
}

// warn notes what may be called before a variable is there that it uses.
func (a *arranging) warn(by ast.Node, does *touched, name string, p *part) {
	function := a.by(does, name)
	if id, ok := by.(*ast.Ident); ok && function == "this" {
		function = id.Name
	}
	a.late = append(a.late, fmt.Sprintf("%s uses %s, which line %d declares: if it is called before, %s does not have its value yet", function, name, p.line, name))
}

// by names a function by which something uses a variable.
func (a *arranging) by(does *touched, name string) string {
	for _, key := range slices.Sorted(maps.Keys(does.refs)) {
		of := newTouched()
		a.follow(a.of(key), of, true, map[string]bool{}, map[string]bool{})
		if of.uses[name] {
			return key
		}
	}
	return "this"
}

func (a *arranging) fail(at ast.Node, format string, args ...any) {
	a.problems = append(a.problems, a.c.problem(types.Error{Pos: at.Pos(), Msg: fmt.Sprintf(format, args...)}))
}
