// Package cell says what a cell of a session means and writes the Go package that is
// compiled for it.
//
// All cells of a session are one package, main, which grows: the package of a cell has the
// cell's own declarations and, of earlier cells, those that it uses, each repeated in the
// least form that does: types as they were, functions without body, variables without
// value. The type checker sees what the compiler will see.
package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/guard"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Checked is a cell with the meaning of each of its names.
type Checked struct {
	Cell     *Source
	Imports  *Imports // with the cell's import declarations
	Package  *types.Package
	Info     *types.Info
	Warnings []string

	program    *Program
	statements *File
	declared   *File
	first      *File   // declarations by var that are taken before the statements; nil if there are none
	files      []*File // all of those, then what is compiled again
	again      []*declaration
	variables  []*variable          // declared by the cell, in order
	fresh      []*variable          // those that functions refer to
	own        map[string]bool      // what the cell declares outside of its statements
	kept       map[int]*declaration // chunks that declare what is there already, unchanged
	named      map[string]bool      // names that the cell's imports declare
	effects    []string             // packages imported for their effects
	grown      []*Thing             // types that get other methods by the cell
	earlier    []*Thing             // what is repeated
	things     map[types.Object]*Thing
	extra      []*Thing              // to be repeated although the cell does not mention them
	written    map[*ast.Ident]string // names as the cell has them, where the checker was told others
	locals     map[types.Object]bool // variables that are taken first
	made       []*Thing              // what the cell declares
	entered    []*declaration        // its declarations, and what is compiled again
	methods    []newMethod
	instances  []instance
	checks     []guard.Insertion // where the code looks whether it is to stop
}

// variable is one that a cell declares at its top.
type variable struct {
	name   string
	object types.Object // what the checker makes of it
	typ    types.Type
	same   *Thing // a variable of the session of that name and type; nil if there is none
	thing  *Thing // what it is in the program; nil if it lives in this cell alone
	first  bool   // taken before the statements
	head   *piece // its type, for functions that use it
	pos    token.Pos
}

// Check finds out what the names of a cell mean in the program. Its error is [Problems].
func (p *Program) Check(src *Source) (*Checked, error) {
	c, problems := p.begin(p.fset, src)
	if problems != nil {
		return nil, problems
	}
	dropped := map[*declaration]bool{}
	replaced := newChange()
	c.replaces(replaced)
	c.again = c.stale(replaced, dropped)
	for round := 0; ; round++ {
		if c.unkeep() {
			c.replaces(replaced)
			c.again = c.stale(replaced, dropped)
			continue
		}
		problems := c.round()
		if len(problems) == 0 {
			c.retyped(replaced)
			again := c.stale(replaced, dropped)
			if slices.Equal(again, c.again) || round >= roundLimit {
				return c, nil
			}
			c.again = again
			continue
		}
		d := c.blame(problems)
		if d == nil || round >= roundLimit {
			return nil, problems
		}
		dropped[d] = true
		c.Warnings = append(c.Warnings, d.String()+" stays as it was: "+problems[0].Message)
		c.again = c.stale(replaced, dropped)
	}
}

// roundLimit is how often a cell is checked with other declarations compiled again.
const roundLimit = 100

// begin parses a cell and takes its imports.
func (p *Program) begin(fset *token.FileSet, src *Source) (*Checked, Problems) {
	c := &Checked{program: p, Cell: src, Imports: p.Imports.clone(), named: map[string]bool{}, written: map[*ast.Ident]string{}}
	var err error
	if c.statements, err = src.Parse(fset, true, func(_ int, k Chunk) bool { return k.Kind == Instructing }); err != nil {
		return nil, ofParser(c.statements, err)
	}
	if c.declared, err = src.Parse(fset, false, func(_ int, k Chunk) bool { return k.Kind == Declaring || k.Kind == Importing }); err != nil {
		return nil, ofParser(c.declared, err)
	}
	if c.local() {
		return p.begin(fset, src)
	}
	var missing Problems
	c.effects = c.Imports.declare(c.declared.AST.Imports, func(spec *ast.ImportSpec, path string, err error) {
		line, column := place(src.Text, c.declared.Offset(spec.Path.Pos()))
		missing = append(missing, Problem{Cell: src.Number, Line: line, Column: column, Message: err.Error(), Missing: path})
	})
	if missing != nil {
		return nil, missing
	}
	for n, path := range c.Imports.named {
		if p.Imports.named[n] != path || importsName(c.declared.AST, path) {
			c.named[n] = true
		}
	}
	if problems := c.takeFirst(fset); problems != nil {
		return nil, problems
	}
	if err := c.keep(); err != nil {
		return nil, ofParser(c.declared, err)
	}
	c.findOwn()
	return c, nil
}

