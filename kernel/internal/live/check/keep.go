package check

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// keep finds the declarations of the cell that exist already, word for word, and does not
// declare them again: the same type stays the same type when its cell runs again.
func (c *Cell) keep() error {
	c.kept = map[int][]*program.Declaration{}
	for _, d := range c.Declarations.AST.Decls {
		at := c.Source.ChunkAt(c.Declarations.Offset(d.Pos()))
		if at < 0 || c.Source.Chunks[at].Kind != cell.Declaring {
			continue
		}
		if slices.ContainsFunc(cell.Declares(d), c.declaresAtTop) { // declared twice, which is an error
			continue
		}
		if all := c.standingTypes(d); all != nil {
			c.kept[at] = all
			continue
		}
		k := c.Source.Chunks[at]
		if old := standing(c.Program, d); old != nil && c.stands(old, d) && sameTokens(old.Code(), c.Source.Text[k.Start:k.End]) {
			c.kept[at] = []*program.Declaration{old}
		}
	}
	if len(c.kept) == 0 {
		return nil
	}
	return c.parseDeclared()
}

// parseDeclared parses the declarations of the cell that are not kept.
func (c *Cell) parseDeclared() (err error) {
	c.Declarations, err = c.Source.Parse(c.fset, false, func(i int, k cell.Chunk) bool {
		return (k.Kind == cell.Declaring || k.Kind == cell.Importing) && c.kept[i] == nil
	})
	return err
}

// unkeep declares again those of some declarations that cannot be kept because something
// that they use is replaced. It reports whether there were any.
func (c *Cell) unkeep(of []*program.Declaration) bool {
	n := len(c.kept)
	for at, all := range c.kept {
		if slices.ContainsFunc(all, func(d *program.Declaration) bool { return slices.Contains(of, d) }) {
			delete(c.kept, at)
		}
	}
	if len(c.kept) == n {
		return false
	}
	if err := c.parseDeclared(); err != nil {
		return false // it parsed before
	}
	c.findOwn()
	return true
}

// standing returns the session's declaration with the same text and the same meaning of its
// names as another; nil for functions that run when they are declared.
func standing(p *program.Program, d ast.Decl) *program.Declaration {
	if f, ok := d.(*ast.FuncDecl); ok {
		if f.Recv != nil {
			if t := p.Lookup(cell.Receiver(f)); t != nil && t.Methods[f.Name.Name] != nil {
				return t.Methods[f.Name.Name].Declaration
			}
			return nil
		}
		if n := f.Name.Name; n == "main" || cell.IsInit(f) || cell.TestPrefix(n) != "" {
			return nil
		}
	}
	var found *program.Declaration
	for _, n := range cell.Declares(d) {
		t := p.Lookup(n)
		if t == nil || t.Declaration == nil || found != nil && t.Declaration != found {
			return nil
		}
		found = t.Declaration
	}
	if found == nil || len(found.Things) != len(cell.Declares(d)) {
		return nil
	}
	return found
}

// standingTypes returns the session's declarations of the types that another declares, if
// they are the same word for word, grouped or not; nil otherwise.
func (c *Cell) standingTypes(d ast.Decl) []*program.Declaration {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE {
		return nil
	}
	var all []*program.Declaration
	for _, spec := range g.Specs {
		spec := spec.(*ast.TypeSpec)
		t := c.Program.Lookup(spec.Name.Name)
		if t == nil || t.Class != program.Type || !c.stands(t.Declaration, g) ||
			!sameTokens(t.Head.Text, c.Declarations.Text[c.Declarations.Offset(spec.Pos()):c.Declarations.Offset(spec.End())]) {
			return nil
		}
		all = append(all, t.Declaration)
	}
	return all
}

// stands reports whether a declaration would mean the same if the cell declared it now.
func (c *Cell) stands(d *program.Declaration, now ast.Decl) bool {
	for t := range d.Uses {
		if c.Program.Lookup(t.Name) != t && !c.shadowsAll(now, t.Name, t) {
			return false
		}
	}
	for n := range d.Outer {
		if _, is := c.shadowedThing(n); is && !c.shadowsAll(now, n, nil) {
			return false
		}
	}
	return !d.Stale && c.importsStand(d)
}

// shadowsAll reports whether a name means what a variable or constant shadows wherever it
// stands in a declaration of the cell: a type, or nil for a name of Go's or of a dot
// import.
func (c *Cell) shadowsAll(in ast.Decl, name string, of *program.Thing) bool {
	for _, id := range outerNames(c.Declarations.AST) {
		if id.Name == name && in.Pos() <= id.Pos() && id.Pos() < in.End() {
			if t, is := c.shadowed[id]; !is || t != of {
				return false
			}
		}
	}
	return true
}

// sameTokens reports whether two texts differ only in comments and space.
func sameTokens(a, b string) bool {
	return slices.Equal(words(a), words(b))
}

// words returns the tokens of a text, without the optional semicolons.
func words(text string) []string {
	tokens := cell.Lex(text)
	var all []string
	for i, t := range tokens {
		switch {
		case t.Tok != token.SEMICOLON:
			all = append(all, text[t.At:t.End])
		case i+1 < len(tokens) && tokens[i+1].Tok != token.RBRACE && tokens[i+1].Tok != token.RPAREN:
			all = append(all, ";")
		}
	}
	return all
}
