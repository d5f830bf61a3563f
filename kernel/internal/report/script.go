package report

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// Script is the JavaScript library that charts are drawn with. Code goes into the
// report; without it the report refers to URL, and its charts need a network.
type Script struct {
	Name string
	Code []byte
	URL  string
}

func (s Script) html() template.HTML {
	switch {
	case len(s.Code) > 0:
		return template.HTML("<script>/* " + commentSafe(s.Name) + " */\n" + inScript(string(s.Code)) + "\n</script>")
	case s.URL != "":
		return template.HTML(fmt.Sprintf(`<script src="%s"></script>`, template.HTMLEscapeString(s.URL)))
	}
	return ""
}

func commentSafe(s string) string { return inScript(strings.ReplaceAll(s, "*/", "* /")) }

var endsScript = regexp.MustCompile(`(?i)<(/script|script|!--)`)

// inScript returns JavaScript that does not end the element that it is put into:
// "</script", "<script" and "<!--" can only be in its strings, comments and
// regular expressions, where \x3c means the same as <.
func inScript(s string) string { return endsScript.ReplaceAllString(s, `\x3c$1`) }

// NeedsCharts says whether a cell displayed a chart.
func NeedsCharts(nb *nbformat.Notebook) bool {
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			for _, mime := range []string{"text/html", "application/javascript", "text/javascript"} {
				if strings.Contains(o.DataText(mime), "echarts") {
					return true
				}
			}
		}
	}
	return false
}
