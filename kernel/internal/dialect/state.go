package dialect

import "strings"

// state is where in Go code a line begins.
type state struct {
	raw, comment bool // in a raw string, in a /* comment
	depth        int  // brackets that are open
}

// outside tells whether a command can begin here.
func (s *state) outside() bool { return !s.raw && !s.comment && s.depth <= 0 }

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
		case text[0] == '`':
			text, s.raw = text[1:], true
		case text[0] == '"' || text[0] == '\'':
			text = afterQuote(text)
		default:
			s.depth += strings.Count("([{", text[:1]) - strings.Count(")]}", text[:1])
			text = text[1:]
		}
	}
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
