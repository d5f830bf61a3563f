package live

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"
)

// checked is a cell with the meaning of each of its names.
type checked struct {
	cell       *source
	statements *file
	files      []*file // all, the statements first
	again      []*declaration
	pkg        *types.Package
	info       *types.Info
	variables  []*variable     // declared at the cell's top, in order
	moved      []*variable     // of the session, carried over
	known      map[string]bool // variables that are declared to the checker
	own        map[string]bool // functions, types and constants that the cell declares
	effects    []string        // packages imported for their effects
	named      map[string]bool // names that the cell's imports declare
	imports    *imports        // with the cell's import declarations
	warnings   []string
}

// variable is one that a cell declares at its top.
type variable struct {
	name  string
	local *types.Var // what the checker makes of it
	owner int        // the cell whose package has it: an earlier one, if the type is the same
	typ   types.Type
	from  int // the cell that it is carried over from; 0 if it is not
}

// check finds out what the names of a cell mean, in the scope of the session.
func check(fset *token.FileSet, s *scope, im *imports, cell *source) (*checked, error) {
	c := &checked{cell: cell, imports: im.clone(), own: map[string]bool{}}
	var err error
	if c.statements, err = cell.parse(fset, true, func(_ int, c chunk) bool { return c.kind == instructing }); err != nil {
		return nil, ofParser(c.statements, err)
	}
	declared, err := cell.parse(fset, false, func(_ int, c chunk) bool { return c.kind == declaring || c.kind == importing })
	if err != nil {
		return nil, ofParser(declared, err)
	}
	var dots []string
	var missing Problems
	c.effects, dots = c.imports.declare(declared.ast.Imports, func(spec *ast.ImportSpec, path string, err error) {
		line, column := place(cell.text, declared.offset(spec.Path.Pos()))
		missing = append(missing, Problem{Cell: cell.number, Line: line, Column: column, Message: err.Error(), Missing: path})
	})
	if missing != nil {
		return nil, missing
	}
	c.named = map[string]bool{}
	for n, path := range c.imports.named {
		if im.named[n] != path || importsName(declared.ast, path) {
			c.named[n] = true
		}
	}
	changed := map[string]bool{}
	methods := map[string]bool{}
	for _, d := range declared.ast.Decls {
		for _, n := range declares(d) {
			c.own[n] = true
			if s.entries[n] != nil {
				changed[n] = true
			}
		}
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			methods[receiver(f)+"."+f.Name.Name] = true
			changed[receiver(f)] = true
		}
	}

	// A variable may get another type, which is known after the first round; what uses
	// it must be compiled again then.
	dropped := map[*declaration]bool{}
	for round := 0; ; round++ {
		for grown := true; grown; {
			c.again = c.stale(s, declared, methods, changed, dropped)
			c.moved, grown = c.carried(s), false
			for _, v := range c.moved {
				grown = grown || !changed[v.name]
				changed[v.name] = true
			}
		}
		problems := c.round(fset, s, declared, dots)
		if len(problems) == 0 {
			if !c.retyped(s, changed) {
				return c, nil
			}
			continue
		}
		if d := c.blame(problems); d != nil && round < 100 {
			dropped[d] = true
			c.warnings = append(c.warnings, d.String()+" stays as it was: "+problems[0].Message)
			continue
		}
		return nil, problems
	}
}

// stale returns the declarations that must be compiled again with the cell, as they were
// entered.
func (c *checked) stale(s *scope, declared *file, methods, changed map[string]bool, dropped map[*declaration]bool) []*declaration {
	var all []*declaration
	for _, d := range append(s.dependents(changed), c.receivers(declared, s)...) {
		if !dropped[d] && !slices.Contains(all, d) && !c.replaces(d, methods, changed, s) {
			all = append(all, d)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].before(all[j]) })
	return all
}

// retyped adds to the changed names the variables that replace something of another type,
// and tells whether there are more of them than before.
func (c *checked) retyped(s *scope, changed map[string]bool) bool {
	before := len(changed)
	for _, v := range c.variables {
		if s.entries[v.name] != nil && v.owner == c.cell.unit {
			changed[v.name] = true
		}
	}
	return len(changed) > before
}

