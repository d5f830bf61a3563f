package datasets

import (
	"bytes"
	"net/http"
	"strings"
	"unicode/utf8"
)

// isPage reports whether bytes begin a page that a server sends in place of a file:
// HTML, or the XML in which stores of files say that they refuse.
func isPage(head []byte) bool {
	kind, _, _ := strings.Cut(http.DetectContentType(bytes.TrimPrefix(head, []byte("\ufeff"))), ";")
	return kind == "text/html" || kind == "text/xml"
}

func isSVG(head []byte) bool { return strings.HasPrefix(rootElement(plainText(head)), "<svg") }

// rootElement returns an XML or HTML text from its first element on, without what may
// come before it: a declaration, comments, and the type of the document.
func rootElement(text string) string {
	for {
		text = strings.TrimSpace(text)
		end := ""
		switch {
		case strings.HasPrefix(text, "<?"):
			end = "?>"
		case strings.HasPrefix(text, "<!--"):
			end = "-->"
		case strings.HasPrefix(text, "<!doctype"):
			end = ">"
			if own := strings.IndexByte(text, '['); own >= 0 && own < strings.IndexByte(text, '>') {
				end = "]>" // it declares entities of its own
			}
		default:
			return text
		}
		_, text, _ = strings.Cut(text, end)
	}
}

// isJSON asks for an object with a name, or for a list of such, of lists, texts or numbers.
func isJSON(head []byte) bool {
	text := plainText(head)
	if text == "" || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := strings.TrimLeft(text[1:], " \t\n\r")
	return rest != "" && strings.IndexByte(`"}`, rest[0]) >= 0 || text[0] == '[' && rest != "" && strings.IndexByte("[]{-0123456789", rest[0]) >= 0
}

func zeros(head []byte) bool { return len(bytes.Trim(head, "\x00")) == 0 }

func isText(head []byte) bool { return plainText(head) != "" }

// plainText returns the beginning of a text in small letters, without space before it,
// and "" for what is none.
func plainText(head []byte) string {
	text := strings.TrimPrefix(string(head), "\ufeff")
	for i := 1; i < utf8.UTFMax && i < len(text); i++ { // the last character may be cut
		if last := text[len(text)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRuneInString(last) {
				text = text[:len(text)-i]
			}
			break
		}
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) }) {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(text))
}
