package dialect

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// state is where in Go code a line begins.
type state struct {
	raw, comment bool // in a raw string, in a /* comment
	depth        int  // brackets that are open
	goesOn       bool // the last token is one that a statement does not end with
}

// outside tells whether a command can begin here.
func (s *state) outside() bool { return !s.raw && !s.comment && s.depth <= 0 && !s.goesOn }

// line goes on to the end of a line. Quotes that are open there end with it, as they do
// for Go's scanner.
func (s *state) line(text string) {
	for text != "" {
		switch {
		case s.raw:
			text, s.raw = after(text, "`")
		case s.comment:
			text, s.comment = after(text, "*/")
		case strings.HasPrefix(text, "//"):
			return
		case strings.HasPrefix(text, "/*"):
			text, s.comment = text[2:], true
		default:
			text = s.token(text)
		}
	}
}

// token goes on behind the token or space that a text begins with, and returns the rest.
func (s *state) token(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsSpace(first):
	case first == '`':
		s.raw, s.goesOn = true, false
	case first == '"' || first == '\'':
		s.goesOn = false
		return afterQuote(text)
	case first == '_' || unicode.IsLetter(first) || unicode.IsDigit(first):
		rest := strings.TrimLeftFunc(text, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
		s.goesOn = goesOn(text[:len(text)-len(rest)])
		return rest
	case strings.HasPrefix(text, "++") || strings.HasPrefix(text, "--"):
		s.goesOn = false
		return text[2:]
	default:
		s.depth += strings.Count("([{", text[:1]) - strings.Count(")]}", text[:1])
		s.goesOn = !strings.ContainsRune(")]};:", first) // a label ends in a colon
	}
	return text[n:]
}

// goesOn tells whether a word is one that a statement does not end with.
func goesOn(word string) bool {
	switch token.Lookup(word) {
	case token.IDENT, token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
		return false
	}
	return true
}

// after returns what follows the end of something, and whether it goes on beyond text.
func after(text, end string) (rest string, on bool) {
	_, rest, found := strings.Cut(text, end)
	return rest, !found
}

// afterQuote returns what follows the string or rune that text begins with.
func afterQuote(text string) string {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return text[i+1:]
		}
	}
	return ""
}