// round checks with what is known so far; a second time if functions can refer to
// variables that the first has found the types of.
func (c *checked) round(fset *token.FileSet, s *scope, declared *file, dots []string) Problems {
	c.files = []*file{c.statements, declared}
	for _, d := range c.again {
		f, err := d.source.parse(fset, false, func(i int, _ chunk) bool { return i == d.chunk })
		if err != nil {
			return ofParser(f, err)
		}
		c.files = append(c.files, f)
	}
	problems := c.types(fset, s, dots, c.moved)
	for _, v := range c.variables { // the statements are a block of their own to the checker
		if c.own[v.name] {
			problems = append(problems, ofChecker(c.files, types.Error{Pos: v.local.Pos(), Msg: v.name + " redeclared in this block"}))
		}
	}
	var fresh []*variable
	for _, v := range c.variables {
		if e := s.entries[v.name]; v.owner == c.cell.unit && (e == nil || e.decl == nil) && v.typ != types.Typ[types.Invalid] {
			fresh = append(fresh, v)
		}
	}
	if len(fresh) > 0 && c.hasFunctions() {
		problems = c.types(fset, s, dots, append(fresh, c.moved...))
		if len(problems) == 0 {
			problems = c.early(fresh)
		}
	}
	return problems
}

// early returns the problems with statements that use variables which the cell declares
// further down: functions can, as they are called later.
func (c *checked) early(fresh []*variable) Problems {
	known := map[types.Object]bool{}
	for _, v := range fresh {
		if o := c.pkg.Scope().Lookup(v.name); o != nil {
			known[o] = true
		}
	}
	var problems Problems
	ast.Inspect(c.statements.ast, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && known[c.info.Uses[id]] {
			problems = append(problems, ofChecker(c.files, types.Error{Pos: id.Pos(), Msg: id.Name + " is used before the cell declares it"}))
		}
		return true
	})
	return problems
}

func (c *checked) hasFunctions() bool {
	for _, f := range c.files[1:] {
		for _, d := range f.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				return true
			}
		}
	}
	return false
}

// isVariable tells whether the cell's top declares a variable of that name.
func (c *checked) isVariable(name string) bool {
	for _, stmt := range c.statements.run().Body.List {
		for _, id := range declaredAtTop(stmt) {
			if id.Name == name {
				return true
			}
		}
	}
	return false
}

// declaredAtTop returns the names that a statement declares.
func declaredAtTop(stmt ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		if stmt.Tok == token.DEFINE {
			for _, e := range stmt.Lhs {
				if id, ok := e.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		if g, ok := stmt.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				ids = append(ids, spec.(*ast.ValueSpec).Names...)
			}
		}
	case *ast.LabeledStmt:
		return declaredAtTop(stmt.Stmt)
	}
	return ids
}

// findVariables notes what the checker found for the variables of the top.
func (c *checked) findVariables(s *scope) {
	c.variables = nil
	for _, stmt := range c.statements.run().Body.List {
		for _, id := range declaredAtTop(stmt) {
			v, ok := c.info.Defs[id].(*types.Var)
			if !ok || id.Name == "_" {
				continue
			}
			found := &variable{name: id.Name, local: v, owner: c.cell.unit, typ: v.Type()}
			if e := s.entries[id.Name]; e != nil && e.decl == nil && types.Identical(e.obj.Type(), v.Type()) {
				found.owner = e.cell
			}
			c.variables = append(c.variables, found)
		}
	}
}

// last returns the expression that ends the cell, nil if another statement does, and
// whether its value is to be hidden: a semicolon follows, or nothing of the cell is shown.
func (c *checked) last() (stmt *ast.ExprStmt, hidden bool) {
	list := c.statements.run().Body.List
	if len(list) == 0 {
		return nil, false
	}
	stmt, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return nil, false
	}
	rest := strings.TrimSpace(c.statements.text[c.statements.offset(stmt.End()):])
	return stmt, c.cell.quiet || strings.HasPrefix(rest, ";")
}

// replaces tells whether the cell itself has what a declaration declares.
func (c *checked) replaces(d *declaration, methods, changed map[string]bool, s *scope) bool {
	for _, n := range d.names {
		if c.own[n] {
			return true
		}
	}
	if d.receiver == "" {
		return false
	}
	return methods[d.receiver+"."+d.method()]
}

// blame returns the declaration, compiled again for the cell's sake, that a problem is in;
// nil if one is in the cell itself.
func (c *checked) blame(problems Problems) *declaration {
	for _, p := range problems {
		if p.Cell == c.cell.number {
			return nil
		}
	}
	for _, d := range c.again {
		first, _ := place(d.source.text, d.source.chunks[d.chunk].start)
		last, _ := place(d.source.text, d.source.chunks[d.chunk].end)
		if p := problems[0]; p.Cell == d.source.number && first <= p.Line && p.Line <= last {
			return d
		}
	}
	return nil
}
