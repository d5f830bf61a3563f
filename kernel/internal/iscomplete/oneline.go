package iscomplete

import (
	"go/token"
	"strings"
)

// oneLine returns a cell as statements on one line that parse if the cell does, and break
// off if it does. What is allowed only at the top of a file becomes what a function's body
// allows, token by token:
//
//	import name "path"         const _ = ""
//	func name[T any](…) {…}    type _ [T any,] int; func (…) {…}
//	func (r T) name(…) {…}     func (…) {…}
func oneLine(tokens []lexeme) string {
	w := &writer{tokens: tokens}
	w.packageClause()
	begins, depth := true, 0 // a statement, at the cell's top
	for w.more() {
		if begins && depth <= 0 {
			switch w.tokens[w.at].tok {
			case token.IMPORT:
				w.importDeclaration()
				continue
			case token.FUNC:
				if w.function() {
					begins = false
					continue
				}
			}
		}
		t := w.tokens[w.at]
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		begins = t.tok == token.SEMICOLON
		w.take()
	}
	return w.out.String()
}

// writer writes tokens again.
type writer struct {
	tokens []lexeme
	at     int // the next token
	out    strings.Builder
}

func (w *writer) more() bool { return w.at < len(w.tokens) }

// is reports whether the next tokens are the given ones.
func (w *writer) is(want ...token.Token) bool {
	for i, tok := range want {
		if w.at+i >= len(w.tokens) || w.tokens[w.at+i].tok != tok {
			return false
		}
	}
	return true
}

// take writes the next token.
func (w *writer) take() {
	t := w.tokens[w.at]
	w.at++
	switch {
	case t.tok == token.STRING:
		w.put(`""`) // a raw one can contain line breaks
	case t.tok == token.SEMICOLON:
		w.put(";")
	case t.tok.IsLiteral(), t.tok == token.ILLEGAL:
		w.put(t.text)
	default:
		w.put(t.tok.String())
	}
}

func (w *writer) put(text string) { w.out.WriteString(text + " ") }

// packageClause writes one that breaks off. A complete one is not part of the cell's Go.
func (w *writer) packageClause() {
	if w.is(token.PACKAGE) && len(w.tokens) == 1 {
		w.at++
		w.put("_ =") // which breaks off too
	}
}

// importDeclaration writes an import as a declaration of constants.
func (w *writer) importDeclaration() {
	w.at++
	w.put("const")
	group := w.is(token.LPAREN)
	if group {
		w.take()
	}
	for w.more() && !w.is(token.RPAREN) {
		if w.is(token.SEMICOLON) {
			w.take()
			if !group {
				return
			}
			continue
		}
		w.put("_ =")
		if w.is(token.IDENT) || w.is(token.PERIOD) {
			w.at++
		}
		if !w.more() {
			return
		}
		if !w.is(token.STRING) {
			w.put("import") // nothing can follow this
			return
		}
		w.take()
	}
	if group && w.more() {
		w.take()
		if w.is(token.SEMICOLON) {
			w.take()
		}
	}
}

// function writes func for a declaration of a function or method, without its receiver and
// name, and with its type parameters as those of a type before it. It reports whether one
// begins here: a literal does not count.
func (w *writer) function() bool {
	switch start := w.at; {
	case w.is(token.FUNC, token.IDENT):
		w.at += 2
		if w.is(token.LBRACK) && !w.typeParameters() {
			return true
		}
	case w.is(token.FUNC, token.LPAREN):
		w.at++
		if w.pass(func(int) { w.at++ }); !w.is(token.IDENT, token.LPAREN) {
			w.at = start
			return false
		}
		w.at++
	default:
		return false
	}
	w.put("func")
	return true
}

// typeParameters writes them as those of a type, and reports whether they are complete.
func (w *writer) typeParameters() (closed bool) {
	w.put("type _")
	w.pass(func(depth int) {
		if depth == 0 && w.tokens[w.at-1].tok != token.COMMA {
			w.put(",") // without it [P *C] is an array
		}
		w.take()
		closed = depth == 0
	})
	if closed {
		w.put("int ;")
	}
	return closed
}

// pass calls do for each token of a bracket, up to its end, with the number of brackets
// that are open after it.
func (w *writer) pass(do func(depth int)) {
	for depth := 0; w.more(); {
		switch w.tokens[w.at].tok {
		case token.LBRACK, token.LPAREN, token.LBRACE:
			depth++
		case token.RBRACK, token.RPAREN, token.RBRACE:
			depth--
		}
		if do(depth); depth == 0 {
			return
		}
	}
}
