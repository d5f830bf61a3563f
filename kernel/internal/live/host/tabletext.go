package host

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text writes a table in columns.
func (t *table) text() string {
	lines := make([][]string, 0, len(t.rows)+1)
	numeric := t.numeric
	if t.index != nil {
		numeric = append([]bool{true}, numeric...)
	}
	add := func(index string, cells []string) {
		if t.index != nil {
			cells = append([]string{index}, cells...)
		}
		lines = append(lines, cells)
	}
	if t.head != nil {
		add("", t.head)
	}
	for i, cells := range t.rows {
		index := ""
		if t.index != nil {
			index = t.index[i]
		}
		add(index, cells)
	}
	widths := make([]int, len(numeric))
	for _, cells := range lines {
		for j, c := range cells {
			widths[j] = max(widths[j], width(c))
		}
	}
	var b strings.Builder
	if t.title != "" {
		b.WriteString(t.title + "\n")
	}
	for _, cells := range lines {
		line := ""
		for j, c := range cells {
			space := strings.Repeat(" ", widths[j]-width(c))
			if j > 0 {
				line += "  "
			}
			if numeric[j] {
				line += space + c
			} else {
				line += c + space
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteString(t.rest())
	return strings.TrimSuffix(b.String(), "\n")
}

// rest says how much is not shown.
func (t *table) rest() string {
	var parts []string
	if t.moreRows > 0 {
		parts = append(parts, "… "+thousands(t.moreRows)+" more rows")
	}
	if t.moreCols > 0 {
		parts = append(parts, "… "+thousands(t.moreCols)+" more columns")
	}
	if t.note != "" {
		parts = append(parts, t.note)
	}
	return strings.Join(parts, ", ")
}

// width returns how many columns of a terminal a text occupies.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			n += 2
		default:
			n++
		}
	}
	return n
}

// Styles of HTML tables: only the front end's theme, with thin lines.
const (
	lineStyle  = `border-top:1px solid color-mix(in srgb,currentColor 25%,transparent)`
	faintStyle = `opacity:.65`
	textStyle  = `text-align:left;padding:.1em .6em`
	rightStyle = `text-align:right;padding:.1em .6em;font-variant-numeric:tabular-nums`
)

// html writes a table for browsers, in light or dark mode.
func (t *table) html() string {
	var b strings.Builder
	element := func(tag, style, text string) {
		b.WriteString("<" + tag + ` style="` + style + `">` + escape(text) + "</" + tag + ">")
	}
	b.WriteString("<div>")
	if t.title != "" {
		element("div", faintStyle, t.title)
	}
	b.WriteString(`<table style="border-collapse:collapse">`)
	style := func(j int) string {
		if t.numeric[j] {
			return rightStyle
		}
		return textStyle
	}
	if t.head != nil {
		b.WriteString("<thead><tr>")
		if t.index != nil {
			element("th", rightStyle, "")
		}
		for j, h := range t.head {
			element("th", style(j), h)
		}
		b.WriteString("</tr></thead>")
	}
	b.WriteString("<tbody>")
	for i, cells := range t.rows {
		b.WriteString(`<tr style="` + lineStyle + `">`)
		if t.index != nil {
			element("th", rightStyle+";font-weight:normal;"+faintStyle, t.index[i])
		}
		for j, c := range cells {
			element("td", style(j), c)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
	if rest := t.rest(); rest != "" {
		element("div", faintStyle, rest)
	}
	b.WriteString("</div>")
	return b.String()
}

// escape returns text as HTML, without characters that HTML does not allow.
func escape(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' || r&0xfffe == 0xfffe {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}
