package plots_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
)

func rendered(t *testing.T, f plots.Figure) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Render(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every figure keeps the promises of the package comment.
func TestEveryFigure(t *testing.T) {
	again := everyFigure(office31)
	ids := make(map[string]string)
	for name, c := range everyFigure(office31) {
		t.Run(name, func(t *testing.T) {
			html := rendered(t, c)
			if html != rendered(t, again[name]) {
				t.Error("the same input gave other bytes")
			}
			if other, ok := ids[c.ID()]; ok {
				t.Errorf("ID %s is also the ID of %s", c.ID(), other)
			}
			ids[c.ID()] = name
			for _, want := range []string{`<figcaption><strong dir="auto">`, `aria-label="`, `class="sdt-caption"`, `scope="col"`, `scope="row"`, "</figure>"} {
				if !strings.Contains(html, want) {
					t.Errorf("no %s in the fragment", want)
				}
			}
			for _, never := range []string{"text/javascript", "<script src", "document.write", "__f__", "NaN"} {
				if strings.Contains(html, never) {
					t.Errorf("%s in the fragment", never)
				}
			}
			if c.Title() == "" || len(c.Tables()) == 0 || len(c.Tables()[0].Rows) == 0 {
				t.Error("no title or no numbers")
			}
			if n := strings.Count(html, `document.head.appendChild(script)`); c.Option() != nil && string(c.Option()) != "null" && n != 1 {
				t.Errorf("%d loaders of echarts want 1", n)
			}
			if s := c.String(); !strings.Contains(s, c.Tables()[0].Caption) {
				t.Errorf("String has no table:\n%s", s)
			}
		})
	}
}

// Every chart's axes have names, and those of numbers a unit, but for counts, ranks and λ.
func TestAxesHaveNames(t *testing.T) {
	named := regexp.MustCompile(`, (%|nats|percentage points)$|^step$|^λ$|^rank by `)
	for name, c := range everyFigure(office31) {
		var o struct{ XAxis, YAxis, ParallelAxis []struct{ Name, Type string } }
		if err := json.Unmarshal(c.Option(), &o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		names := ""
		for i, a := range slices.Concat(o.XAxis, o.YAxis, o.ParallelAxis) {
			// The panels of loss curves share the axis of the last.
			if a.Name == "" && !(strings.HasPrefix(name, "LossCurves") && i < len(o.XAxis)-1) {
				t.Errorf("%s: axis %d has no name", name, i)
			}
			if a.Type == "value" && a.Name != "" && !named.MatchString(a.Name) {
				t.Errorf("%s: axis %q has no unit", name, a.Name)
			}
			names += a.Name
		}
		if names == "" && string(c.Option()) != "null" {
			t.Errorf("%s: no axes", name)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, k := range []int{1, 2, 100} {
		classes := make([]string, k)
		for i := range classes {
			classes[i] = fmt.Sprintf("class %d", i)
		}
		for name, c := range everyFigure(classes) {
			if html := rendered(t, c); !strings.Contains(html, "</figure>") {
				t.Errorf("%s with %d classes: cut off", name, k)
			}
		}
	}
}

func TestPageHoldsTheScript(t *testing.T) {
	page := plots.Page{Title: "a < b", ECharts: []byte(`window.echarts = "</script>"`), Figures: []plots.Figure{
		plots.Comparison(madeUpTrials("")...), plots.ResultTable(madeUpTrials("")...)}}
	html := rendered(t, page)
	for _, want := range []string{"<title>a &lt; b</title>", `window.echarts = "\x3c/script>"`, "sdt-chart", "</html>"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in the page", want)
		}
	}
}
