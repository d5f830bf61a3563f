package report

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// Script is the JavaScript library that draws charts. Code is embedded in the report;
// without it the report refers to URL, and its charts need a network.
type Script struct {
	Name string
	Code []byte
	URL  string

	SHA256 string // of the file at URL, in hexadecimal: a browser runs no other file
}

// html returns the element for the head of the report. It refers to URL only if needed:
// figures that fetch the script themselves show an error when they cannot.
func (s Script) html(needed bool) template.HTML {
	switch {
	case len(s.Code) > 0:
		return template.HTML("<script>/* " + commentSafe(s.Name) + " */\n" + InScript(string(s.Code)) + "\n</script>")
	case s.URL != "" && needed:
		sum, _ := hex.DecodeString(s.SHA256)
		return template.HTML(fmt.Sprintf(`<script src="%s" integrity="sha256-%s" crossorigin="anonymous"></script>`,
			template.HTMLEscapeString(s.URL), base64.StdEncoding.EncodeToString(sum)))
	}
	return ""
}

func commentSafe(s string) string { return InScript(strings.ReplaceAll(s, "*/", "* /")) }

var endsScript = regexp.MustCompile(`(?i)<(/script|script|!--)`)

// InScript returns JavaScript that cannot end the element around it: "</script", "<script"
// and "<!--" can only be in its strings, comments and regular expressions, where \x3c means
// the same as <.
func InScript(s string) string { return endsScript.ReplaceAllString(s, `\x3c$1`) }

// NeedsCharts reports whether a cell displayed a chart.
func NeedsCharts(nb *nbformat.Notebook) bool {
	return displays(nb, func(html string) bool { return strings.Contains(html, "echarts") })
}

// bareCharts reports whether one of them does not fetch the script itself.
func bareCharts(nb *nbformat.Notebook) bool {
	return displays(nb, func(html string) bool {
		return strings.Contains(html, "echarts") && !strings.Contains(html, "data-sdt-chart")
	})
}

// displays reports whether a cell displayed HTML or JavaScript that fits.
func displays(nb *nbformat.Notebook, fits func(string) bool) bool {
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			for _, mime := range []string{"text/html", "application/javascript", "text/javascript"} {
				if fits(o.DataText(mime)) {
					return true
				}
			}
		}
	}
	return false
}
