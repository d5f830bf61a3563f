package check

import (
	"go/ast"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// part is a statement of the cell, or a declaration that is already moved first.
type part struct {
	node       ast.Node
	chunk      int
	line       int
	names      []*ast.Ident // declared by the part
	isVar      bool         // a declaration by var
	isShort    bool         // a declaration by :=
	isFunction bool         // declares a variable as a function literal, which runs when it is called
	all        *touched     // everything in it, function literals too
	does       *touched     // what it does itself
}

// parts returns the parts of the cell, in order.
func (c *Cell) parts() (parts []*part) {
	add := func(p *part, f *cell.File) {
		p.chunk = c.Source.ChunkAt(f.Offset(p.node.Pos()))
		p.line, _ = cell.Place(c.Source.Text, f.Offset(p.node.Pos()))
		parts = append(parts, p)
	}
	for _, stmt := range c.Statements.Body().Body.List {
		p := &part{node: stmt, names: cell.DeclaredAtTop(stmt), isVar: cell.IsVar(stmt), isShort: cell.IsShort(stmt)}
		if d := p.declaration(); d != nil && !p.isVar { // declares constants
			for _, spec := range d.Specs {
				p.names = append(p.names, spec.(*ast.ValueSpec).Names...)
			}
		}
		add(p, c.Statements)
	}
	if c.First != nil {
		for _, d := range c.First.AST.Decls {
			p := &part{node: d}
			for _, spec := range d.(*ast.GenDecl).Specs {
				p.names = append(p.names, spec.(*ast.ValueSpec).Names...)
				_, p.isShort = c.First.Short[spec]
			}
			p.isVar = !p.isShort
			add(p, c.First)
		}
	}
	slices.SortStableFunc(parts, func(p, q *part) int { return p.chunk - q.chunk })
	return parts
}

// newArranging prepares arranging from the type checker's latest results.
func (c *Cell) newArranging() *arranging {
	a := &arranging{reach: c.newReach(), parts: c.parts(), declares: map[string]*part{}, first: map[int]bool{}}
	for _, p := range a.parts {
		if body := p.literal(); body != nil {
			p.isFunction = true
			a.code[p.names[0].Name] = &code{body: body}
		}
	}
	for _, p := range a.parts {
		for _, id := range p.names {
			if _, twice := a.declares[id.Name]; twice {
				a.declares[id.Name] = nil
			} else {
				a.declares[id.Name] = p
			}
		}
	}
	for _, p := range a.parts {
		if p.all = a.through(&code{body: p.node}); p.isFunction {
			p.does = newTouched()
		} else {
			p.does = p.all
		}
	}
	for _, d := range c.Declarations.AST.Decls {
		if isInit(d) {
			a.inits = append(a.inits, d.(*ast.FuncDecl))
		}
	}
	for at := range c.first {
		if !c.ahead[at] { // these are checked here, the others were before
			a.first[at] = true
		}
	}
	return a
}

// declaration returns the declaration that a part consists of; nil for other statements and
// for :=.
func (p *part) declaration() *ast.GenDecl {
	n := p.node
	if d, ok := n.(*ast.DeclStmt); ok {
		n = d.Decl
	}
	g, _ := n.(*ast.GenDecl)
	return g
}

// literal returns the body of the function literal that a variable is declared as; nil if
// it is declared as something else.
func (p *part) literal() ast.Node {
	var values []ast.Expr
	if d := p.declaration(); d != nil && len(d.Specs) == 1 {
		values = d.Specs[0].(*ast.ValueSpec).Values
	} else if p.isShort && d == nil {
		values = p.node.(*ast.AssignStmt).Rhs
	}
	if len(values) == 1 {
		if f, ok := ast.Unparen(values[0]).(*ast.FuncLit); ok {
			return f.Body
		}
	}
	return nil
}
