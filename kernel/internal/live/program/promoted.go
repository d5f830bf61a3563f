package program

// embedding calls f for a type and for those that it embeds, at any depth. f reports
// whether to descend into the types that one embeds.
func embedding(t *Thing, f func(*Thing) bool) {
	if len(t.Embeds) == 0 {
		f(t)
		return
	}
	seen := map[*Thing]bool{}
	var visit func(*Thing)
	visit = func(t *Thing) {
		if seen[t] {
			return
		}
		seen[t] = true
		if f(t) {
			for _, e := range t.Embeds {
				visit(e)
			}
		}
	}
	visit(t)
}

// embedsAny reports whether a type or one that it embeds is in a set.
func (t *Thing) embedsAny(of map[*Thing]bool) (found bool) {
	if len(of) == 0 {
		return false
	}
	embedding(t, func(t *Thing) bool {
		found = found || of[t]
		return !found
	})
	return found
}

// methodOfAny reports whether the method with a name that a type has may belong to one of
// some types: itself, or a type that it embeds.
func (t *Thing) methodOfAny(name string, of map[*Thing]bool) (found bool) {
	if len(of) == 0 {
		return false
	}
	embedding(t, func(t *Thing) bool {
		found = found || of[t]
		return !found && t.Methods[name] == nil
	})
	return found
}

// Method returns the method with a name that a type has, its own or that of an embedded
// type of a cell; nil if there is none. known reports whether it has one, which may belong
// to a package's type or an interface.
func (t *Thing) Method(name string) (m *Method, known bool) {
	embedding(t, func(t *Thing) bool {
		if m == nil {
			m = t.Methods[name]
		}
		known = known || m != nil || t.Promotes[name]
		return m == nil
	})
	return m, known
}
