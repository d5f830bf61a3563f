package dialect

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// state is the state of Go code at the beginning of a line.
type state struct {
	raw, comment bool // in a raw string, in a /* comment
	depth        int  // open brackets
	continues    bool // the last token cannot end a statement
}

// outside reports whether a command can begin here.
func (s *state) outside() bool { return !s.raw && !s.comment && s.depth <= 0 && !s.continues }

// line advances to the end of a line. Quotes that are open there end with it, as in Go's
// scanner.
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

// token advances past the token or space at the beginning of text, and returns the rest.
func (s *state) token(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsSpace(first):
	case first == '`':
		s.raw, s.continues = true, false
	case first == '"' || first == '\'':
		s.continues = false
		return afterQuote(text)
	case first == '_' || unicode.IsLetter(first) || unicode.IsDigit(first):
		rest := strings.TrimLeftFunc(text, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
		s.continues = continues(text[:len(text)-len(rest)])
		return rest
	case strings.HasPrefix(text, "++") || strings.HasPrefix(text, "--"):
		s.continues = false
		return text[2:]
	default:
		s.depth += strings.Count("([{", text[:1]) - strings.Count(")]}", text[:1])
		s.continues = !strings.ContainsRune(")]};:", first) // a label ends in a colon
	}
	return text[n:]
}

// continues reports whether a word cannot end a statement.
func continues(word string) bool {
	switch token.Lookup(word) {
	case token.IDENT, token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
		return false
	}
	return true
}

// after returns the text behind the end of something, and whether it continues beyond text.
func after(text, end string) (rest string, on bool) {
	_, rest, found := strings.Cut(text, end)
	return rest, !found
}

// afterQuote returns the text behind the string or rune at the beginning of text.
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