// findOwn notes what the cell declares outside of its statements.
func (c *Checked) findOwn() {
	c.own = map[string]bool{}
	for _, d := range c.declared.AST.Decls {
		for _, n := range declares(d) {
			c.own[n] = true
		}
	}
	if c.first != nil {
		for _, d := range c.first.AST.Decls {
			for _, n := range declares(d) {
				c.own[n] = true
			}
		}
	}
}

// takeFirst parts the declarations that are taken first from the statements.
func (c *Checked) takeFirst(fset *token.FileSet) Problems {
	old := func(name string) bool { t := c.program.current[name]; return t != nil && t.Class == Variable }
	list := c.statements.Body().Body.List
	at := map[int]bool{}
	for i := range firstOnes(list, c.declared.AST, old) {
		at[c.Cell.chunkAt(c.statements.Offset(list[i].Pos()))] = true
	}
	var err error
	if c.first, err = c.Cell.firstFile(fset, at); err != nil {
		return ofParser(c.first, err)
	}
	if c.first != nil {
		c.statements, err = c.Cell.Parse(fset, true, func(i int, k Chunk) bool { return k.Kind == Instructing && !at[i] })
		if err != nil {
			return ofParser(c.statements, err)
		}
	}
	return nil
}

// replaces adds what the cell's own declarations take the place of.
func (c *Checked) replaces(all *change) {
	for n := range c.own {
		if t := c.program.current[n]; t != nil {
			all.add(t)
		}
	}
	for n := range c.named {
		if t := c.program.current[n]; t != nil {
			all.add(t)
		}
	}
	for _, d := range c.declared.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			if t := c.receiver(f); t != nil && t.methods[f.Name.Name] != nil {
				all.method(t, f.Name.Name)
			}
		}
	}
	for _, id := range c.localConstants() {
		if t := c.program.current[id.Name]; t != nil {
			all.add(t)
		}
	}
	for _, stmt := range c.statements.Body().Body.List {
		for _, id := range declaredAtTop(stmt) {
			if t := c.program.current[id.Name]; t != nil && t.Class != Variable {
				all.add(t)
			}
		}
	}
}

// receiver returns the type of the session that a method's receiver names, through
// aliases; nil if there is none.
func (p *Program) receiver(f *ast.FuncDecl) *Thing {
	t := p.current[receiver(f)]
	for range len(p.current) {
		if t == nil || t.Class != Type || t.head == nil || !t.isAlias {
			break
		}
		var of *Thing
		for _, r := range t.head.refs {
			if r.thing != nil && r.thing != t {
				of = r.thing
			}
		}
		t = of
	}
	if t == nil || t.Class != Type {
		return nil
	}
	return t
}

// receiver returns the type of the session that a method of the cell is of; nil where it is
// of one that the cell declares.
func (c *Checked) receiver(f *ast.FuncDecl) *Thing {
	name := receiver(f)
	if c.own[name] || slices.ContainsFunc(c.again, func(d *declaration) bool { return slices.Contains(d.names(), name) }) {
		return nil
	}
	return c.program.receiver(f)
}

// stale returns the declarations that must be compiled again with the cell.
func (c *Checked) stale(replaced *change, dropped map[*declaration]bool) []*declaration {
	own := map[string]bool{} // methods of the cell
	for _, d := range c.declared.AST.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			own[receiver(f)+"."+f.Name.Name] = true
		}
	}
	return slices.DeleteFunc(c.program.dependents(replaced, dropped), func(d *declaration) bool {
		if d.receiver != nil {
			return own[d.receiver.Name+"."+d.method]
		}
		return slices.ContainsFunc(d.names(), func(n string) bool { return c.own[n] || c.named[n] || c.declaresAtTop(n) })
	})
}

