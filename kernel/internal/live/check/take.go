package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// take moves a declaration before the statements, with those that it needs. If that would
// change what it means, take says why and moves none.
func (a *arranging) take(p *part) (why string) {
	before := maps.Clone(a.first)
	if why := a.taken(p, map[*part]bool{}); why != "" {
		a.first = before
		return why
	}
	return ""
}

func (a *arranging) taken(p *part, trying map[*part]bool) (why string) {
	if a.first[p.chunk] || trying[p] {
		return ""
	}
	if !p.isVar && !p.isShort {
		return a.needs(p)
	}
	trying[p] = true
	for _, id := range p.names {
		if id.Name != "_" && a.declares[id.Name] == nil {
			return id.Name + " is declared twice"
		}
	}
	above := true
	for _, q := range a.parts {
		if q == p {
			above = false
			if a.meansAnother(q, p) {
				return "it needs the earlier variable of that name"
			}
			continue
		}
		used := uses(p.all, q)
		switch {
		case above && a.meansAnother(q, p):
			return fmt.Sprintf("in line %d the name means the earlier one", q.line)
		case used && (above || uses(&touched{uses: p.all.now}, q)), above && p.isVar && q.isVar && collide(p.does, q.does):
			if a.taken(q, trying) != "" {
				return a.needs(q)
			}
		case used: // it may be moved as well
			before := maps.Clone(a.first)
			if a.taken(q, trying) != "" {
				a.first = before
			}
		case above && !a.first[q.chunk] && !trying[q] && collide(p.does, q.does):
			return a.needs(q)
		}
	}
	a.first[p.chunk] = true
	return ""
}

func (a *arranging) needs(p *part) string {
	return fmt.Sprintf("its value depends on line %d", p.line)
}

// uses reports whether code uses what a part declares.
func uses(t *touched, p *part) bool { return overlap(t.uses, everyNameOf(p.names)) }

// collide reports whether the order in which two pieces of code run may matter.
func collide(p, q *touched) bool {
	return changes(p, q) || changes(q, p)
}

func changes(p, q *touched) bool {
	return overlap(p.changes, q.uses) || overlap(p.changes, q.behind) || overlap(p.behind, q.uses) || overlap(p.behind, q.behind)
}

// meansAnother reports whether q uses a name that p declares with another meaning: the
// earlier one.
func (a *arranging) meansAnother(q, p *part) (found bool) {
	names := everyNameOf(p.names)
	selected := map[*ast.Ident]bool{}
	ast.Inspect(q.node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.Ident:
			o := a.c.Info.Uses[n]
			if !names[n.Name] || selected[n] || o == nil || a.own[o] == n.Name {
				return true
			}
			if v, ok := o.(*types.Var); ok && v.IsField() {
				return true
			}
			if _, ok := o.(*types.TypeName); ok && q == p { // a type that the variable shadows
				return true
			}
			inside := q.node.Pos() <= o.Pos() && o.Pos() < q.node.End()
			found = found || !inside
		}
		return true
	})
	return found
}

// isStill reports whether a declaration can be moved early without any visible effect: it
// calls nothing.
func (a *arranging) isStill(p *part) bool {
	still := true
	ast.Inspect(p.node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			still = still && n.Op != token.ARROW
		case *ast.CallExpr:
			f := a.c.Info.Types[n.Fun]
			still = still && (f.IsType() || f.IsBuiltin())
		}
		return true
	})
	return still
}

func overlap(a, b map[string]bool) bool {
	for n, is := range b {
		if is && a[n] {
			return true
		}
	}
	return false
}
