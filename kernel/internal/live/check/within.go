package check

import (
	"go/ast"
	"slices"
)

// A declaration by var may declare several variables, in brackets or on one line, and the
// value of one may need another: var a, b = b + 1, 2. In Go their order is a matter of
// values.

// value is the initial value of variables of a part, and its type.
type value struct {
	spec  ast.Node // declares them
	names []*ast.Ident
	nodes []ast.Node
}

// values returns the values of a declaration by var, or of constants, each with the
// variables that are created together. Everything else that a part does is one value.
func (p *part) values() (all []value) {
	d := p.declaration()
	if d == nil || p.isShort {
		return []value{{p.node, p.names, []ast.Node{p.node}}}
	}
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec)
		var of []ast.Node
		if spec.Type != nil {
			of = append(of, spec.Type)
		}
		if len(spec.Values) != len(spec.Names) {
			for _, x := range spec.Values {
				of = append(of, x)
			}
			all = append(all, value{spec, spec.Names, of})
			continue
		}
		for i, x := range spec.Values {
			all = append(all, value{spec, spec.Names[i : i+1], append(of[:len(of):len(of)], x)})
		}
	}
	return all
}

// within returns the values of a declaration, and which others of them each needs.
func (m *mentions) within(p *part) (all []value, needs []map[int]bool) {
	all = p.values()
	for _, v := range all {
		of := map[int]bool{}
		for u := range m.usedIn(v.nodes, p) {
			for j, w := range all {
				if u.of == p && everyNameOf(w.names)[u.name] {
					of[j] = true
				}
			}
		}
		needs = append(needs, of)
	}
	return all, needs
}

// needsLater reports whether a value in a declaration needs another one that is not created
// before it, if each declaration is a statement.
func (m *mentions) needsLater(p *part) bool {
	all, needs := m.within(p)
	for i, of := range needs {
		for j := range of {
			if j > i || j < i && all[j].spec == all[i].spec {
				return true
			}
		}
	}
	return false
}

// needsBefore reports whether a value in a declaration needs itself, as in var a, b = b, a,
// while the session has a variable of its name, which is meant.
func (m *mentions) needsBefore(p *part) bool {
	all, needs := m.within(p)
	for i, v := range all {
		reached := map[int]bool{}
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			for j := range needs[queue[0]] {
				if !reached[j] {
					reached[j] = true
					queue = append(queue, j)
				}
			}
		}
		if reached[i] && slices.ContainsFunc(v.names, func(id *ast.Ident) bool { return m.c.isOld(id.Name) }) {
			return true
		}
	}
	return false
}
