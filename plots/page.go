package plots

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"regexp"
)

// Figure is what a [Page] holds: a [Chart] or a [Table].
type Figure interface {
	// Render writes the figure as a fragment of HTML.
	Render(w io.Writer) error
}

// Page is several figures in one HTML file.
type Page struct {
	Title   string // of the page
	ECharts []byte // the text of echarts.min.js, for pages without a network; nil: [EChartsURL]
	Figures []Figure
}

// endsScript matches text that would end a <script>, or begin another or a comment in it. In
// JavaScript it can only occur in strings, regular expressions and comments, where \x3c means <.
var endsScript = regexp.MustCompile(`(?i)<(/script|script|!--)`)

var pageHTML = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 960px; margin: 2em auto; padding: 0 1em; font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #ffffff; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } }
</style>
{{with .Script}}<script>{{.}}</script>
{{end}}</head>
<body>
<h1>{{.Title}}</h1>
{{range .Bodies}}{{.}}{{end}}</body>
</html>
`))

// Render writes the page. It always holds the figures' numbers and colours; without ECharts and
// without a network it shows tables in place of charts.
func (p Page) Render(w io.Writer) error {
	var bodies []template.HTML
	for _, f := range p.Figures {
		var b bytes.Buffer
		if err := f.Render(&b); err != nil {
			return err
		}
		bodies = append(bodies, template.HTML(b.String()))
	}
	script := endsScript.ReplaceAll(p.ECharts, []byte(`\x3c$1`))
	if err := pageHTML.Execute(w, struct {
		Title  string
		Script template.JS
		Bodies []template.HTML
	}{visible(p.Title), template.JS(script), bodies}); err != nil {
		return fmt.Errorf("render page %q: %w", p.Title, err)
	}
	return nil
}
