package editor

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// cursor is a place in a cell that is being typed.
type cursor struct {
	code       string
	at         int // the place, at the start of a rune
	start, end int // of the name at or beside the cursor; both equal at if there is none
	region     region
	before     []cell.Lexeme // the tokens before start
}

// region is the kind of text at a place.
type region int

const (
	inCode   region = iota
	inText          // a string, a comment, or behind a number
	inImport        // the string of an import declaration; the path runs from start to end
)

// withoutPlaceholder removes the placeholder at the cursor from a cell's source: a function
// that is being typed may end behind the cursor.
var withoutPlaceholder = strings.NewReplacer("."+cell.Placeholder, "", cell.Placeholder, "")

// findCursor returns the cursor at a byte of a cell.
func findCursor(code string, at int) cursor {
	at = max(0, min(at, len(code)))
	for back := 1; back < utf8.UTFMax && back <= at; back++ {
		if _, n := utf8.DecodeRuneInString(code[at-back:]); n > back {
			at -= back
			break
		}
	}
	c := cursor{code: code, at: at, start: at, end: at}
	tok, start := lastToken(code[:at])
	switch tok {
	case token.STRING:
		c.region = inText
		c.importPath(start + 1)
		return c
	case token.COMMENT, token.CHAR, token.INT, token.FLOAT, token.IMAG:
		c.region = inText
		return c
	}
	for c.start > 0 {
		r, n := utf8.DecodeLastRuneInString(code[:c.start])
		if !nameRune(r) {
			break
		}
		c.start -= n
	}
	for c.end < len(code) {
		r, n := utf8.DecodeRuneInString(code[c.end:])
		if !nameRune(r) {
			break
		}
		c.end += n
	}
	if r, _ := utf8.DecodeRuneInString(code[c.start:c.end]); unicode.IsDigit(r) { // the cursor is before a number
		c.start, c.end = at, at
	}
	c.before = cell.Lex(code[:c.start])
	if n := len(c.before); n > 0 && c.before[n-1].Tok == token.SEMICOLON && c.before[n-1].At == c.before[n-1].End && !strings.Contains(code[cell.LastEnd(c.before[:n-1]):c.start], "\n") {
		c.before = c.before[:n-1] // inserted because the text ends here
	}
	return c
}

func nameRune(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// lastToken returns the token that is unfinished at the end of a text, and its start:
// token.ILLEGAL if there is none.
func lastToken(text string) (token.Token, int) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	closed := true // whether the last literal is
	s.Init(file, []byte(text), func(_ token.Position, msg string) {
		if strings.Contains(msg, "not terminated") {
			closed = false
		}
	}, scanner.ScanComments)
	last, at := token.ILLEGAL, 0
	for {
		closed = true
		pos, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return last, at
		case tok == token.SEMICOLON && lit == "\n":
			if file.Offset(pos) < len(text) {
				last = token.ILLEGAL
			}
			continue
		}
		last, at = tok, file.Offset(pos)
		switch tok {
		case token.STRING, token.CHAR:
			if closed || text[at] != '`' && strings.HasSuffix(text, "\n") {
				last = token.ILLEGAL
			}
		case token.COMMENT:
			line := strings.HasPrefix(lit, "//")
			if line && strings.Contains(text[at:], "\n") || !line && closed {
				last = token.ILLEGAL
			}
		case token.INT, token.FLOAT, token.IMAG:
			if at+len(lit) < len(text) {
				last = token.ILLEGAL
			}
		}
	}
}

// importPath sets the cursor's region, start and end if the string that begins before start
// is an import path.
func (c *cursor) importPath(start int) {
	tokens := cell.Lex(c.code[:start-1])
	for i := len(tokens) - 1; i >= 0; i-- {
		switch tokens[i].Tok {
		case token.IDENT, token.PERIOD, token.STRING, token.LPAREN, token.SEMICOLON:
			continue
		case token.IMPORT:
			c.region = inImport
		}
		break
	}
	if c.region != inImport {
		return
	}
	c.start, c.end = start, start
	for c.end < len(c.code) && !strings.ContainsRune("\"`\n", rune(c.code[c.end])) {
		c.end++
	}
	c.end = max(c.end, c.at)
}

// isMember reports whether the name stands behind a dot.
func (c *cursor) isMember() bool {
	n := len(c.before)
	return n > 0 && c.before[n-1].Tok == token.PERIOD
}

// repaired returns the cell with name in place of the one at the cursor, the chunk ended
// behind it and its brackets closed; the chunks of the result; and the index of the
// cursor's chunk.
func (c *cursor) repaired(name string) (code string, all []cell.Chunk, here int) {
	upTo := c.code[:c.start] + name
	tokens := cell.Lex(upTo)
	all = cell.Chunks(upTo, tokens, cell.BeginsLine(upTo))
	if n := len(all); n == 0 || all[n-1].End < len(upTo) || all[n-1].Kind == cell.Blank || all[n-1].Start > c.start {
		all = append(all, cell.Chunk{Kind: cell.Instructing, Start: len(upTo), End: len(upTo)})
	}
	here = len(all) - 1
	var b strings.Builder
	at := 0
	var open []token.Token
	var calls []int // bracket depths of go and defer, which must be followed by a call
	for _, t := range tokens {
		if t.At < all[here].Start {
			continue
		}
		switch n := len(open); t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, t.Tok)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if n > 0 && closer(open[n-1])[0] == upTo[t.At] {
				open = open[:n-1]
				for len(calls) > 0 && calls[len(calls)-1] >= n {
					calls = calls[:len(calls)-1]
				}
			} else { // a bracket that closes nothing
				b.WriteString(upTo[at:t.At] + " ")
				at = t.End
			}
		case token.GO, token.DEFER:
			calls = append(calls, n)
		case token.SEMICOLON:
			if len(calls) > 0 && calls[len(calls)-1] == n && t.At < len(upTo) {
				calls = calls[:len(calls)-1]
			}
		}
	}
	b.WriteString(upTo[at:])
	for depth := len(open); depth >= 0; depth-- {
		if len(calls) > 0 && calls[len(calls)-1] == depth {
			b.WriteString("()")
			calls = calls[:len(calls)-1]
		}
		if depth > 0 {
			b.WriteString(closer(open[depth-1]))
		}
	}
	all[here].End = b.Len()
	rest := c.code[c.rest():]
	b.WriteString("\n")
	for _, k := range cell.Chunks(rest, cell.Lex(rest), cell.BeginsLine(rest)) {
		all = append(all, cell.Chunk{Kind: k.Kind, Start: b.Len() + k.Start, End: b.Len() + k.End})
	}
	b.WriteString(rest)
	return b.String(), all, here
}

func closer(open token.Token) string {
	switch open {
	case token.LPAREN:
		return ")"
	case token.LBRACK:
		return "]"
	}
	return "}"
}

// rest returns the start of the chunk after the cursor's.
func (c *cursor) rest() int {
	for _, k := range cell.Chunks(c.code, cell.Lex(c.code), cell.BeginsLine(c.code)) {
		if k.Start <= c.start && c.end <= k.End {
			return k.End
		}
	}
	return len(c.code)
}
