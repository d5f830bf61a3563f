package cell

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// Chunk is one declaration or statement of a cell, together with the text since the chunk
// before. All chunks in order make up the cell.
type Chunk struct {
	Kind       Kind
	Start, End int // bytes of the cell
}

// Kind is the kind of a chunk.
type Kind int

const (
	Blank       Kind = iota // comments and space at the end
	Importing               // import
	Declaring               // func, method, type, const
	Instructing             // everything else, var too: it runs in its place
)

// Split divides a cell into chunks. Text that is not Go becomes statements, so that the
// parser reports it.
func Split(cell string) []Chunk { return Chunks(cell, Lex(cell), func([]Lexeme) bool { return false }) }

// Chunks divides a cell at the semicolons outside brackets, and before tokens for which
// breaks returns true: they begin a chunk wherever they are.
func Chunks(cell string, tokens []Lexeme, breaks func([]Lexeme) bool) []Chunk {
	var all []Chunk
	start := 0
	for i := 0; i < len(tokens); {
		kind := KindOf(tokens[i:])
		end := len(cell)
		depth := 0
		for first := i; i < len(tokens) && end == len(cell); i++ {
			switch tokens[i].Tok {
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth++
			case token.RPAREN, token.RBRACK, token.RBRACE:
				depth--
			}
			if tokens[i].Tok == token.SEMICOLON && depth <= 0 {
				end = tokens[i].End
			} else if i > first && breaks(tokens[i:]) {
				end = tokens[i].At
				i--
			}
		}
		all = append(all, Chunk{kind, start, end})
		start = end
	}
	if start < len(cell) {
		all = append(all, Chunk{Blank, start, len(cell)})
	}
	return all
}

// Lexeme is a token with its place.
type Lexeme struct {
	Tok     token.Token
	At, End int
}

// Lex returns the tokens of a cell. The semicolons that the scanner inserts at line ends
// are included, with no bytes each.
func Lex(cell string) []Lexeme {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(cell))
	s.Init(file, []byte(cell), nil, 0)
	var tokens []Lexeme
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
			at = behindComment(cell, LastEnd(tokens), at)
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
		tokens = append(tokens, Lexeme{tok, at, min(end, len(cell))})
	}
}

// LastEnd returns the end of the last token.
func LastEnd(tokens []Lexeme) int {
	if len(tokens) == 0 {
		return 0
	}
	return tokens[len(tokens)-1].End
}

// behindComment returns the end of the comment that contains a place, or the place itself
// if it is in no comment. Between end, where a token ends, and the place there are only
// comments and space.
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

// KindOf returns the kind of the chunk that begins with the tokens.
func KindOf(tokens []Lexeme) Kind {
	switch tokens[0].Tok {
	case token.IMPORT:
		return Importing
	case token.TYPE, token.CONST:
		return Declaring
	case token.FUNC:
		if len(tokens) > 1 && tokens[1].Tok == token.IDENT || isMethod(tokens) {
			return Declaring
		}
	}
	return Instructing
}

// isMethod distinguishes func (r T) Name( from a function literal.
func isMethod(tokens []Lexeme) bool {
	if len(tokens) < 2 || tokens[1].Tok != token.LPAREN {
		return false
	}
	depth := 0
	for i, t := range tokens {
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth <= 0 {
				return t.Tok == token.RPAREN && i+2 < len(tokens) && tokens[i+1].Tok == token.IDENT && tokens[i+2].Tok == token.LPAREN
			}
		}
	}
	return false
}

// BeginsLine returns a function that reports whether tokens begin a declaration at the very
// beginning of a line: such a declaration does not belong to the code before it, whatever
// brackets are open there.
func BeginsLine(code string) func([]Lexeme) bool {
	return func(tokens []Lexeme) bool {
		if at := tokens[0].At; at > 0 && code[at-1] != '\n' {
			return false
		}
		kind := KindOf(tokens)
		return kind == Declaring || kind == Importing
	}
}
