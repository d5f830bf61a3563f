package cell

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// keep finds the declarations of the cell that are there already, word for word: the same
// type stays the same type when its cell runs again. They are taken out of what is declared.
func (c *Checked) keep() error {
	c.kept = map[int]*declaration{}
	for _, d := range c.declared.AST.Decls {
		at := c.Cell.chunkAt(c.declared.Offset(d.Pos()))
		if at < 0 || c.Cell.Chunks[at].Kind != Declaring {
			continue
		}
		k := c.Cell.Chunks[at]
		if old := c.program.declares(d); old != nil && sameTokens(old.code(), c.Cell.Text[k.Start:k.End]) {
			c.kept[at] = old
		}
	}
	if len(c.kept) == 0 {
		return nil
	}
	return c.parseDeclared()
}

// parseDeclared parses the declarations of the cell that are not kept.
func (c *Checked) parseDeclared() (err error) {
	c.declared, err = c.Cell.Parse(c.program.fset, false, func(i int, k Chunk) bool {
		return (k.Kind == Declaring || k.Kind == Importing) && c.kept[i] == nil
	})
	return err
}

// unkeep declares again what cannot be kept, since something that it uses is replaced. It
// tells whether there was any.
func (c *Checked) unkeep() bool {
	n := len(c.kept)
	for at, d := range c.kept {
		if slices.Contains(c.again, d) {
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

// declares returns the session's declaration of just what another declares, if that is what
// its names mean; nil for what runs when it is declared.
func (p *Program) declares(d ast.Decl) *declaration {
	if f, ok := d.(*ast.FuncDecl); ok {
		if f.Recv != nil {
			if t := p.current[receiver(f)]; t != nil && t.methods[f.Name.Name] != nil {
				return t.methods[f.Name.Name].decl
			}
			return nil
		}
		if n := f.Name.Name; n == "main" || isInit(f) || strings.HasPrefix(n, "Test") || strings.HasPrefix(n, "Benchmark") {
			return nil
		}
	}
	var found *declaration
	for _, n := range declares(d) {
		t := p.current[n]
		if t == nil || t.decl == nil || found != nil && t.decl != found {
			return nil
		}
		found = t.decl
	}
	if found == nil || len(found.things) != len(declares(d)) {
		return nil
	}
	return found
}

// sameTokens tells whether two texts differ in comments and space alone.
func sameTokens(a, b string) bool {
	return slices.Equal(words(a), words(b))
}

// words returns the tokens of a text, without the semicolons that may be left out.
func words(text string) []string {
	tokens := Lex(text)
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
