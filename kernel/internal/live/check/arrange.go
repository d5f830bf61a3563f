package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// A statement of the cell, or an init, may call a function that needs a variable declared
// further down. In a program the variable would exist by then, because package-level
// variables are initialized before main begins. So its declaration, by var or by :=, is
// moved before the statements, together with the declarations that it needs itself. It
// stays in place if it needs what statements above it do; then the cell is rejected, since
// the function would find the variable without its value, or an earlier variable of that
// name.
//
// If there is an init, or a declaration by var needs one further down, the cell is treated
// like a Go file, and all declarations by var that can be moved are moved first.

// arrange moves further declarations first, if the cell needs them early. The problems are
// the declarations that it needs and that cannot be moved.
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

// arranging is the state of arrange.
type arranging struct {
	*reach
	parts    []*part
	declares map[string]*part // by variable; nil for those that two parts declare
	inits    []*ast.FuncDecl
	first    map[int]bool // chunks that are moved first
	problems cell.Problems
	late     []string
}

// all finds everything that is moved first.
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

// looksAhead reports whether a declaration by var needs one below it.
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

// need moves what a part of the cell needs early: variables that it declares itself, as in
// a, b := f(), 1 where f needs b, or that are declared below. above are the parts before
// it. by is the part, or the name of an init, which is not a part.
func (a *arranging) need(above []*part, by ast.Node, does *touched) {
	init, isName := by.(*ast.Ident)
	for _, name := range slices.Sorted(maps.Keys(does.uses)) {
		p := a.declares[name]
		if p == nil || a.first[p.chunk] || !p.isVar && !p.isShort || slices.Contains(above, p) {
			continue
		}
		now := does.now[name]
		if !now && by == p.node { // it passes on a function that is called later
			continue
		}
		if !now && p.isShort && !a.isStill(p) {
			a.warn(by, does, name, p)
			continue
		}
		why := a.take(p)
		switch {
		case why == "":
			for _, q := range a.parts { // in file order
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

// warn records that a function may be called before a variable that it uses has its value.
func (a *arranging) warn(by ast.Node, does *touched, name string, p *part) {
	function := a.by(does, name)
	if id, ok := by.(*ast.Ident); ok && function == "this" {
		function = id.Name
	}
	a.late = append(a.late, fmt.Sprintf("%s uses %s, which line %d declares: a call before that line finds %s without its value", function, name, p.line, name))
}

// by names the function through which something uses a variable.
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
