package program

import (
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Entry is what a cell adds to the program.
type Entry struct {
	Source       *cell.Source
	Imports      *Imports        // with the cell's import declarations
	Named        map[string]bool // names that these declare
	Made         []*Thing        // things that the cell, or what is compiled again with it, declares
	Declarations []*Declaration  // the cell's, and those that are compiled again with it
	Methods      []*Method
	Stays        []*Declaration // did not compile with the cell, and stay as they were
	Instances    []Instance
	Locals       []Local
	Variables    []*Thing // declared by the cell, including those that existed before, in order
}

// Adopt adds what a cell declares to the program. reached reports which of its variables
// have been declared: an error may have ended the cell earlier. It returns the symbols of
// variables that nothing refers to any longer.
func (p *Program) Adopt(e *Entry, reached func(symbol string) bool) (left []string) {
	p.Imports = e.Imports
	for _, d := range e.Stays {
		if d.Stale = true; d.Receiver != nil && !slices.Contains(p.left, d) {
			p.left = append(p.left, d)
		}
	}
	gone := map[*Thing]bool{} // variables that were not declared
	for _, t := range e.Made {
		if t.Symbol == t.Name {
			p.taken[t.Name] = true
		}
		if t.Class == Type {
			p.types = append(p.types, t)
		}
		if t.Class == Variable && !reached(t.Symbol) {
			gone[t] = true
		}
	}
	for _, m := range e.Methods {
		p.methods[m.PlainSymbol()] = true
	}
	leave := func(name string, to *Thing) {
		if old := p.current[name]; old != nil && old != to && old.Class == Variable && !old.InCode {
			left = append(left, old.Symbol)
		}
	}
	enter := func(t *Thing) {
		leave(t.Name, t)
		p.enter(t)
	}
	for n := range e.Named {
		leave(n, nil)
		delete(p.current, n)
		delete(p.shadowed, n)
	}
	skipped := e.skipped(gone)
	for _, d := range e.Declarations {
		if !skipped[d] {
			for _, t := range d.Things {
				enter(t)
			}
		}
	}
	for _, t := range e.Made {
		if t.Class == Constant && t.Declaration == nil {
			enter(t) // declared among the statements
		}
	}
	for _, m := range e.Methods {
		if !skipped[m.Declaration] {
			m.Of.Methods[m.Name] = m
		}
	}
	for _, i := range e.Instances {
		i.Of.Instances = append(i.Of.Instances, i)
	}
	for _, l := range e.Locals {
		if !slices.Contains(l.Of.Locals, l) {
			l.Of.Locals = append(l.Of.Locals, l)
		}
	}
	for _, t := range e.Variables {
		if !gone[t] {
			enter(t)
		}
	}
	return left
}

// enter makes a thing the meaning of its name.
func (p *Program) enter(t *Thing) {
	p.shadow(t)
	p.current[t.Name] = t
	delete(p.Imports.named, t.Name)
}

// shadow records the type that a thing about to be entered shadows.
func (p *Program) shadow(t *Thing) {
	old := p.current[t.Name]
	switch {
	case !t.IsValue():
		delete(p.shadowed, t.Name)
	case old != nil && old.Class == Type:
		p.shadowed[t.Name] = old
	}
}

// skipped returns the declarations that were compiled again with the cell and use variables
// that do not exist: they stay as they were, and so does what uses them. Their things are
// gone too.
func (e *Entry) skipped(gone map[*Thing]bool) map[*Declaration]bool {
	skipped := map[*Declaration]bool{}
	for grown := true; grown; {
		grown = false
		for _, d := range e.Declarations {
			if d.Source == e.Source || skipped[d] {
				continue
			}
			for t := range d.Uses {
				if gone[t] {
					skipped[d], grown = true, true
				}
			}
			if skipped[d] {
				for _, t := range d.Things {
					gone[t] = true
				}
			}
		}
	}
	return skipped
}
