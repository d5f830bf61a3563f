package report

import (
	"encoding/json"
	"html/template"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// outputView is one output: a kind, which names its style, and its HTML.
type outputView struct {
	Kind    string // "stdout", "stderr", "rich" or "error"
	HTML    template.HTML
	Columns bool // it is a table of text: its lines must not be broken
	Remark  bool // it is not part of the cell's result
}

// output returns the view of an output, and false if it shows nothing.
func output(o *nbformat.Output) (outputView, bool) {
	switch o.Type {
	case nbformat.Stream:
		kind := "stdout"
		if o.Name == "stderr" {
			kind = "stderr"
		}
		html := terminal(o.Text)
		return outputView{Kind: kind, HTML: html, Columns: hasColumns(o.Text)}, strings.TrimSpace(string(html)) != ""
	case nbformat.DisplayData, nbformat.ExecuteResult:
		html, ok := rich(o)
		return outputView{Kind: "rich", HTML: html, Remark: o.Remark()}, ok
	case nbformat.Error:
		return outputView{Kind: "error", HTML: fault(o)}, true
	}
	return outputView{}, false
}

// images are the types that are shown from their bytes.
var images = []string{"image/png", "image/jpeg", "image/webp", "image/gif"}

// rich returns the richest of an output's representations that a browser can show.
func rich(o *nbformat.Output) (template.HTML, bool) {
	if s := o.DataText("text/html"); s != "" {
		return template.HTML(s), true
	}
	if s := o.DataText("image/svg+xml"); s != "" {
		return template.HTML(s), true
	}
	for _, kind := range images {
		if s := strings.Join(strings.Fields(o.DataText(kind)), ""); s != "" {
			alt := o.DataText("text/plain")
			return template.HTML(`<img alt="` + template.HTMLEscapeString(alt) + `" src="` +
				template.HTMLEscapeString(dataURI(kind, s)) + `">`), true
		}
	}
	for _, kind := range []string{"application/javascript", "text/javascript"} {
		if s := o.DataText(kind); s != "" {
			return template.HTML("<script>" + InScript(s) + "</script>"), true
		}
	}
	if s := o.DataText("text/markdown"); s != "" {
		html, _, err := newProse("").render(&nbformat.Cell{Type: nbformat.Markdown, Source: s})
		return html, err == nil
	}
	if s := o.DataText("text/latex"); s != "" {
		return pre(s), true
	}
	if v, ok := o.Data["application/json"]; ok {
		s, err := json.MarshalIndent(v, "", "  ")
		return pre(string(s)), err == nil
	}
	if s := o.DataText("text/plain"); s != "" {
		return pre(s), true
	}
	return "", false
}

func pre(s string) template.HTML {
	if hasColumns(s) {
		return `<pre class="columns">` + terminal(s) + `</pre>`
	}
	return `<pre>` + terminal(s) + `</pre>`
}

// between matches the spaces between two columns of a table of text.
var between = regexp.MustCompile(`\S(  +|\t)\S`)

// hasColumns reports whether text has at least two lines with columns.
func hasColumns(text string) bool {
	n := 0
	for l := range strings.Lines(nbformat.StripColours(nbformat.Collapse(text))) {
		if between.MatchString(l) {
			n++
		}
	}
	return n > 1
}

// fault shows an error: the reasons of one that the compiler reports, else its trace.
func fault(o *nbformat.Output) template.HTML {
	text := strings.TrimSpace(strings.Join(o.Traceback, "\n"))
	if f, ok := failure.Read(&nbformat.Cell{Outputs: []*nbformat.Output{o}}); ok && f.Compiling {
		text = strings.Join(f.Reasons, "\n")
	}
	if text == "" {
		text = o.EName + ": " + o.EValue
	}
	return terminal(text)
}
