package cell

import (
	"cmp"
	"errors"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// ParserProblems converts the error of [Source.Parse] for a file into problems at places in
// the cell, worded for the cell: the text that we put around its code is not mentioned.
// Errors that the parser detects only at the end of the cell are reported only if there is
// no earlier one.
func ParserProblems(f *File, err error) Problems {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return Problems{{Cell: f.Source.Number, Line: 1, Column: 1, Message: err.Error(), Unit: f.Source.Unit}}
	}
	var all Problems
	add := func(offset int, message string) {
		line, column := Place(f.Source.Text, offset)
		all = append(all, Problem{Cell: f.Source.Number, Line: line, Column: column, Message: message, Unit: f.Source.Unit})
	}
	// the package clause in front and the text behind are not the cell's
	offset := func(e *scanner.Error) int { return e.Pos.Offset - int(f.At-f.AST.FileStart) }
	first := offset(slices.MinFunc(list, func(a, b *scanner.Error) int { return cmp.Compare(a.Pos.Offset, b.Pos.Offset) }))
	brackets := bracketsOf(f.Text)
	if at, message := brackets.stray(); message != "" && at <= first {
		add(at, message)
		return all
	}
	if at, message := brackets.openHeader(first); message != "" {
		add(at, message)
		return all
	}
	end := len(strings.TrimRight(f.Source.Text, " \t\r\n"))
	for _, e := range list {
		at := offset(e)
		switch {
		case at >= end && first < end:
			continue
		case at >= len(f.Source.Text):
			e.Msg = strings.Replace(e.Msg, "found '}'", "found 'EOF'", 1)
		case brackets.outside(at):
			if found, ok := strings.CutPrefix(e.Msg, "expected '}', found "); ok {
				e.Msg = "unexpected " + strings.Trim(found, "'")
			}
		}
		add(min(at, end), e.Msg)
	}
	return all
}

// brackets is the tokens of a text, each with the number of brackets that are open before
// it.
type brackets struct {
	tokens []Lexeme
	depth  []int
}

func bracketsOf(text string) *brackets {
	b := &brackets{tokens: Lex(text)}
	depth := 0
	for _, t := range b.tokens {
		b.depth = append(b.depth, depth)
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
	}
	return b
}

// stray returns the place of the first bracket that closes nothing, and the message for it;
// "" if there is none.
func (b *brackets) stray() (at int, message string) {
	for i, t := range b.tokens {
		if b.depth[i] == 0 && (t.Tok == token.RPAREN || t.Tok == token.RBRACK || t.Tok == token.RBRACE) {
			return t.At, "unexpected " + t.Tok.String()
		}
	}
	return 0, ""
}

// outside reports whether a place is outside all brackets.
func (b *brackets) outside(at int) bool {
	for i, t := range b.tokens {
		if t.At >= at {
			return b.depth[i] == 0
		}
	}
	return false
}

// openHeader returns the end of the line of an if, for or switch without a brace, if the
// parser's first problem is there or in what follows, and the message for it; "" if there
// is none.
func (b *brackets) openHeader(first int) (at int, message string) {
	for i := len(b.tokens) - 1; i >= 0; i-- {
		t := b.tokens[i]
		if t.At >= first || t.Tok != token.IF && t.Tok != token.FOR && t.Tok != token.SWITCH {
			continue
		}
		for j := i + 1; j < len(b.tokens) && b.tokens[j].At <= first && b.depth[j] >= b.depth[i]; j++ {
			switch s := b.tokens[j]; {
			case b.depth[j] > b.depth[i]:
			case s.Tok == token.LBRACE:
				return 0, ""
			case s.Tok == token.SEMICOLON && s.At == s.End:
				return b.tokens[j-1].End, "unexpected newline, expected { after " + t.Tok.String() + " clause"
			}
		}
		return 0, ""
	}
	return 0, ""
}
