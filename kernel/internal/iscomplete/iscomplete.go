// Package iscomplete decides whether a cell that is being typed is complete by Go's
// grammar.
package iscomplete

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
	live "github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// The answers, by the names of Jupyter's protocol.
const (
	Complete   = "complete"
	Incomplete = "incomplete" // more lines could make it a cell that parses
	Invalid    = "invalid"    // no further lines could
)

// Check reports whether a cell is [Complete], [Incomplete] or [Invalid], and, if it is
// incomplete, what the next line begins with. It checks only syntax: a cell with undefined
// names can be complete. A file with package clause, imports and functions is a cell too.
//
// A command of package dialect is complete unless it ends in a backslash. A cell that
// belongs to one command is text in another language: an empty line ends it.
func Check(code string) (status, indent string) {
	cell := dialect.Parse(code)
	switch {
	case cell.Whole != nil:
		last := cell.Body[strings.LastIndexByte(cell.Body, '\n')+1:]
		if strings.Contains(strings.TrimLeft(code, " \t\r\n"), "\n") && strings.TrimSpace(last) == "" {
			return Complete, ""
		}
		return Incomplete, ""
	case cell.Open:
		return Incomplete, ""
	}
	code, _ = live.Pasted(cell.Go, nil)
	tokens, open, wrong := lex(code)
	if wrong {
		return Invalid, ""
	}
	if status = parse(oneLine(tokens), open); status == Incomplete && !open {
		indent = indentation(tokens)
	}
	return status, indent
}

// lexeme is a token of a cell.
type lexeme struct {
	tok  token.Token
	text string // of names and literals
	line int
}

// lex returns the tokens of a cell, including those that Go inserts at the ends of lines.
// open reports that it ends in a raw string or comment, wrong that something in it is not a
// Go token, whatever follows.
func lex(code string) (tokens []lexeme, open, wrong bool) {
	code += "\n"
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(_ token.Position, message string) {
		switch message {
		case "comment not terminated", "raw string literal not terminated":
			open = true
		default:
			wrong = true
		}
	}, 0)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		if open && tok == token.SEMICOLON {
			break // inserted after what is still open
		}
		tokens = append(tokens, lexeme{tok, text, file.Line(pos)})
	}
	return tokens, open, wrong
}

// parse parses the statements of a cell, which are one line of text, because the parser
// reports only the first error on a line, and what follows an error means nothing.
func parse(text string, open bool) string {
	const before = "package p; func _() { "
	file, err := parser.ParseFile(token.NewFileSet(), "", before+text+"}", parser.SkipObjectResolution)
	if err == nil && !open {
		list := file.Decls[0].(*ast.FuncDecl).Body.List
		if len(file.Decls) > 1 {
			return Invalid
		}
		return ended(list)
	}
	_, err = parser.ParseFile(token.NewFileSet(), "", before+text, parser.SkipObjectResolution)
	if list, ok := err.(scanner.ErrorList); ok && list[0].Pos.Offset >= len(before)+len(text) {
		return Incomplete
	}
	return Invalid
}

// ended classifies statements that parse.
func ended(list []ast.Stmt) string {
	for i, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			// A function without a body, whose brace cannot follow on another line.
			if _, ok := s.X.(*ast.FuncType); ok {
				return Invalid
			}
		case *ast.LabeledStmt:
			if empty, ok := s.Stmt.(*ast.EmptyStmt); ok && empty.Implicit && i == len(list)-1 {
				return Incomplete // the labelled statement follows
			}
		}
	}
	return Complete
}

// indentation returns what the line after the tokens begins with: a tab for each line with
// an open bracket, and one more in a case and where the last line continues.
func indentation(tokens []lexeme) string {
	type bracket struct {
		line     int
		choosing bool // it is between case, or default, and the colon
		chosen   bool // after such a colon
	}
	var open []bracket
	for _, t := range tokens {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, bracket{line: t.line})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			open = open[:max(0, len(open)-1)]
		case token.CASE, token.DEFAULT:
			if n := len(open); n > 0 {
				open[n-1].choosing = true
			}
		case token.COLON:
			if n := len(open); n > 0 && open[n-1].choosing {
				open[n-1].choosing, open[n-1].chosen = false, true
			}
		}
	}
	n := 0
	for i, b := range open {
		if i == 0 || open[i-1].line != b.line {
			n++
		}
		if b.chosen && !b.choosing {
			n++
		}
	}
	if len(tokens) > 0 {
		switch tokens[len(tokens)-1].tok {
		case token.SEMICOLON, token.LPAREN, token.LBRACK, token.LBRACE, token.COLON:
		case token.COMMA:
			if len(open) == 0 {
				n++
			}
		default:
			n++
		}
	}
	return strings.Repeat("\t", n)
}
