package check

import (
	"go/ast"
	"go/token"
	"maps"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Variables that a cell declares at its top are made where they stand, as statements are:
// x := 1 and var y = x + 1 follow one another. But Go's package level knows no order, and
// there a variable may use one that is declared below it, a constant may be the length of
// an array variable, and init runs when all variables are there. So where a variable uses
// one that is declared below it, or there is an init, all declarations by var that can be are
// taken before the statements, in the order that Go finds for them; else those alone that a
// constant or type needs.

// ordering finds the declarations by var that are taken first.
type ordering struct {
	list   []ast.Stmt
	names  []map[string]bool          // declared by each statement
	uses   []map[string]bool          // of each statement, through functions of the cell
	is     []bool                     // a declaration by var
	old    func(name string) bool     // the session has a variable of that name
	bodies map[string]map[string]bool // of functions and methods, what they mention
}

// firstOnes returns the positions of the statements that are taken first.
func firstOnes(list []ast.Stmt, declared *ast.File, old func(name string) bool) map[int]bool {
	o := &ordering{list: list, old: old, bodies: map[string]map[string]bool{}}
	var inits, fixed []map[string]bool
	for _, d := range declared.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			if g := d.(*ast.GenDecl); g.Tok == token.CONST || g.Tok == token.TYPE {
				names := map[string]bool{}
				cell.Mentions(d, names)
				fixed = append(fixed, names)
			}
			continue
		}
		names := everyName(f)
		if f.Recv == nil && f.Name.Name == "init" || cell.IsInit(f) {
			inits = append(inits, names)
		}
		if o.bodies[f.Name.Name] == nil {
			o.bodies[f.Name.Name] = map[string]bool{}
		}
		maps.Copy(o.bodies[f.Name.Name], names)
	}
	for _, stmt := range list {
		names := map[string]bool{}
		for _, id := range cell.DeclaredAtTop(stmt) {
			names[id.Name] = true
		}
		d, ok := stmt.(*ast.DeclStmt)
		o.names, o.is = append(o.names, names), append(o.is, ok && d.Decl.(*ast.GenDecl).Tok == token.VAR)
		uses := map[string]bool{}
		if ok {
			for _, spec := range d.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, x := range v.Values {
						maps.Copy(uses, everyName(x))
					}
					if v.Type != nil {
						maps.Copy(uses, everyName(v.Type))
					}
				}
			}
		} else {
			uses = everyName(stmt)
		}
		o.uses = append(o.uses, o.reach(uses))
	}
	all := len(inits) > 0 || o.looksAhead()
	first := map[int]bool{}
	for j := range list {
		needed := all
		for _, names := range fixed {
			needed = needed || overlap(names, o.names[j])
		}
		if needed {
			o.take(j, first, map[int]bool{})
		}
	}
	return first
}

// looksAhead tells whether a declaration by var needs one that stands below it. Then the cell
// is written as a Go file is, and all of them are taken first.
func (o *ordering) looksAhead() bool {
	for j, stmt := range o.list {
		if !o.is[j] {
			continue
		}
		for i := range j {
			if o.is[i] && overlap(o.uses[i], o.names[j]) {
				return true
			}
		}
		g := cell.Group(stmt)
		if g == nil {
			continue
		}
		for i, spec := range g.Specs {
			for _, later := range g.Specs[i+1:] {
				if overlap(o.reach(everyName(spec)), everyNameOf(later.(*ast.ValueSpec).Names)) {
					return true
				}
			}
		}
	}
	return false
}

// take marks a declaration and those that it needs, if it can be taken before the statements.
func (o *ordering) take(j int, first, trying map[int]bool) bool {
	if first[j] || trying[j] {
		return true
	}
	if !o.is[j] {
		return false
	}
	for n := range o.names[j] {
		if o.uses[j][n] && o.old(n) { // the one of before
			return false
		}
	}
	trying[j] = true
	for k := range o.list {
		if k == j || !overlap(o.uses[j], o.names[k]) || k > j && !o.is[k] {
			continue
		}
		if !o.take(k, first, trying) {
			return false
		}
	}
	first[j] = true
	return true
}

// reach adds what the functions among names mention, on and on.
func (o *ordering) reach(names map[string]bool) map[string]bool {
	all := map[string]bool{}
	var visit func(map[string]bool)
	visit = func(names map[string]bool) {
		for n := range names {
			if !all[n] {
				all[n] = true
				visit(o.bodies[n])
			}
		}
	}
	visit(names)
	return all
}

// everyName returns the names in a node, those behind a dot too: they may be methods.
func everyName(n ast.Node) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

func everyNameOf(ids []*ast.Ident) map[string]bool {
	names := map[string]bool{}
	for _, id := range ids {
		names[id.Name] = id.Name != "_"
	}
	return names
}

func overlap(a, b map[string]bool) bool {
	for n, is := range b {
		if is && a[n] {
			return true
		}
	}
	return false
}
