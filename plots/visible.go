package plots

import (
	"strings"
	"unicode/utf8"
)

// visible returns text as figures show it: a control character as its picture (␊, ␛, ␀), a line
// or paragraph separator as ␤, and anything that is not a character (a byte that is not UTF-8,
// an unnamed control character) or that reverses the following text as �. So a name from data
// stays on its line, in a chart, a page and a terminal, and two names that differ in such a
// character do not look the same. [Chart.Tables] has unchanged names.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20:
			return '␀' + r
		case r == 0x7F:
			return '␡'
		case r < 0xA0 && r > 0x7F, r >= 0x202A && r <= 0x202E: // C1; embeddings and overrides
			return utf8.RuneError
		case r == 0x2028 || r == 0x2029:
			return '␤'
		}
		return r // utf8.RuneError for what is not UTF-8
	}, text)
}

// visibleAll applies visible to each text within decoded JSON.
func visibleAll(v any) any {
	switch v := v.(type) {
	case string:
		return visible(v)
	case []any:
		for i := range v {
			v[i] = visibleAll(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = visibleAll(v[key])
		}
	}
	return v
}
