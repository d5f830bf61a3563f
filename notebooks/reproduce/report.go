package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// formats are the ways to print a summary.
var formats = map[string]func(w io.Writer, s summary) error{
	"markdown": markdown,
	"csv":      commaSeparated,
	"latex":    latex,
}

// compared returns the columns to compare with source + target, none if that is missing.
func (s summary) compared() []string {
	if !slices.Contains(s.columns, base) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.columns), func(column string) bool { return column == base })
}

// of returns what others have published for the column, "" if nothing.
func (p problem) of(column string) string {
	for m, figure := range p.published {
		if m.String() == column {
			return figure
		}
	}
	return ""
}

// grid is a table as text: the head's first cell is the title.
type grid [][]string

// grids returns the summary as tables: mean ± standard error in percent, with what others have
// published below each row, then the paired differences from source + target with 95 %
// confidence intervals.
func (s summary) grids() []grid {
	if s.parts != nil {
		return s.gridsByMethod()
	}
	accuracies := grid{append([]string{s.title}, s.columns...)}
	differences := grid{append([]string{pairedTitle}, s.compared()...)}
	for _, p := range s.problems {
		row, others, difference := []string{p.name}, []string{publishedRow}, []string{p.name}
		for _, column := range s.columns {
			row = append(row, dash(p.accuracy[column].text()))
			others = append(others, dash(p.of(column)))
		}
		if accuracies = append(accuracies, row); p.published != nil {
			accuracies = append(accuracies, others)
		}
		for _, column := range s.compared() {
			difference = append(difference, dash(p.difference[column].interval()))
		}
		differences = append(differences, difference)
	}
	if len(s.compared()) == 0 {
		return []grid{accuracies}
	}
	return []grid{accuracies, differences}
}

const (
	pairedTitle  = "minus source + target, paired"
	publishedRow = "published"
)

// text returns the mean and, for several trials, its standard error; "" if there is none.
func (e estimate) text() string {
	switch {
	case e.n == 0:
		return ""
	case math.IsNaN(e.standardError):
		return fmt.Sprintf("%.1f", e.mean)
	}
	return fmt.Sprintf("%.1f ± %.1f", e.mean, e.standardError)
}

// interval returns the mean and, for several trials, its 95 % confidence interval; "" if there is
// none.
func (e estimate) interval() string {
	switch {
	case e.n == 0:
		return ""
	case math.IsNaN(e.halfWidth):
		return fmt.Sprintf("%+.1f", e.mean)
	}
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", e.mean, e.mean-e.halfWidth, e.mean+e.halfWidth)
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// markdownText escapes a name or a sentence so that Markdown sees only text, on one line.
// An underscore within a word is not escaped.
func markdownText(text string) string {
	runes := []rune(oneLine(text))
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	var b strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*[]<>|~&", r), r == '_' && !(word(i-1) && word(i+1)),
			i == 0 && strings.ContainsRune("#+-=:", r),                                             // a heading, a list or the line below a head
			(r == '.' || r == ')') && i > 0 && strings.Trim(string(runes[:i]), "0123456789") == "": // a numbered list
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// oneLine returns text with spaces for control characters, including line breaks, and � for
// bytes that are not UTF-8.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text))
}

// markdown prints the tables, then the notes.
func markdown(w io.Writer, s summary) error {
	var blocks []string
	for _, g := range s.grids() {
		var names []string
		for _, name := range g[0] {
			names = append(names, markdownText(name))
		}
		block := "| " + strings.Join(names, " | ") + " |\n|" + strings.Repeat("---|", len(names)) + "\n"
		for _, r := range g[1:] {
			block += "| " + strings.Join(append([]string{markdownText(r[0])}, r[1:]...), " | ") + " |\n"
		}
		blocks = append(blocks, block)
	}
	for _, note := range s.notes {
		blocks = append(blocks, markdownText(note)+"\n")
	}
	_, err := io.WriteString(w, strings.Join(blocks, "\n"))
	return err
}

// commaSeparated prints a line for each problem and column, numbers to six digits; what the
// notes say is in the result files. A problem that a spreadsheet would read as a formula,
// as its folder's name begins with = + - or @, gets an apostrophe in front.
func commaSeparated(w io.Writer, s summary) error {
	number := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', 6, 64)
	}
	c := csv.NewWriter(w)
	c.Write([]string{"problem", "method", "trials", "accuracy_percent", "standard_error", "minus_source_target", "ci95_low", "ci95_high", "published"})
	for _, p := range s.problems {
		name := oneLine(p.name)
		if strings.IndexAny(name, "=+-@") == 0 {
			name = "'" + name
		}
		for _, column := range s.columns {
			a, d := p.accuracy[column], p.difference[column]
			if a.n == 0 {
				continue
			}
			difference := []string{"", "", ""}
			if d.n > 0 {
				difference = []string{number(d.mean), number(d.mean - d.halfWidth), number(d.mean + d.halfWidth)}
			}
			c.Write(slices.Concat([]string{name, column, strconv.Itoa(a.n), number(a.mean), number(a.standardError)}, difference, []string{p.of(column)}))
		}
	}
	c.Flush()
	return c.Error()
}

// latexText escapes what LaTeX would read as a command, and writes the symbols of our own
// text. Non-Latin letters need XeLaTeX or LuaLaTeX, and a font that has them.
var latexText = strings.NewReplacer(`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `%`, `\%`, `#`, `\#`, `_`, `\_`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `\textless{}`, `>`, `\textgreater{}`, `|`, `\textbar{}`, `"`, `\textquotedbl{}`,
	`→`, `$\to$`, `±`, `$\pm$`, `−`, `$-$`, `–`, `--`, `λ`, `$\lambda$`, `ν`, `$\nu$`, `τ`, `$\tau$`)

// latex prints the tables as tabulars for the booktabs package, and the notes. Text is in the
// encoding T1, which has all of ASCII.
func latex(w io.Writer, s summary) error {
	var blocks []string
	for _, g := range s.grids() {
		block := `\begin{tabular}{l` + strings.Repeat("r", len(g[0])-1) + "}\n\\toprule\n"
		for i, r := range g {
			var cells []string
			for _, c := range r {
				cells = append(cells, latexText.Replace(oneLine(c)))
			}
			if strings.IndexAny(cells[0], "[*") == 0 {
				cells[0] = "{}" + cells[0] // else LaTeX reads it as an argument of the preceding \\
			}
			block += strings.Join(cells, " & ") + " \\\\\n"
			if i == 0 {
				block += "\\midrule\n"
			}
		}
		blocks = append(blocks, block+"\\bottomrule\n\\end{tabular}\n")
	}
	for _, note := range s.notes {
		blocks = append(blocks, latexText.Replace(oneLine(note))+"\n")
	}
	_, err := io.WriteString(w, strings.Join(blocks, "\n"))
	return err
}