// declaresAtTop tells whether a statement at the cell's top declares a name.
func (c *Checked) declaresAtTop(name string) bool {
	for _, stmt := range c.statements.Body().Body.List {
		for _, id := range declaredAtTop(stmt) {
			if id.Name == name {
				return true
			}
		}
	}
	return false
}

// retyped adds the variables of the session that the cell replaces by others of another
// type: what uses them must be compiled again.
func (c *Checked) retyped(replaced *change) {
	for _, v := range c.variables {
		if t := c.program.current[v.name]; t != nil && v.same == nil {
			replaced.add(t)
		}
	}
}

// round checks with what is known so far; a second time if functions can refer to
// variables whose types the first has found.
func (c *Checked) round() Problems {
	c.files = []*File{c.statements, c.declared}
	if c.first != nil {
		c.files = append(c.files, c.first)
	}
	for _, d := range c.again {
		f, err := d.source.Parse(c.program.fset, false, func(i int, _ Chunk) bool { return i == d.chunk })
		if err != nil {
			return ofParser(f, err)
		}
		c.files = append(c.files, f)
	}
	c.fresh = nil
	restore := func() {}
	defer func() { restore() }()
	problems := c.types()
	for _, v := range c.variables { // the statements are a block of their own to the checker
		if c.own[v.name] && !v.first {
			problems = append(problems, ofChecker(c, types.Error{Pos: v.pos, Msg: v.name + " redeclared in this block"}))
		}
	}
	if c.fresh = c.freshOnes(); len(c.fresh) > 0 {
		restore = c.pointBack()
		problems = c.types()
		if len(problems) == 0 {
			problems = c.early()
		}
	}
	if len(problems) == 0 {
		c.extra = c.changed()
		if slices.ContainsFunc(c.extra, func(t *Thing) bool { return !slices.Contains(c.earlier, t) }) {
			problems = c.types()
		}
	}
	return problems
}

// freshOnes returns the variables that the statements declare and functions of the cell
// mention, which are the session's for the functions' sake.
func (c *Checked) freshOnes() []*variable {
	names := map[string]bool{}
	for _, f := range c.files[1:] {
		mentions(f.AST, names)
	}
	var all []*variable
	seen := map[string]bool{}
	for _, v := range c.variables {
		if !v.first && v.same == nil && names[v.name] && !seen[v.name] && !c.own[v.name] && v.typ != types.Typ[types.Invalid] {
			seen[v.name] = true
			if head, err := c.typePiece(v.typ); err == nil { // functions cannot use what has no name
				v.head = head
				all = append(all, v)
			}
		}
	}
	return all
}

// pointBack gives the names in the statements that mean variables of the session, which
// functions will mean the cell's own by, the name that those have then. It returns what takes that back.
func (c *Checked) pointBack() (restore func()) {
	fresh := map[string]bool{}
	for _, v := range c.fresh {
		fresh[v.name] = true
	}
	renamed := map[*ast.Ident]string{}
	for _, f := range []*File{c.statements, c.first} {
		if f == nil {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || !fresh[id.Name] {
				return true
			}
			if t := c.things[origin(c.Info.Uses[id])]; t != nil {
				renamed[id] = id.Name
				id.Name = c.program.oldName(t)
			}
			return true
		})
	}
	return func() {
		for id, name := range renamed {
			id.Name = name
		}
	}
}

// oldName is what the checker knows a thing by whose name means another.
func (p *Program) oldName(t *Thing) string { return mark.Version(t.Name, t.source.Unit) }

// early returns the problems with statements that use variables which the cell declares
// further down: functions can, as they are called later.
func (c *Checked) early() Problems {
	known := map[types.Object]bool{}
	for _, v := range c.fresh {
		if o := c.Package.Scope().Lookup(v.name); o != nil {
			known[o] = true
		}
	}
	var problems Problems
	ast.Inspect(c.statements.AST, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && known[c.Info.Uses[id]] {
			problems = append(problems, ofChecker(c, types.Error{Pos: id.Pos(), Msg: id.Name + " is used before the cell declares it"}))
		}
		return true
	})
	return problems
}

