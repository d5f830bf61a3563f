package live

import (
	"go/scanner"
	"go/token"
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
func split(cell string) []chunk {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(cell))
	s.Init(file, []byte(cell), nil, 0)
	var tokens []lexeme
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		if tok == token.EOF {
			break
		}
		end := at + len(lit)
		if lit == "" || tok.IsOperator() && tok != token.SEMICOLON {
			end = at + len(tok.String())
		}
		if tok == token.SEMICOLON && lit != ";" {
			end = at // put in by the scanner, at a line's end
		}
		tokens = append(tokens, lexeme{tok, at, min(end, len(cell))})
	}
	var chunks []chunk
	start := 0
	for i := 0; i < len(tokens); {
		kind := kindOf(tokens[i:])
		depth := 0
		for ; i < len(tokens); i++ {
			switch tokens[i].tok {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth++
			case token.RPAREN, token.RBRACK, token.RBRACE:
				depth--
			}
			if tokens[i].tok == token.SEMICOLON && depth <= 0 {
				break
			}
		}
		end := len(cell)
		if i < len(tokens) {
			end = tokens[i].end
			i++
		}
		chunks = append(chunks, chunk{kind, start, end})
		start = end
	}
	if start < len(cell) {
		chunks = append(chunks, chunk{blank, start, len(cell)})
	}
	return chunks
}

// lexeme is a token and where it stands.
type lexeme struct {
	tok     token.Token
	at, end int
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
	depth := 0
	for i, t := range tokens {
		switch t.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			if depth--; depth == 0 {
				return i+2 < len(tokens) && tokens[i+1].tok == token.IDENT && tokens[i+2].tok == token.LPAREN
			}
		}
	}
	return false
}
