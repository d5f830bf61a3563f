package check

import (
	"go/ast"
	"go/token"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// Variables that a cell declares at its top are made where they stand, as statements are:
// x := 1 and var y = x + 1 follow one another. But Go's package level knows no order. There a
// variable may use one that is declared below it, a constant may be the length of an array
// variable, and init and main run when all variables are there. So some declarations are taken
// before the statements, in the order that Go finds for them. Here are those without which the
// cell would not be understood: what else is needed early is found when the type checker has
// read it.

// ordering finds the declarations that must be taken first for the type checker's sake.
type ordering struct {
	list  []ast.Stmt
	names []map[string]bool      // declared by each statement
	uses  []map[string]bool      // that stand in each statement
	old   func(name string) bool // the session has a variable of that name
}

// aheadOnes returns their positions among the statements.
func aheadOnes(list []ast.Stmt, declared *ast.File, old func(name string) bool) map[int]bool {
	o := &ordering{list: list, old: old}
	top := map[token.Pos]bool{}
	for _, stmt := range list {
		names := map[string]bool{}
		for _, id := range cell.DeclaredAtTop(stmt) {
			names[id.Name], top[id.Pos()] = true, true
		}
		o.names = append(o.names, names)
	}
	for _, stmt := range list {
		o.uses = append(o.uses, outerUses(stmt, top))
	}
	fixed, inits := map[string]bool{}, false // what constants and types need
	for _, d := range declared.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			inits = inits || isInit(d)
		case *ast.GenDecl:
			if d.Tok == token.CONST || d.Tok == token.TYPE {
				cell.Mentions(d, fixed)
			}
		}
	}
	first := map[int]bool{}
	for j, stmt := range list {
		if !cell.IsVar(stmt) {
			continue
		}
		needed := overlap(fixed, o.names[j]) || inGroup(stmt, top)
		for i := range j {
			switch {
			case cell.IsVar(list[i]):
				needed = needed || overlap(o.uses[i], o.names[j])
			case inits:
				for n := range o.names[j] {
					needed = needed || o.uses[i][n] && !old(n)
				}
			}
		}
		if needed {
			o.take(j, first, map[int]bool{})
		}
	}
	return first
}

// isInit tells whether a function runs when its cell begins.
func isInit(f *ast.FuncDecl) bool { return f.Recv == nil && f.Name.Name == "init" || cell.IsInit(f) }

// inGroup tells whether a declaration in brackets has a variable that needs a later one.
func inGroup(stmt ast.Stmt, top map[token.Pos]bool) bool {
	g := cell.Group(stmt)
	if g == nil {
		return false
	}
	for i, spec := range g.Specs {
		for _, later := range g.Specs[i+1:] {
			if overlap(outerUses(spec, top), everyNameOf(later.(*ast.ValueSpec).Names)) {
				return true
			}
		}
	}
	return false
}

// take marks a declaration and those that it needs, if all can be taken.
func (o *ordering) take(j int, first, trying map[int]bool) bool {
	if first[j] || trying[j] {
		return true
	}
	if !cell.IsVar(o.list[j]) && !cell.IsShort(o.list[j]) {
		return false
	}
	for n := range o.names[j] {
		if o.uses[j][n] && o.old(n) { // the one of before
			return false
		}
	}
	trying[j] = true
	for k := range o.list {
		if k == j || !overlap(o.uses[j], o.names[k]) || k > j && !cell.IsVar(o.list[k]) {
			continue
		}
		if !o.take(k, first, trying) {
			return false
		}
	}
	first[j] = true
	return true
}

// outerUses returns the names that stand in a node and are not declared inside it. top are the
// places where variables of the cell's top are declared.
func outerUses(n ast.Node, top map[token.Pos]bool) map[string]bool {
	names := map[string]bool{}
	cell.EachMention(n, func(id *ast.Ident) {
		if !top[id.Pos()] && (id.Obj == nil || top[id.Obj.Pos()]) {
			names[id.Name] = true
		}
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
