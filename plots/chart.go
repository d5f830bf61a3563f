package plots

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// Chart is a figure: a drawing, and its numbers as tables. Make one with the functions of
// this package; the zero Chart draws nothing.
type Chart struct {
	title    string
	subtitle string // what the marks mean; may be empty
	summary  string // the figure in a sentence, for readers who cannot see it

	option   map[string]any // of echarts; nil for a figure that is only HTML
	height   int            // of the drawing, px
	minWidth int            // of the drawing, px; a narrower page scrolls it
	maxWidth int            // of the drawing, px; 0: as wide as the page

	html   template.HTML // shown in place of option
	tables []Table
	lead   bool // the first table is unfolded

	choices *choices // versions that the reader can switch between; may be nil
}

// narrow is the width that a report on a phone has for a figure, in px. Drawings that are
// legible there are no wider than it.
const narrow = 330

// Title returns the title above the figure.
func (c Chart) Title() string { return c.title }

// Tables returns the numbers of the figure.
func (c Chart) Tables() []Table { return c.tables }

// Option returns the echarts option as JSON, null for a figure without one. It is safe
// within <script>: every <, > and & is written as \u003c, \u003e and \u0026.
func (c Chart) Option() json.RawMessage {
	if c.option == nil {
		return json.RawMessage("null")
	}
	b, err := json.Marshal(c.option) // sorts the keys, escapes for HTML
	if err != nil {
		panic(fmt.Sprintf("plots: the option of %q is not JSON: %v", c.title, err)) // a NaN that number did not catch
	}
	return b
}

// ID returns a name made from the figure's content: "sdt-" and twelve hexadecimal digits of a
// SHA-256. Figures that look the same have the same ID, and different ones differ.
func (c Chart) ID() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %d %d\n%s\n%q\n", c.title, c.subtitle, c.summary, c.height, c.maxWidth, c.Option(), c.html)
	if c.choices != nil {
		fmt.Fprintf(h, "%s\n", c.choices.json(c.title))
	}
	for _, t := range c.tables {
		fmt.Fprintf(h, "%q %q %q %q\n", t.Caption, t.Head, t.Rows, t.Foot)
	}
	return "sdt-" + hex.EncodeToString(h.Sum(nil))[:12]
}

// Render writes the figure as a fragment of HTML: a <figure> with the title, the drawing, the
// tables in a <details>, its style and its script. It can be anywhere in the body of a page,
// any number of times.
func (c Chart) Render(w io.Writer) error {
	_, err := io.WriteString(w, c.fragment()) // in one write, all or nothing
	return err
}

func (c Chart) fragment() string {
	lead := 0
	if c.lead {
		lead = 1
	}
	var b strings.Builder
	if err := fragment.Execute(&b, struct {
		Chart
		Height, Min, Max      int
		Subtitle, Summary     string
		HTML                  template.HTML
		Style                 template.CSS
		Runtime, JSON, Global template.JS
		Lead, Folded          []Table
		Choose                template.HTML // the control
		Choices               *choices
		Versions              template.JS // the versions that the control offers
		ChooseName, Chooser   template.JS
		Title                 string
	}{c, c.height, c.minWidth, c.maxWidth, visible(c.subtitle), visible(c.summary), c.html, style, runtime, template.JS(c.Option()), runtimeName, c.tables[:lead], c.tables[lead:],
		c.choices.control(), c.choices, c.choices.json(c.title), chooseName, chooseRuntime, visible(c.title)}); err != nil {
		panic(fmt.Sprintf("plots: render %q: %v", c.title, err)) // a buffer and strings cannot fail
	}
	return b.String()
}

// String returns the title and the tables as plain text, for terminals.
func (c Chart) String() string {
	var b strings.Builder
	b.WriteString(visible(c.title))
	b.WriteByte('\n')
	if c.subtitle != "" {
		b.WriteString(visible(c.subtitle))
		b.WriteByte('\n')
	}
	for _, t := range c.tables {
		b.WriteByte('\n')
		b.WriteString(t.String())
	}
	return b.String()
}
