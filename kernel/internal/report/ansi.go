package report

import (
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// sgr is a terminal's "select graphic rendition": colours and weights.
var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// terminal returns text as a terminal would show it: carriage returns applied, the 16
// colours, bold, faint, italic, underlined and inverted as spans, all other escape
// sequences dropped, and the text itself escaped. Spans are closed at the end.
func terminal(text string) template.HTML {
	text = nbformat.Collapse(text)
	var b strings.Builder
	var on style
	at := 0
	for _, m := range sgr.FindAllStringSubmatchIndex(text, -1) {
		on.span(&b, text[at:m[0]])
		on.apply(text[m[2]:m[3]])
		at = m[1]
	}
	on.span(&b, text[at:])
	return template.HTML(b.String())
}

// style holds the attributes that are on.
type style struct {
	fg, bg                               string // class names, "" for the default
	bold, faint, italic, under, inverted bool
}

func (s *style) span(b *strings.Builder, text string) {
	text = template.HTMLEscapeString(nbformat.StripColours(text))
	if text == "" {
		return
	}
	var classes []string
	for _, c := range []struct {
		on   bool
		name string
	}{
		{s.fg != "", "fg-" + s.fg}, {s.bg != "", "bg-" + s.bg}, {s.bold, "bold"}, {s.faint, "faint"},
		{s.italic, "italic"}, {s.under, "under"}, {s.inverted, "inverted"},
	} {
		if c.on {
			classes = append(classes, c.name)
		}
	}
	if len(classes) == 0 {
		b.WriteString(text)
		return
	}
	b.WriteString(`<span class="` + strings.Join(classes, " ") + `">` + text + `</span>`)
}

// apply applies the parameters between ESC[ and m. Colours beyond the 16 are ignored.
func (s *style) apply(params string) {
	codes := strings.Split(params, ";")
	for i := 0; i < len(codes); i++ {
		n, _ := strconv.Atoi(codes[i])
		switch {
		case n == 0:
			*s = style{}
		case n == 1:
			s.bold = true
		case n == 2:
			s.faint = true
		case n == 3:
			s.italic = true
		case n == 4:
			s.under = true
		case n == 7:
			s.inverted = true
		case n == 22:
			s.bold, s.faint = false, false
		case n == 23:
			s.italic = false
		case n == 24:
			s.under = false
		case n == 27:
			s.inverted = false
		case n == 38 || n == 48:
			i += extended(codes[i+1:])
		case n == 39:
			s.fg = ""
		case n == 49:
			s.bg = ""
		case 30 <= n && n <= 37:
			s.fg = strconv.Itoa(n - 30)
		case 40 <= n && n <= 47:
			s.bg = strconv.Itoa(n - 40)
		case 90 <= n && n <= 97:
			s.fg = strconv.Itoa(n - 90 + 8)
		case 100 <= n && n <= 107:
			s.bg = strconv.Itoa(n - 100 + 8)
		}
	}
}

// extended returns how many parameters a colour of 256, or of red, green and blue, has
// after its 38 or 48.
func extended(rest []string) int {
	switch {
	case len(rest) >= 2 && rest[0] == "5":
		return 2
	case len(rest) >= 4 && rest[0] == "2":
		return 4
	}
	return len(rest)
}
