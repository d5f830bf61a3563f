package cell

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sort"

	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Program is what the cells of a session have declared so far.
type Program struct {
	Imports *Imports
	Sources map[int]*Source // cells that ran, by number

	fset    *token.FileSet
	current map[string]*Thing // what each name means
	types   []*Thing          // all that were ever declared, the old ones too
	taken   map[string]bool   // names in compiled cells
	methods map[string]bool   // the linker's names of methods that have been defined
	sources map[int]*Source   // all cells, by unit
	units   int
	guard   *guard.Guard
}

// NewProgram returns a program without any cell.
func NewProgram(fset *token.FileSet, im *Imports) *Program {
	im = im.clone()
	clear(im.named)
	return &Program{
		Imports: im, Sources: map[int]*Source{}, fset: fset, current: map[string]*Thing{},
		taken: map[string]bool{}, methods: map[string]bool{}, sources: map[int]*Source{}, guard: &guard.Guard{},
	}
}

// Next begins a cell. Units count up; what fails to compile has one too.
func (p *Program) Next(number int, text string, quiet, tests bool) *Source {
	p.units++
	src := &Source{Number: number, Unit: p.units, Text: text, Chunks: Split(text), Quiet: quiet, Tests: tests}
	p.sources[src.Unit] = src
	return src
}

// Lookup returns what a name means, nil if it means nothing.
func (p *Program) Lookup(name string) *Thing { return p.current[name] }

// Things returns what the names of the session mean, by name.
func (p *Program) Things() []*Thing {
	var all []*Thing
	for _, n := range slices.Sorted(maps.Keys(p.current)) {
		all = append(all, p.current[n])
	}
	return all
}

// symbol returns a name for a new thing of a cell. The first function, type or constant of
// a name has the name itself, unless that means something to Go.
func (p *Program) symbol(name string, class Class, unit int) string {
	if class == Variable || name == "main" || p.taken[name] || types.Universe.Lookup(name) != nil {
		return mark.Version(name, unit)
	}
	return name
}

// declarations returns all that is there to be compiled again, as it was entered.
func (p *Program) declarations() []*declaration {
	seen := map[*declaration]bool{}
	var all []*declaration
	add := func(d *declaration) {
		if d != nil && !seen[d] {
			seen[d] = true
			all = append(all, d)
		}
	}
	for _, t := range p.current {
		add(t.decl)
		for _, m := range t.methods {
			add(m.decl)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].before(all[j]) })
	return all
}

// change is what a cell replaces.
type change struct {
	things  map[*Thing]bool
	names   map[string]bool // of those: what uses an older thing of the name waits for a new one
	methods map[*Thing]map[string]bool
}

func newChange() *change {
	return &change{map[*Thing]bool{}, map[string]bool{}, map[*Thing]map[string]bool{}}
}

func (c *change) add(t *Thing) { c.things[t], c.names[t.Name] = true, true }

func (c *change) method(t *Thing, name string) {
	if c.methods[t] == nil {
		c.methods[t] = map[string]bool{}
	}
	c.methods[t][name] = true
}

// concerns tells whether a declaration uses what is replaced.
func (c *change) concerns(d *declaration) bool {
	for t := range d.uses {
		if c.names[t.Name] {
			return true
		}
	}
	for t, names := range d.calls {
		for n := range names {
			if c.methods[t][n] {
				return true
			}
		}
	}
	return d.receiver != nil && c.things[d.receiver]
}

// dependents returns the declarations that must be compiled again because of a change:
// those that use what is replaced, on and on; and all methods of the types among them. What
// they declare is replaced too, but for those that are dropped.
func (p *Program) dependents(c *change, dropped map[*declaration]bool) []*declaration {
	all := p.declarations()
	stale := newChange()
	for t := range c.things {
		stale.add(t)
	}
	for t, names := range c.methods {
		for n := range names {
			stale.method(t, n)
		}
	}
	var taken []*declaration
	for grown := true; grown; {
		grown = false
		for _, d := range all {
			if dropped[d] || slices.Contains(taken, d) || !stale.concerns(d) {
				continue
			}
			taken = append(taken, d)
			grown = true
			for _, t := range d.things {
				stale.add(t)
			}
			if d.receiver != nil {
				stale.method(d.receiver, d.method)
			}
		}
	}
	sort.Slice(taken, func(i, j int) bool { return taken[i].before(taken[j]) })
	return taken
}