// changed notes the types of the session that have other methods by the cell: those of new
// methods, and those that embed them. It returns them with what their instances are made of.
func (c *Checked) changed() []*Thing {
	var of []*Thing
	for i, f := range c.files[1:] {
		for _, d := range f.AST.Decls {
			m, ok := d.(*ast.FuncDecl)
			if !ok || m.Recv == nil {
				continue
			}
			t := c.receiverThing(m)
			if t != nil && slices.Contains(c.earlier, t) && (i == 0 || t.methods[m.Name.Name] != nil) && !slices.Contains(of, t) {
				of = append(of, t)
			}
		}
	}
	c.grown = nil
	if len(of) == 0 {
		return nil
	}
	c.grown = c.program.embedders(of)
	all := slices.Clone(c.grown)
	for _, t := range c.grown {
		for _, i := range t.instances {
			for _, r := range i.head.refs {
				if r.thing != nil {
					all = append(all, r.thing)
				}
			}
		}
	}
	return all
}

// receiverThing returns the type of the session that a method is of, as the checker found.
func (c *Checked) receiverThing(m *ast.FuncDecl) *Thing {
	f, ok := c.Info.Defs[m.Name].(*types.Func)
	if !ok {
		return nil
	}
	return c.things[receiverType(f)]
}

// receiverType returns the object of the type that a method is of; nil for functions.
func receiverType(f *types.Func) types.Object {
	r := f.Signature().Recv()
	if r == nil {
		return nil
	}
	t := types.Unalias(r.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok {
		return nil
	}
	return n.Origin().Obj()
}

// findVariables notes what the checker found for the variables of the cell.
func (c *Checked) findVariables() {
	c.variables = nil
	add := func(id *ast.Ident, first bool) {
		v, ok := c.Info.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		found := &variable{name: id.Name, object: v, typ: v.Type(), first: first, pos: id.Pos()}
		if t := c.program.current[id.Name]; t != nil && t.Class == Variable {
			for _, name := range []string{t.Name, c.program.oldName(t)} {
				if o := c.Package.Scope().Lookup(name); o != nil && c.things[o] == t && types.Identical(o.Type(), v.Type()) {
					found.same = t
				}
			}
		}
		c.variables = append(c.variables, found)
	}
	if c.first != nil {
		for _, d := range c.first.AST.Decls {
			for _, spec := range d.(*ast.GenDecl).Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					add(id, true)
				}
			}
		}
	}
	for _, stmt := range c.statements.Body().Body.List {
		for _, id := range declaredAtTop(stmt) {
			add(id, false)
		}
	}
}

// Last returns the expression that ends the cell, nil if another statement does, and
// whether its value is to be hidden: a semicolon follows, or nothing of the cell is shown.
func (c *Checked) last() (stmt *ast.ExprStmt, hidden bool) {
	list := c.statements.Body().Body.List
	if len(list) == 0 {
		return nil, false
	}
	stmt, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return nil, false
	}
	rest := strings.TrimSpace(c.statements.Text[c.statements.Offset(stmt.End()):])
	return stmt, c.Cell.Quiet || strings.HasPrefix(rest, ";")
}

// blame returns the declaration, compiled again for the cell's sake, that a problem is in;
// nil if one is in the cell itself.
func (c *Checked) blame(problems Problems) *declaration {
	for _, p := range problems {
		if p.unit == c.Cell.Unit || p.unit == 0 {
			return nil
		}
	}
	for _, d := range c.again {
		first, _ := place(d.source.Text, d.source.Chunks[d.chunk].Start)
		last, _ := place(d.source.Text, d.source.Chunks[d.chunk].End)
		if p := problems[0]; p.unit == d.source.Unit && first <= p.Line && p.Line <= last {
			return d
		}
	}
	return nil
}

// origin returns the generic object that an instance is of.
func origin(o types.Object) types.Object {
	switch x := o.(type) {
	case *types.Var:
		return x.Origin()
	case *types.Func:
		return x.Origin()
	}
	return o
}
