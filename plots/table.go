package plots

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// Table is a caption, a row of column heads, and rows, the first cell of which names the row. A
// row may be shorter than Head.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Foot    [][]string // means and totals; may be empty
	Text    []int      // columns of words, which are left-aligned, like the first column
}

var tableHTML = template.Must(template.New("table").Parse(`<div class="sdt-caption" aria-hidden="true">{{.Caption}}</div>
<div class="sdt-scroll{{if .Long}} sdt-long{{end}}" tabindex="0" role="region" aria-label="{{.Caption}}"><table class="sdt-table" aria-label="{{.Caption}}">
<thead><tr>{{range .Head}}<th scope="col"{{if .Left}} class="sdt-text"{{end}}{{with .Room}} style="min-width:{{.}}em"{{end}}><bdi{{if .Ours}} dir="ltr"{{end}}>{{.Text}}</bdi></th>{{end}}</tr></thead>
<tbody>
{{range .Rows}}{{template "row" .}}{{end}}</tbody>
{{if .Foot}}<tfoot>
{{range .Foot}}{{template "row" .}}{{end}}</tfoot>
{{end}}</table></div>
{{define "row"}}<tr>{{range $i, $c := .}}{{if $i}}<td{{if .Left}} class="sdt-text"{{end}}><bdi{{if .Ours}} dir="ltr"{{end}}>{{.Text}}</bdi></td>{{else}}<th scope="row"><bdi{{if .Ours}} dir="ltr"{{end}}>{{.Text}}</bdi></th>{{end}}{{end}}</tr>
{{end}}`))

// cell is one cell, and whether it is left-aligned.
type cell struct {
	Text string
	Left bool
	Ours bool // a sentence, from left to right; otherwise a name, which has its own direction
	Room int  // of a head: the least width of its column, em; 0: as wide as its words
}

// cellOf makes a cell. An isolated name (U+2068) is part of a sentence of ours: "⁨كوب⁩ 40 %". By
// default HTML would give the sentence the direction of the name, if that comes first, and put
// the number on the other side.
func cellOf(text string, left bool) cell {
	return cell{visible(text), left, strings.ContainsRune(text, '\u2068'), 0}
}

// sentenceRoom and wordRoom are the least widths, in em, of a column of words: no sentence is
// broken into pieces narrower than the first, and no word that fits into the second is broken.
// nameRoom takes the place of the first for the names of the rows.
const sentenceRoom, wordRoom, nameRoom = 12, 22, 9

// room returns the least width of column i, which is one of words.
func (t Table) room(i int) int {
	piece := sentenceRoom
	if i == 0 {
		piece = nameRoom
	}
	sentence, word := 0, 0 // px at 12 px to the em
	for _, row := range slices.Concat(t.Rows, t.Foot) {
		if i >= len(row) {
			continue
		}
		text := visible(row[i])
		sentence = max(sentence, textWidth(text))
		for _, w := range strings.Fields(text) {
			word = max(word, textWidth(w))
		}
	}
	return (max(min(sentence, 12*piece), min(word, 12*wordRoom)) + 11) / 12
}

// heads returns the cells of the head, with the widths of their columns.
func (t Table) heads() []cell {
	var out []cell
	for i, text := range t.Head {
		c := cellOf(text, t.isText(i))
		if c.Left {
			c.Room = t.room(i)
		}
		out = append(out, c)
	}
	return out
}

func (t Table) isText(i int) bool { return i == 0 || slices.Contains(t.Text, i) }

func (t Table) cells(rows ...[]string) [][]cell {
	out := make([][]cell, len(rows))
	for r, row := range rows {
		for i, s := range row {
			out[r] = append(out[r], cellOf(s, t.isText(i)))
		}
	}
	return out
}

// longTable is from how many rows on a table scrolls.
const longTable = 40

// HTML returns the table as an HTML element without style.
func (t Table) HTML() template.HTML {
	var b bytes.Buffer
	if err := tableHTML.Execute(&b, struct {
		Caption    string
		Head       []cell
		Rows, Foot [][]cell
		Long       bool // it scrolls
	}{visible(t.Caption), t.heads(), t.cells(t.Rows...), t.cells(t.Foot...), len(t.Rows) > longTable}); err != nil {
		panic(fmt.Sprintf("plots: table %q: %v", t.Caption, err)) // a buffer and strings cannot fail
	}
	return template.HTML(b.String())
}

// Render writes the table as a fragment of HTML with its style.
func (t Table) Render(w io.Writer) error {
	_, err := fmt.Fprintf(w, "<div class=\"sdt-figure\" dir=\"ltr\">\n<style>%s</style>\n%s</div>\n", style, t.HTML())
	return err
}

// String returns the table as plain text, with columns aligned by the width that their
// characters have in a terminal.
func (t Table) String() string {
	var all [][]string
	for _, row := range slices.Concat([][]string{t.Head}, t.Rows, t.Foot) {
		var seen []string
		for _, s := range row {
			seen = append(seen, visible(s))
		}
		all = append(all, seen)
	}
	var widths []int
	for _, row := range all {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(s))
		}
	}
	var b strings.Builder
	b.WriteString(visible(t.Caption))
	b.WriteByte('\n')
	for r, row := range all {
		var line strings.Builder
		for i, s := range row {
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(s))
			if i > 0 {
				line.WriteString("  ")
			}
			if t.isText(i) {
				line.WriteString(s + pad)
			} else {
				line.WriteString(pad + s)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
		if r == 0 || r == len(t.Rows) && len(t.Foot) > 0 {
			total := 2 * max(0, len(widths)-1)
			for _, w := range widths {
				total += w
			}
			b.WriteString(strings.Repeat("─", total))
			b.WriteByte('\n')
		}
	}
	return b.String()
}
