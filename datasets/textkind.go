package datasets

import (
	"bytes"
	"net/http"
	"strings"
	"unicode/utf8"
)

// isPage reports whether bytes begin a page that a server sends in place of a file: HTML, or
// the XML error messages of cloud storage.
func isPage(head []byte) bool {
	kind, _, _ := strings.Cut(http.DetectContentType(bytes.TrimPrefix(head, []byte("\ufeff"))), ";")
	return kind == "text/html" || kind == "text/xml"
}

func isSVG(head []byte) bool { return strings.HasPrefix(rootElement(plainText(head)), "<svg") }

// rootElement returns an XML or HTML text from its first element on, without a declaration,
// comments and the document type before it.
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
				end = "]>" // it declares its own entities
			}
		default:
			return text
		}
		_, text, _ = strings.Cut(text, end)
	}
}

// isJSON reports whether a file begins with a JSON object, or with a list of objects, lists,
// strings or numbers.
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

// plainText returns the beginning of a text in lower case, without surrounding space, and ""
// if the bytes are not text.
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
