package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

// The palettes, by the reader's colour scheme. Both have a contrast of at least 4.5 on our
// backgrounds.
const (
	lightStyle = "github"
	darkStyle  = "github-dark"
)

// code returns the lines of a cell, each in its own element with the id prefix-L<n>,
// coloured as Go. GoNB's own lines, which start with % or !, are marked as such.
func code(source, prefix string, errorLines map[int]bool) (template.HTML, error) {
	lexer := chroma.Coalesce(lexers.Get("go"))
	formatter := chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true))
	var b strings.Builder
	var lines []string
	for l := range strings.Lines(source) {
		lines = append(lines, strings.TrimSuffix(l, "\n"))
	}
	// GoNB's lines are blanked for the lexer, which keeps the count of lines.
	goLines := make([]string, len(lines))
	for i, l := range lines {
		if !magic(l) {
			goLines[i] = l
		}
	}
	tokens, err := lexer.Tokenise(nil, strings.Join(goLines, "\n"))
	if err != nil {
		return "", fmt.Errorf("colour code: %w", err)
	}
	coloured := chroma.SplitTokensIntoLines(tokens.Tokens())
	for i, l := range lines {
		class := "line"
		if errorLines[i+1] {
			class = "line at-fault"
		}
		fmt.Fprintf(&b, `<span class="%s" id="%s-L%d">`, class, prefix, i+1)
		switch {
		case magic(l):
			fmt.Fprintf(&b, `<span class="magic">%s</span>`, template.HTMLEscapeString(l))
		case i < len(coloured):
			if n := len(coloured[i]); n > 0 {
				last := &coloured[i][n-1]
				last.Value = strings.TrimSuffix(last.Value, "\n")
			}
			if err := formatter.Format(&b, styles.Get(lightStyle), chroma.Literator(coloured[i]...)); err != nil {
				return "", fmt.Errorf("colour code: %w", err)
			}
		default:
			b.WriteString(template.HTMLEscapeString(l))
		}
		b.WriteString("\n</span>")
	}
	return template.HTML(b.String()), nil
}

func magic(line string) bool {
	return strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!")
}

// palette returns the style sheet for coloured code, light and dark.
func palette() (template.CSS, error) {
	formatter := chromahtml.New(chromahtml.WithClasses(true))
	var light, dark strings.Builder
	if err := formatter.WriteCSS(&light, styles.Get(lightStyle)); err != nil {
		return "", fmt.Errorf("style sheet for code: %w", err)
	}
	if err := formatter.WriteCSS(&dark, styles.Get(darkStyle)); err != nil {
		return "", fmt.Errorf("style sheet for code: %w", err)
	}
	return template.CSS("@media not print { @media (prefers-color-scheme: dark) {\n" + dark.String() + "}}\n" +
		"@media print, (prefers-color-scheme: light) {\n" + light.String() + "}\n"), nil
}
