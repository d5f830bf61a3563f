package plots

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"
)

//go:embed live.js
var liveJS string

var (
	liveRuntime = template.JS(strings.TrimSpace(liveJS))

	// liveName is the property of window that holds the script; it changes with the script.
	liveName = template.JS(func() string {
		sum := sha256.Sum256([]byte(liveRuntime + runtimeName))
		return "sdtLive_" + hex.EncodeToString(sum[:])[:8]
	}())
)

var liveHTML = template.Must(template.New("live").Parse(`<div data-sdt-live="{{.ID}}"><p class="sdt-progress" style="font-family: monospace; white-space: pre-wrap; margin: .5em 0">{{.Line}}</p>
{{.Figure}}</div>
<script>
{{if .Update}}window.{{.Live}} && window.{{.Live}}.update({{.ID}}, {{.Update}});
{{else}}(window.{{.Live}} || (window.{{.Live}} = {{.Runtime}})).keep({{.ID}}, window.{{.Global}});
{{end}}</script>
`))

// liveFrame is a figure in progress as one output of a notebook: a line that shows the progress,
// and either the complete figure or only new points for the figure that the page has kept from
// the last frame.
type liveFrame struct {
	ID      string // of the display
	Line    string
	Figure  template.HTML // empty: that of the last frame
	Update  template.JS   // its new points; empty: Figure is complete
	Live    template.JS
	Runtime template.JS
	Global  template.JS
}

func (f liveFrame) html() string {
	f.Live, f.Runtime, f.Global = liveName, liveRuntime, runtimeName
	var b strings.Builder
	if err := liveHTML.Execute(&b, f); err != nil {
		panic(fmt.Sprintf("plots.Follow: %v", err)) // a buffer and strings cannot fail
	}
	return b.String()
}

// complete returns the frame with a complete chart.
func complete(id, line string, c Chart) string {
	return liveFrame{ID: id, Line: line, Figure: template.HTML(c.fragment())}.html()
}

// points returns the frame with only the points of a line chart, two numbers each.
func points(id, line string, c Chart) string {
	var u struct {
		Subtitle string  `json:"subtitle"`
		Label    string  `json:"label"`
		Points   [][]any `json:"points"`
	}
	u.Subtitle, u.Label = visible(c.subtitle), visible(c.title+". "+c.summary)
	series, _ := c.option["series"].([]any)
	for _, s := range series {
		var flat []any
		for _, p := range s.(map[string]any)["data"].([]any) {
			flat = append(flat, p.(map[string]any)["value"].([]any)[:2]...)
		}
		u.Points = append(u.Points, flat)
	}
	return liveFrame{ID: id, Line: line, Update: template.JS(toJSON(u))}.html()
}

// shape returns everything of a chart's option except its points: between charts of the same
// shape, points are enough for an update.
func shape(c Chart) string {
	o := make(map[string]any, len(c.option))
	for k, v := range c.option {
		o[k] = v
	}
	series, _ := o["series"].([]any)
	var bare []any
	for _, s := range series {
		one := map[string]any{}
		for k, v := range s.(map[string]any) {
			if k != "data" {
				one[k] = v
			}
		}
		bare = append(bare, one)
	}
	o["series"] = bare
	return c.title + toJSON(o)
}
