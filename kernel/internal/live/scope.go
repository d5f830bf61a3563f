package live

import (
	"go/types"

	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
)

// scope is what the names of a session mean at one time.
type scope struct {
	guard   guard.Guard // where code looks whether it is to stop
	entries map[string]*entry
	owners  map[types.Object]int // the cell whose package has an object
	methods map[string][]*declaration
}

// entry is what one name means.
type entry struct {
	name string
	cell int // whose package has it
	obj  types.Object
	decl *declaration // nil for a variable
}

// declaration is a chunk that declares names or a method. It is kept to be compiled again
// when what it uses changes.
type declaration struct {
	source   *source
	chunk    int
	names    []string
	receiver string          // of a method
	uses     map[string]bool // names of the session that it refers to
}

func newScope() *scope {
	return &scope{entries: map[string]*entry{}, owners: map[types.Object]int{}, methods: map[string][]*declaration{}}
}

// setMethod puts a method in the place of the one of that name.
func (s *scope) setMethod(d *declaration, name string) {
	kept := s.methods[d.receiver][:0:0]
	for _, m := range s.methods[d.receiver] {
		if m.method() != name {
			kept = append(kept, m)
		}
	}
	s.methods[d.receiver] = append(kept, d)
}

// dependents returns the declarations that must be compiled again when names change, those
// that use them, on and on; and all methods of the types among them.
func (s *scope) dependents(changed map[string]bool) []*declaration {
	stale := map[string]bool{}
	for n := range changed {
		stale[n] = true
	}
	taken := map[*declaration]bool{}
	var all []*declaration
	take := func(d *declaration) bool {
		if d == nil || taken[d] {
			return false
		}
		taken[d] = true
		all = append(all, d)
		for _, n := range d.names {
			stale[n] = true
		}
		if d.receiver != "" {
			stale[d.receiver] = true
		}
		return true
	}
	usesStale := func(d *declaration) bool {
		for n := range d.uses {
			if stale[n] {
				return true
			}
		}
		return false
	}
	for grown := true; grown; {
		grown = false
		for _, e := range s.entries {
			if e.decl != nil && usesStale(e.decl) && take(e.decl) {
				grown = true
			}
		}
		for receiver, methods := range s.methods {
			for _, m := range methods {
				if (stale[receiver] || usesStale(m)) && take(m) {
					grown = true
					if e := s.entries[receiver]; e != nil {
						take(e.decl)
					}
				}
			}
		}
	}
	return all
}
