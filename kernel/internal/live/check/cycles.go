package check

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// cycles reports whether the value of a variable of a part depends on the variable itself
// through functions of the cell, and adds the problems. The type checker finds such cycles
// already in declarations that are moved first. A declaration by := may pass on a function
// that uses the variable if it is called only when the variable exists; one by var may not,
// as in a package.
func (a *arranging) cycles(p *part) (found bool) {
	if a.c.first[p.chunk] || !p.isVar && !p.isShort {
		return false
	}
	find := func(id *ast.Ident, x ast.Expr) {
		if x == nil {
			return
		}
		does := a.through(&code{body: x})
		if does.now[id.Name] || p.isVar && does.uses[id.Name] {
			found = true
			a.fail(id, "initialization cycle for %s%s", id.Name, a.chain(id, does))
		}
	}
	if p.isShort {
		stmt := p.node.(*ast.AssignStmt)
		for i, id := range p.names {
			find(id, initial(stmt.Rhs, i))
		}
		return found
	}
	for _, spec := range p.declaration().Specs {
		spec := spec.(*ast.ValueSpec)
		for i, id := range spec.Names {
			find(id, initial(spec.Values, i))
		}
	}
	return found
}

// initial returns the initial value of the i-th variable of a declaration, nil if that is
// its zero value.
func initial(values []ast.Expr, i int) ast.Expr {
	switch len(values) {
	case 0:
		return nil
	case 1:
		return values[0]
	}
	return values[i]
}

// chain lists the functions through which a variable depends on itself.
func (a *arranging) chain(id *ast.Ident, does *touched) string {
	from := map[string]string{}
	var last string
	queue := slices.Sorted(maps.Keys(does.refs))
	for _, key := range queue {
		from[key] = id.Name
	}
	for ; len(queue) > 0 && last == ""; queue = queue[1:] {
		t := a.of(queue[0])
		if t.uses[id.Name] {
			last = queue[0]
			break
		}
		for _, key := range slices.Sorted(maps.Keys(t.refs)) {
			if from[key] == "" {
				from[key] = queue[0]
				queue = append(queue, key)
			}
		}
	}
	var links []string
	for to := id.Name; last != ""; to, last = last, from[last] {
		at := id.Pos()
		if f := a.code[last]; f != nil && last != id.Name {
			at = f.body.Pos()
		}
		links = append(links, a.c.explains(at, last+" refers to "+to))
		if last == id.Name {
			break
		}
	}
	slices.Reverse(links)
	return strings.Join(links, "")
}
