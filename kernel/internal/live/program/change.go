package program

import (
	"slices"
	"sort"
)

// Change is what a cell replaces: things and methods. A new method replaces the method of
// that name that its type, or a type that embeds it, had from an embedded type.
type Change struct {
	things  map[*Thing]bool
	names   map[string]bool            // of these things: what uses an older thing of the name waits for a new one
	methods map[string]map[*Thing]bool // by name: the types that they belong to
	sets    map[*Thing]bool            // types with values that may implement other interfaces than before
	values  map[string]bool            // names that are now those of variables and constants
}

// NewChange returns a change that replaces nothing.
func NewChange() *Change {
	return &Change{
		things: map[*Thing]bool{}, names: map[string]bool{}, methods: map[string]map[*Thing]bool{}, sets: map[*Thing]bool{},
		values: map[string]bool{},
	}
}

// Len returns how many things are replaced.
func (c *Change) Len() int { return len(c.things) }

// Add adds a thing that is replaced.
func (c *Change) Add(t *Thing) { c.things[t], c.names[t.Name] = true, true }

// AddName adds a name that meant something of Go's own, or of a dot import.
func (c *Change) AddName(name string) { c.names[name] = true }

// MethodSet adds a type with a method replaced by one with another receiver or signature:
// functions may use its values as an interface that they no longer implement.
func (c *Change) MethodSet(t *Thing) { c.sets[t] = true }

// Value records that a name is now that of a variable or constant. What uses a type of that
// name, or the meaning that Go or a dot import gives it, keeps using it, as functions do
// when main has a variable with the name of a type.
func (c *Change) Value(name string) { c.values[name] = true }

// keeps reports whether what uses a thing keeps using it, although its name has a new
// meaning.
func (c *Change) keeps(t *Thing) bool { return t.Class == Type && c.values[t.Name] }

// Method adds a method that is replaced, or that is new and may hide another.
func (c *Change) Method(t *Thing, name string) {
	if c.methods[name] == nil {
		c.methods[name] = map[*Thing]bool{}
	}
	c.methods[name][t] = true
}

// concerns reports whether a declaration uses what is replaced.
func (c *Change) concerns(d *Declaration) bool {
	for t := range d.Uses {
		if c.names[t.Name] && !c.keeps(t) {
			return true
		}
	}
	for t := range d.Values {
		if d.Receiver != t && d.isCode() && t.embedsAny(c.sets) {
			return true
		}
	}
	for n := range d.Outer {
		if c.names[n] && !c.values[n] {
			return true
		}
	}
	for t, names := range d.Calls {
		for n := range names {
			if t.methodOfAny(n, c.methods[n]) {
				return true
			}
		}
	}
	return d.Receiver != nil && c.things[d.Receiver] && !c.keeps(d.Receiver)
}

// Dependents returns the declarations that must be compiled again because of a change, in
// the order in which they were entered: those that use what is replaced, transitively, and
// all methods of the types among them. What they declare is replaced too, except for those
// that are dropped. Stale ones are included if they are to be tried again.
func (p *Program) Dependents(c *Change, dropped map[*Declaration]bool, retry bool) []*Declaration {
	all := p.declarations()
	stale := NewChange()
	stale.values = c.values
	for t := range c.things {
		stale.Add(t)
	}
	for n := range c.names {
		stale.AddName(n)
	}
	for t := range c.sets {
		stale.MethodSet(t)
	}
	for n, of := range c.methods {
		for t := range of {
			stale.Method(t, n)
		}
	}
	var taken []*Declaration
	for grown := true; grown; {
		grown = false
		for _, d := range all {
			if dropped[d] || slices.Contains(taken, d) || !stale.concerns(d) && !(retry && d.Stale) {
				continue
			}
			taken = append(taken, d)
			grown = true
			for _, t := range d.Things {
				stale.Add(t)
			}
			if d.Receiver != nil {
				stale.Method(d.Receiver, d.Method)
			}
		}
	}
	sort.Slice(taken, func(i, j int) bool { return taken[i].before(taken[j]) })
	return taken
}

// declarations returns all declarations that could be compiled again, in the order in which
// they were entered.
func (p *Program) declarations() []*Declaration {
	seen := map[*Declaration]bool{}
	var all []*Declaration
	add := func(d *Declaration) {
		if d != nil && !seen[d] {
			seen[d] = true
			all = append(all, d)
		}
	}
	for _, t := range p.current {
		add(t.Declaration)
		for _, m := range t.Methods {
			add(m.Declaration)
		}
	}
	for _, t := range p.shadowed {
		for _, m := range t.Methods {
			add(m.Declaration)
		}
	}
	for _, d := range p.left {
		if t := p.current[d.Receiver.Name]; t != nil && t.Class == Type && t.Methods[d.Method] == nil {
			add(d)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].before(all[j]) })
	return all
}
