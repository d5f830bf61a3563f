package nbformat

import (
	"fmt"
	"strings"
)

// joinText reads the format's multi-line string: a string, or a list of strings to
// concatenate. A missing one is empty.
func joinText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []any:
		var b strings.Builder
		for _, l := range v {
			s, ok := l.(string)
			if !ok {
				return "", fmt.Errorf("a line is %T, want text", l)
			}
			b.WriteString(s)
		}
		return b.String(), nil
	default:
		return "", fmt.Errorf("is %T, want text or a list of lines", v)
	}
}

// splitText is the inverse of joinText in Jupyter's form: one string a line, each with its
// newline.
func splitText(s string) []any {
	lines := []any{}
	for l := range strings.Lines(s) {
		lines = append(lines, l)
	}
	return lines
}

// splits reports whether Jupyter writes content of this type as a list of lines: base64 is
// one string.
func splits(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "application/javascript" || mime == "image/svg+xml"
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
