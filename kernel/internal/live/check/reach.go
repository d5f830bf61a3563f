package check

import (
	"go/ast"
	"go/types"
	"maps"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// reach knows what code of the cell does with variables, directly and through the cell's
// functions. Variables that the cell declares are identified by their names, others by
// names that no cell can write.
type reach struct {
	c       *Cell
	own     map[types.Object]string // variables, and constants of the statements, that the cell declares
	same    map[*program.Thing]string
	code    map[string]*code // functions by name, methods as T.m, variables that are declared as function literals
	earlier map[*program.Declaration]map[string]bool
}

// code is a piece of code that runs: statements, or the body of a function.
type code struct {
	body   ast.Node
	isOwn  bool                  // a function that the cell declares: names mean the variables of the cell
	kept   *program.Declaration  // the declaration of a function that is kept and not checked
	byName func(*ast.Ident) bool // reports, for such a function, whether an identifier is not its own
	found  *touched
}

// touched is what some code does with variables, and which functions it refers to.
type touched struct {
	uses    map[string]bool // variables that it mentions
	now     map[string]bool // those that are used when it runs, not in function literals that may run later
	changes map[string]bool // those that it may change
	behind  map[string]bool // those that functions of earlier cells use
	refs    map[string]bool // functions of the cell that it may call, or pass to code that may
	calls   map[string]bool // those that it calls
}

func newTouched() *touched {
	return &touched{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

// newReach prepares reach from the type checker's latest results.
func (c *Cell) newReach() *reach {
	r := &reach{c: c, own: map[types.Object]string{}, same: map[*program.Thing]string{}, code: map[string]*code{}, earlier: map[*program.Declaration]map[string]bool{}}
	for _, v := range c.Variables {
		r.own[v.Object] = v.Name
		if v.Same != nil {
			r.same[v.Same] = v.Name
		}
	}
	maps.Copy(r.own, c.freshObjects())
	for _, id := range c.LocalConstants() {
		r.own[c.Info.Defs[id]] = id.Name
	}
	for _, f := range c.Files[1:] {
		for _, d := range f.AST.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if o, ok := c.Info.Defs[d.Name].(*types.Func); ok {
					r.code[functionKey(o)] = &code{body: d.Body, isOwn: f == c.Declarations}
				}
			}
		}
	}
	r.addKept()
	return r
}

// addKept adds the functions of the cell that existed already and are not checked.
func (r *reach) addKept() {
	if len(r.c.kept) == 0 {
		return
	}
	f, err := r.c.Source.Parse(r.c.fset, false, func(i int, _ cell.Chunk) bool { return r.c.kept[i] != nil })
	if err != nil {
		return // it parsed before
	}
	for _, d := range f.AST.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Body == nil {
			continue
		}
		key := d.Name.Name
		if d.Recv != nil {
			key = cell.Receiver(d) + "." + key
		}
		kept := r.c.kept[r.c.Source.ChunkAt(f.Offset(d.Pos()))][0]
		r.code[key] = &code{body: d.Body, kept: kept, byName: func(id *ast.Ident) bool {
			return id.Obj == nil || f.AST.Scope.Lookup(id.Name) == id.Obj
		}}
	}
}

// functionKey returns the key of a function or method.
func functionKey(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok && !types.IsInterface(t) {
		return named.Obj().Name() + "." + f.Name()
	}
	return "." + f.Name()
}

// through returns what code does, directly and through functions.
func (r *reach) through(of *code) *touched {
	direct := r.look(of)
	all := newTouched()
	r.follow(direct, all, true, map[string]bool{}, map[string]bool{})
	maps.Copy(all.refs, direct.refs)
	return all
}

// follow adds what code does to all. called says that the code runs, not only that it may.
func (r *reach) follow(t, all *touched, called bool, seen, ran map[string]bool) {
	maps.Copy(all.uses, t.uses)
	maps.Copy(all.changes, t.changes)
	maps.Copy(all.behind, t.behind)
	if called {
		maps.Copy(all.now, t.now)
		for key := range t.calls {
			if !ran[key] {
				ran[key], seen[key] = true, true
				r.follow(r.of(key), all, true, seen, ran)
			}
		}
	}
	for key := range t.refs {
		if !seen[key] {
			seen[key] = true
			r.follow(r.of(key), all, false, seen, ran)
		}
	}
}

// of returns what a function does itself.
func (r *reach) of(key string) *touched {
	f := r.code[key]
	if f.found == nil {
		f.found = newTouched() // in case it calls itself
		f.found = r.look(f)
	}
	return f.found
}

// methods returns the methods of the cell with a name, of any type.
func (r *reach) methods(name string) (keys []string) {
	for key := range r.code {
		if strings.HasSuffix(key, "."+name) {
			keys = append(keys, key)
		}
	}
	return keys
}

// variablesOf returns the variables that a declaration of an earlier cell refers to.
func (r *reach) variablesOf(d *program.Declaration) map[string]bool {
	if d == nil {
		return nil
	}
	if found, ok := r.earlier[d]; ok {
		return found
	}
	found := map[string]bool{}
	r.earlier[d] = found
	for t := range d.Uses {
		switch t.Class {
		case program.Variable:
			found[outside+t.Symbol] = true
			if name := r.same[t]; name != "" { // it may be the cell's variable by then
				found[name] = true
			}
		case program.Function:
			maps.Copy(found, r.variablesOf(t.Declaration))
		}
	}
	for t, names := range d.Calls {
		for name := range names {
			if m := t.Methods[name]; m != nil {
				maps.Copy(found, r.variablesOf(m.Declaration))
			}
		}
	}
	return found
}

// outside begins the keys of variables that the cell does not declare.
const outside = " "
