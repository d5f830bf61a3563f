package plots_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
)

// hostile are class names that would break out of their place if they were not escaped.
var hostile = []string{
	"</script><script>hacked()</script>",
	`<img src=x onerror="hacked()">`,
	`"};hacked();//`,
	"'+hacked()+'",
	"</title></style><svg onload=hacked()>",
	"__f__function(){hacked()}__f__",
	"sdt.percent",
	"$text",
	"{b}{a|x}",
	"שלום",
	"a\u202eb",
	"line\u2028break\n\t",
	"日本語",
	"",
	"__proto__", "hasOwnProperty", "constructor", // which echarts' legend might look up
	"$&{a0}{b0}",
	"a\x00b\xff\x1b[31m\u0085",
	strings.Repeat("long ", 400),
}

func TestNamesAreEscaped(t *testing.T) {
	for name, c := range everyFigure(hostile) {
		html := rendered(t, c)
		for _, never := range []string{"<script>hacked", "<img src=x", "<svg", "</title>"} {
			if strings.Contains(html, never) {
				t.Errorf("%s: %q is in the fragment", name, never)
			}
		}
		if n := strings.Count(html, "</script>"); n > 1 {
			t.Errorf("%s: %d scripts end, want at most 1", name, n)
		}
		// What is in the option must come out of it unchanged.
		var back any
		if err := json.Unmarshal(c.Option(), &back); err != nil {
			t.Errorf("%s: the option is not JSON: %v", name, err)
		}
		if o := string(c.Option()); strings.ContainsAny(o, "<>&\u2028") {
			t.Errorf("%s: the option has a character that HTML or script would read", name)
		}
	}
}

func TestHostileTitles(t *testing.T) {
	trials := madeUpTrials(hostile[0], hostile[1])
	html := rendered(t, plots.Page{Title: hostile[4], Figures: []plots.Figure{plots.Comparison(trials...), plots.ResultTable(trials...)}})
	for _, never := range []string{"<script>hacked", "<img", "<svg"} {
		if strings.Contains(html, never) {
			t.Errorf("%q is in the page", never)
		}
	}
}
