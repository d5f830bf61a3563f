package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// formats are the ways to print a summary.
var formats = map[string]func(w io.Writer, s summary) error{
	"markdown": markdown,
	"csv":      commaSeparated,
	"latex":    latex,
}

// compared returns the columns that stand beside source + target, none if that is not
// there.
func (s summary) compared() []string {
	if !slices.Contains(s.columns, base) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.columns), func(column string) bool { return column == base })
}

// of returns what others have published for the column, "" if that is nothing.
func (p problem) of(column string) string {
	for m, figure := range p.published {
		if m.String() == column {
			return figure
		}
	}
	return ""
}

// grid is the summary's accuracies as text, a row for each problem and below it what
// others have published.
func (s summary) grid() (head []string, rows [][]string) {
	head = append([]string{s.title}, s.columns...)
	for _, p := range s.problems {
		row, others := []string{p.name}, []string{"published"}
		for _, column := range s.columns {
			row = append(row, p.accuracy[column].text())
			others = append(others, dash(p.of(column)))
		}
		if rows = append(rows, row); p.published != nil {
			rows = append(rows, others)
		}
	}
	return head, rows
}

// differences is the paired differences from source + target as text, with 95 %
// confidence intervals.
func (s summary) differences() (head []string, rows [][]string) {
	head = append([]string{"minus source + target, paired"}, s.compared()...)
	for _, p := range s.problems {
		row := []string{p.name}
		for _, column := range s.compared() {
			row = append(row, p.difference[column].interval())
		}
		rows = append(rows, row)
	}
	return head, rows
}

// text is the mean and, of several trials, its standard error.
func (e estimate) text() string {
	switch {
	case e.n == 0:
		return dash("")
	case math.IsNaN(e.standardError):
		return fmt.Sprintf("%.1f", e.mean)
	}
	return fmt.Sprintf("%.1f ± %.1f", e.mean, e.standardError)
}

// interval is the mean and, of several trials, its 95 % confidence interval.
func (e estimate) interval() string {
	switch {
	case e.n == 0:
		return dash("")
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

// markdown prints two tables: mean ± standard error in percent, and the differences; then
// the notes.
func markdown(w io.Writer, s summary) error {
	text := func(head []string, rows [][]string) string {
		out := "| " + strings.Join(head, " | ") + " |\n|" + strings.Repeat("---|", len(head)) + "\n"
		for _, r := range rows {
			out += "| " + strings.Join(r, " | ") + " |\n"
		}
		return out
	}
	out := text(s.grid())
	if len(s.compared()) > 0 {
		out += "\n" + text(s.differences())
	}
	for _, note := range s.notes {
		out += "\n" + note + "\n"
	}
	_, err := io.WriteString(w, out)
	return err
}

// commaSeparated prints a line for each problem and column, numbers to six digits; what
// the notes say is in the result files.
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
		for _, column := range s.columns {
			a, d := p.accuracy[column], p.difference[column]
			if a.n == 0 {
				continue
			}
			difference := []string{"", "", ""}
			if d.n > 0 {
				difference = []string{number(d.mean), number(d.mean - d.halfWidth), number(d.mean + d.halfWidth)}
			}
			c.Write(slices.Concat([]string{p.name, column, strconv.Itoa(a.n), number(a.mean), number(a.standardError)}, difference, []string{p.of(column)}))
		}
	}
	c.Flush()
	return c.Error()
}

// latex prints the two tables as tabulars for the booktabs package, and the notes.
func latex(w io.Writer, s summary) error {
	escape := strings.NewReplacer(`&`, `\&`, `%`, `\%`, `_`, `\_`, `→`, `$\to$`, `±`, `$\pm$`, `−`, `$-$`, `–`, `--`)
	text := func(head []string, rows [][]string) string {
		out := `\begin{tabular}{l` + strings.Repeat("r", len(head)-1) + "}\n\\toprule\n"
		for i, r := range append([][]string{head}, rows...) {
			out += escape.Replace(strings.Join(r, "\x00")) + " \\\\\n"
			if i == 0 {
				out += "\\midrule\n"
			}
		}
		return strings.ReplaceAll(out, "\x00", " & ") + "\\bottomrule\n\\end{tabular}\n"
	}
	out := text(s.grid())
	if len(s.compared()) > 0 {
		out += "\n" + text(s.differences())
	}
	for _, note := range s.notes {
		out += "\n" + escape.Replace(note) + "\n"
	}
	_, err := io.WriteString(w, out)
	return err
}