// closure calls f for things and all that repeating them takes: what their repeated code
// refers to, and the methods of the types among them. skip tells which methods are not
// repeated.
func closure(things []*Thing, skip func(*Thing, *method) bool, f func(*Thing)) {
	seen := map[*Thing]bool{}
	var visit func(t *Thing)
	piece := func(p *piece) {
		if p == nil {
			return
		}
		for _, r := range p.refs {
			if r.thing != nil {
				visit(r.thing)
			}
		}
	}
	visit = func(t *Thing) {
		if seen[t] {
			return
		}
		seen[t] = true
		f(t)
		piece(t.head)
		for _, m := range t.sortedMethods() {
			if !skip(t, m) {
				piece(m.head)
			}
		}
	}
	for _, t := range things {
		visit(t)
	}
}

// embedders returns the types that embed one of some types, directly or not, and those
// themselves: all whose methods change with theirs.
func (p *Program) embedders(of []*Thing) []*Thing {
	in := map[*Thing]bool{}
	for _, t := range of {
		in[t] = true
	}
	for grown := true; grown; {
		grown = false
		for _, t := range p.types {
			if !in[t] && slices.ContainsFunc(t.embeds, func(e *Thing) bool { return in[e] }) {
				in[t], grown = true, true
			}
		}
	}
	var all []*Thing
	for _, t := range p.types {
		if in[t] {
			all = append(all, t)
		}
	}
	return all
}

// methodSymbol returns the linker's name for a method of a cell. One that takes another's
// place has a mark, so that both can be there: what calls the old one goes on doing so.
func (p *Program) methodSymbol(t *Thing, m *method, unit int) string {
	plain := symbolOf(t, m.name, m.pointer)
	if p.methods[plain] {
		return mark.Version(plain, unit)
	}
	return plain
}

// Adopt takes what a cell declares into the program. reached tells which of its variables
// have been declared: an error may have ended it before. It returns the symbols of variables
// that nothing refers to any more.
func (p *Program) Adopt(c *Checked, reached func(symbol string) bool) (left []string) {
	p.Sources[c.Cell.Number], p.Imports = c.Cell, c.Imports
	gone := map[*Thing]bool{} // variables that are not there
	for _, t := range c.made {
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
	for _, m := range c.methods {
		p.methods[symbolOf(m.of, m.name, m.pointer)] = true
	}
	leave := func(name string, to *Thing) {
		if old := p.current[name]; old != nil && old != to && old.Class == Variable && !old.inCode {
			left = append(left, old.Symbol)
		}
	}
	enter := func(t *Thing) {
		leave(t.Name, t)
		p.current[t.Name] = t
		delete(p.Imports.named, t.Name)
	}
	for n := range c.named {
		leave(n, nil)
		delete(p.current, n)
	}
	skipped := map[*declaration]bool{}
	for grown := true; grown; {
		grown = false
		for _, d := range c.entered {
			if d.source == c.Cell || skipped[d] {
				continue
			}
			for t := range d.uses {
				if gone[t] {
					skipped[d], grown = true, true
				}
			}
			if skipped[d] {
				for _, t := range d.things {
					gone[t] = true
				}
			}
		}
	}
	for _, d := range c.entered {
		if !skipped[d] {
			for _, t := range d.things {
				enter(t)
			}
		}
	}
	for _, t := range c.made {
		if t.Class == Constant && t.decl == nil {
			enter(t) // declared among the statements
		}
	}
	for _, m := range c.methods {
		if !skipped[m.decl] {
			m.of.methods[m.name] = m.method
		}
	}
	for _, i := range c.instances {
		i.of.instances = append(i.of.instances, i)
	}
	for _, v := range c.variables {
		if v.thing != nil && !gone[v.thing] {
			enter(v.thing)
		}
	}
	return left
}

// Variables returns the symbols of the session's variables, by name.
func (p *Program) Variables() map[string]string {
	all := map[string]string{}
	for name, t := range p.current {
		if t.Class == Variable {
			all[name] = t.Symbol
		}
	}
	return all
}

// Position returns where an object of an imported package is declared.
func (p *Program) Position(at token.Pos) token.Position { return p.fset.PositionFor(at, false) }
