package plots

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
)

// choices are versions of a figure, and the control that switches between them: a slider or a
// list, which the figure's own script operates wherever the figure is shown. Without a script
// there is no control; the figure shows the first version, and the tables of all.
type choices struct {
	Label   string // of the control
	Slider  bool   // otherwise a list
	At      int    // the version that the figure shows first
	All     []version
	Address string // of gonbui's comms, if the program answers for other values; empty: it does not

	answer func(value float64) version // for any value of the slider; nil: only those of All. It is called from several goroutines
}

// version is one version of a figure.
type version struct {
	Name     string  // on the control
	Value    float64 // of the slider
	Subtitle string
	Summary  string
	Option   map[string]any // replaces these keys of the figure's option
	Tables   []Table
}

// tables returns the tables of all versions.
func (c *choices) tables() (all []Table) {
	for _, v := range c.All {
		all = append(all, v.Tables...)
	}
	return all
}

//go:embed choose.js
var chooseJS string

var (
	chooseRuntime = template.JS(strings.TrimSpace(chooseJS))

	// chooseName is the property of window that holds the script; it changes with the script.
	chooseName = template.JS(func() string {
		sum := sha256.Sum256([]byte(chooseRuntime + runtimeName))
		return "sdtChoose_" + hex.EncodeToString(sum[:])[:8]
	}())
)

// chooseHTML is the control. Without data-lm-suppress-shortcuts JupyterLab would treat its
// keys as shortcuts.
var chooseHTML = template.Must(template.New("choose").Parse(`<div class="sdt-choose" hidden><label>{{.Label}} {{if .Slider}}<input data-lm-suppress-shortcuts="true" type="range" min="0" max="{{.Last}}" step="1" value="{{.At}}" aria-valuetext="{{.Shown}}"></label><output aria-hidden="true">{{.Shown}}</output>{{else}}<select data-lm-suppress-shortcuts="true">{{range $i, $v := .All}}<option value="{{$i}}"{{if eq $i $.At}} selected{{end}}>{{$v.Shown}}</option>{{end}}</select></label>{{end}}<small></small></div>
`))

// control returns the control's element, which stays hidden until the script finds it.
func (c *choices) control() template.HTML {
	if c == nil {
		return ""
	}
	var b strings.Builder
	if err := chooseHTML.Execute(&b, struct {
		*choices
		Last  int
		Shown string
	}{c, len(c.All) - 1, c.All[c.At].Shown()}); err != nil {
		panic(fmt.Sprintf("plots: the control %q: %v", c.Label, err)) // a buffer and strings cannot fail
	}
	return template.HTML(b.String())
}

// shownVersion is a version in the form that the script reads.
type shownVersion struct {
	Name     string         `json:"name"`
	Value    float64        `json:"value"`
	Subtitle string         `json:"subtitle"`
	Label    string         `json:"label"`
	Option   map[string]any `json:"option"`
	Tables   template.HTML  `json:"tables,omitempty"` // if the program made it
}

// json returns the versions in the form that the script reads.
func (c *choices) json(title string) template.JS {
	if c == nil {
		return "null"
	}
	s := struct {
		Address string         `json:"address,omitempty"`
		All     []shownVersion `json:"all"`
	}{Address: c.Address}
	for _, v := range c.All {
		s.All = append(s.All, v.shown(title))
	}
	return template.JS(toJSON(s))
}

func (v version) shown(title string) shownVersion {
	return shownVersion{Name: v.Shown(), Value: v.Value, Subtitle: visible(v.Subtitle), Label: visible(title + ". " + v.Summary), Option: v.Option}
}

// Shown returns the name as the control shows it.
func (v version) Shown() string { return visible(v.Name) }

// toJSON returns JSON of numbers and strings that is safe within <script>.
func toJSON(v any) string {
	b, err := json.Marshal(v) // escapes for HTML
	if err != nil {
		panic(fmt.Sprintf("plots: not JSON: %v", err)) // a NaN that number did not catch
	}
	return string(b)
}
