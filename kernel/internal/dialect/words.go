package dialect

import "strings"

// Words splits the text of a command at spaces. Double quotes keep words together, and a
// backslash escapes the next rune.
func Words(text string) []string {
	var words []string
	var word strings.Builder
	quoted, begun, taken := false, false, false
	for _, r := range text {
		switch {
		case taken:
			word.WriteRune(r)
			taken = false
		case r == '\\':
			taken, begun = true, true
		case r == '"':
			quoted, begun = !quoted, true
		case !quoted && (r == ' ' || r == '\t' || r == '\n' || r == '\r'):
			if begun {
				words = append(words, word.String())
				word.Reset()
				begun = false
			}
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}
