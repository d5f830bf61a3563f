package tests

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
)

// commented looks for declarations without comments.
type commented struct {
	fset     *token.FileSet
	internal bool     // the package is for us alone: its fields may speak for themselves
	found    []string // "dir/file.go:7: what is wrong"
}

func (c *commented) bad(n ast.Node, format string, args ...any) {
	p := c.fset.Position(n.Pos())
	file := filepath.Join(filepath.Base(filepath.Dir(p.Filename)), filepath.Base(p.Filename))
	c.found = append(c.found, fmt.Sprintf("%s:%d: %s", file, p.Line, fmt.Sprintf(format, args...)))
}

func (c *commented) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Recv != nil && !receiver(d).IsExported() {
			return
		}
		c.begins(d, d.Doc, d.Name.Name, "")
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					c.typeSpec(d, s)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						c.bad(name, "%s has no comment", name.Name)
					}
				}
			}
		}
	}
}

// begins holds a doc comment to its form: the name first, after an article at most.
func (c *commented) begins(n ast.Node, doc *ast.CommentGroup, name, articles string) {
	if doc == nil {
		c.bad(n, "%s has no doc comment", name)
		return
	}
	if text := doc.Text(); !regexp.MustCompile(`^` + articles + regexp.QuoteMeta(name) + `\b`).MatchString(text) {
		c.bad(n, "the comment of %s begins %.40q", name, text)
	}
}

func (c *commented) typeSpec(d *ast.GenDecl, s *ast.TypeSpec) {
	doc := s.Doc
	if doc == nil && len(d.Specs) == 1 {
		doc = d.Doc
	}
	c.begins(s, doc, s.Name.Name, `(?:An? |The )?`)
	switch of := s.Type.(type) {
	case *ast.StructType:
		c.fields(s.Name.Name, doc.Text(), of.Fields)
	case *ast.InterfaceType:
		c.fields(s.Name.Name, doc.Text(), of.Methods)
	}
}

// fields looks for exported fields, of packages that others can import, without a comment
// of their own. A comment above covers the lines that follow it, and the type's comment
// the fields that it names.
func (c *commented) fields(of, doc string, list *ast.FieldList) {
	if c.internal {
		return
	}
	covered, last := false, 0
	for _, f := range list.List {
		if f.Doc != nil {
			covered = true
		} else if c.fset.Position(f.Pos()).Line > last+1 {
			covered = false // a blank line ends the block
		}
		last = c.fset.Position(f.End()).Line
		for _, name := range f.Names {
			if name.IsExported() && !covered && f.Comment == nil && !names(doc, name.Name) {
				c.bad(name, "%s.%s has no comment", of, name.Name)
			}
		}
	}
}

// names reports whether a comment has a word, in capitals or not.
func names(doc, word string) bool {
	return regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`).MatchString(doc)
}

// receiver returns the name of a method's type.
func receiver(d *ast.FuncDecl) *ast.Ident {
	x := d.Recv.List[0].Type
	for {
		switch y := x.(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.IndexListExpr:
			x = y.X
		case *ast.Ident:
			return y
		default:
			panic(fmt.Sprintf("receiver of %s is a %T", d.Name.Name, x))
		}
	}
}
