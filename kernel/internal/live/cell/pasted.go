package cell

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// Pasted makes a cell from text that may be a Go file or a part of one. It returns the text
// with everything that only a file has replaced by spaces: a byte order mark at its start,
// the package clause, build constraints, //line directives. All other bytes and all line
// ends stay where they are.
//
// The problems are what a cell cannot have, in Go's words where a Go file cannot have it
// either: bytes that are not text, a package clause after other code, a build constraint
// that does not hold in context, a function without a body, cgo, //go:embed and
// //go:linkname. The caller sets their Cell. A nil context means that constraints are not
// checked. All other errors are left to the parser.
func Pasted(text string, context *build.Context) (clean string, problems Problems) {
	b := []byte(text)
	if strings.HasPrefix(text, byteOrderMark) {
		BlankOut(b[:len(byteOrderMark)])
	}
	p := &pasting{text: text}
	if p.unreadable(string(b)) {
		return string(b), p.problems
	}
	if context != nil {
		p.constraints(string(b), context)
	}
	tokens := Lex(string(b))
	if len(tokens) > 0 && tokens[0].Tok == token.PACKAGE {
		end, ok := p.clause(tokens)
		if !ok {
			return string(b), p.problems
		}
		BlankOut(b[tokens[0].At:end])
	}
	all := Split(string(b))
	p.imports(string(b), all)
	for _, d := range p.directives(string(b)) {
		BlankOut(b[d.Start:d.End])
	}
	p.declarations(string(b), all)
	slices.SortStableFunc(p.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return string(b), p.problems
}

// pasting is the state of Pasted.
type pasting struct {
	text     string
	embeds   bool // the text imports package embed
	links    bool // the text has //go:linkname, with which functions need no body
	problems Problems
}

// fail records a problem at a byte of the text.
func (p *pasting) fail(offset int, format string, args ...any) {
	line, column := Place(p.text, offset)
	p.problems = append(p.problems, Problem{Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// unreadable finds the first thing that is not source text, unless there is a problem
// before it. It also reports an unterminated comment, since the parser does not detect all
// of them; in that case the rest of the text can be read.
func (p *pasting) unreadable(text string) bool {
	for i, r := range text {
		switch {
		case r == 0:
			p.fail(i, "invalid NUL character")
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			p.fail(i, "invalid UTF-8 encoding")
		case r == '\ufeff':
			p.fail(i, "invalid BOM in the middle of the file")
		default:
			continue
		}
		return true
	}
	first, message := 0, ""
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), func(at token.Position, m string) {
		if message == "" {
			first, message = at.Offset, m
		}
	}, 0)
	for tok := token.ILLEGAL; tok != token.EOF && message == ""; {
		_, tok, _ = s.Scan()
	}
	switch {
	case strings.HasPrefix(message, "illegal character U+"), strings.HasPrefix(message, "curly quotation mark"):
		p.fail(first, "%s", message)
		return true
	case message == "comment not terminated":
		p.fail(first, "%s", message)
	}
	return false
}

// clause returns the end of the package clause that the text begins with.
func (p *pasting) clause(tokens []Lexeme) (end int, ok bool) {
	last := tokens[min(2, len(tokens)-1)] // the semicolon, if the clause has a name
	_, err := parser.ParseFile(token.NewFileSet(), "", p.text[:last.End], parser.PackageClauseOnly|parser.SkipObjectResolution|parser.DeclarationErrors)
	var list scanner.ErrorList
	if errors.As(err, &list) {
		p.fail(list[0].Pos.Offset, "%s", list[0].Msg)
		return 0, false
	}
	if last.At == last.End { // a line end, which a comment may precede
		return tokens[1].End, true
	}
	return last.End, true
}

// parse parses a declaration. It returns nil on failure: the cell's own parser reports the
// reason.
func (p *pasting) parse(text string, c Chunk) *ast.File {
	f, err := parser.ParseFile(token.NewFileSet(), "", declPrefix+text[c.Start:c.End]+"\n", parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	return f
}

// imports checks the import declarations.
func (p *pasting) imports(text string, all []Chunk) {
	for _, c := range all {
		if c.Kind != Importing {
			continue
		}
		f := p.parse(text, c)
		if f == nil {
			continue
		}
		for _, spec := range f.Imports {
			switch spec.Path.Value {
			case `"C"`, "`C`":
				p.fail(c.Start+int(spec.Path.Pos()-f.FileStart)-len(declPrefix), `import "C": cgo is not supported in cells; a package of the module can use it`)
			case `"embed"`, "`embed`":
				p.embeds = true
			}
		}
	}
}

// declarations reports a package clause that is not at the start, and functions without a
// body.
func (p *pasting) declarations(text string, all []Chunk) {
	for i, c := range all {
		tokens := Lex(text[c.Start:c.End])
		switch {
		case len(tokens) == 0:
		case tokens[0].Tok == token.PACKAGE:
			p.fail(c.Start+tokens[0].At, "package statement must be first")
		case c.Kind == Declaring && tokens[0].Tok == token.FUNC && !p.links:
			next := ""
			if i+1 < len(all) {
				next = text[all[i+1].Start:all[i+1].End]
			}
			p.body(text, c, next)
		}
	}
}

// body reports a function without a body. next is the text after it.
func (p *pasting) body(text string, c Chunk, next string) {
	f := p.parse(text, c)
	if f == nil || len(f.Decls) != 1 {
		return
	}
	d, ok := f.Decls[0].(*ast.FuncDecl)
	if !ok || d.Body != nil {
		return
	}
	if tokens := Lex(next); len(tokens) > 0 && tokens[0].Tok == token.LBRACE {
		p.fail(c.End+tokens[0].At, "unexpected semicolon or newline before {")
		return
	}
	p.fail(c.Start+int(d.Name.Pos()-f.FileStart)-len(declPrefix), "missing function body")
}
