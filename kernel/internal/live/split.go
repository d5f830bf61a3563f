package live

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// chunk is one declaration or statement of a cell, with what stands before it since the
// chunk before: all chunks in order are the cell.
type chunk struct {
	kind       chunkKind
	start, end int // bytes of the cell
}

type chunkKind int

const (
	blank       chunkKind = iota // comments and space at the end
	importing                    // import
	declaring                    // func, method, type, const
	instructing                  // everything else, var too: it runs where it stands
)

// split divides a cell. What is no Go comes out as statements, for the parser to complain
// of.
func split(cell string) []chunk { return chunks(cell, lex(cell), func([]lexeme) bool { return false }) }

// chunks divides a cell at the semicolons outside brackets, and before tokens that breaks
// tells to begin a chunk wherever they are.
func chunks(cell string, tokens []lexeme, breaks func([]lexeme) bool) []chunk {
	var all []chunk
	start := 0
	for i := 0; i < len(tokens); {
		kind := kindOf(tokens[i:])
		end := len(cell)
		depth := 0
		for first := i; i < len(tokens) && end == len(cell); i++ {
			switch tokens[i].tok {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth++
			case token.RPAREN, token.RBRACK, token.RBRACE:
				depth--
			}
			if tokens[i].tok == token.SEMICOLON && depth <= 0 {
				end = tokens[i].end
			} else if i > first && breaks(tokens[i:]) {
				end = tokens[i].at
				i--
			}
		}
		all = append(all, chunk{kind, start, end})
		start = end
	}
	if start < len(cell) {
		all = append(all, chunk{blank, start, len(cell)})
	}
	return all
}

// lexeme is a token and where it stands.
type lexeme struct {
	tok     token.Token
	at, end int
}

// lex returns the tokens of a cell, those that the scanner puts in at the ends of lines
// too, each with no bytes.
func lex(cell string) []lexeme {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(cell))
	s.Init(file, []byte(cell), nil, 0)
	var tokens []lexeme
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		if tok == token.EOF {
			return tokens
		}
		end := at + len(lit)
		if lit == "" || tok.IsOperator() && tok != token.SEMICOLON {
			end = at + len(tok.String())
		}
		switch {
		case tok == token.SEMICOLON && lit != ";":
			at = behindComment(cell, lastEnd(tokens), at)
			end = at
		case tok == token.ILLEGAL:
			_, n := utf8.DecodeRuneInString(cell[at:])
			end = at + n
		case lit != "" && lit[0] == '`': // lit has no carriage returns
			if n := strings.IndexByte(cell[at+1:], '`'); n >= 0 {
				end = at + n + 2
			} else {
				end = len(cell)
			}
		}
		tokens = append(tokens, lexeme{tok, at, min(end, len(cell))})
	}
}

// lastEnd returns where the last token ends.
func lastEnd(tokens []lexeme) int {
	if len(tokens) == 0 {
		return 0
	}
	return tokens[len(tokens)-1].end
}

// behindComment returns the end of the comment that a place is in, the place itself if it
// is in none. Before it there are but comments and space after a token's end.
func behindComment(cell string, end, at int) int {
	for i := end; i < at; i++ {
		switch {
		case strings.HasPrefix(cell[i:], "//"):
			return at
		case strings.HasPrefix(cell[i:], "/*"):
			n := strings.Index(cell[i+2:], "*/")
			if n < 0 {
				return len(cell)
			}
			i += n + 3
			if i >= at {
				return i + 1
			}
		}
	}
	return at
}

// kindOf tells what the tokens begin with.
func kindOf(tokens []lexeme) chunkKind {
	switch tokens[0].tok {
	case token.IMPORT:
		return importing
	case token.TYPE, token.CONST:
		return declaring
	case token.FUNC:
		if len(tokens) > 1 && tokens[1].tok == token.IDENT || isMethod(tokens) {
			return declaring
		}
	}
	return instructing
}

// isMethod tells func (r T) Name( from a function literal.
func isMethod(tokens []lexeme) bool {
	if len(tokens) < 2 || tokens[1].tok != token.LPAREN {
		return false
	}
	depth := 0
	for i, t := range tokens {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth <= 0 {
				return t.tok == token.RPAREN && i+2 < len(tokens) && tokens[i+1].tok == token.IDENT && tokens[i+2].tok == token.LPAREN
			}
		}
	}
	return false
}
