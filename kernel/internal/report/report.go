// Package report writes an executed notebook as one self-contained HTML file.
//
// What the notebook's author wrote is treated as data: markdown loses its HTML, text and
// titles are escaped. What its cells displayed as HTML, SVG or JavaScript is kept, since it
// is the output of programs that the reader has just run. Charts need this.
//
//	markdown   prose; code, cells; output, what they showed; ansi, colours of a terminal
//	script     the library that draws charts
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// About is what a report says about its notebook beyond its content.
type About struct {
	Name    string // of the notebook's file; the title if it has no heading
	Dir     string // its folder: images from there are embedded
	Command string // that made the report
	Script  Script // of the charts
	Problem string // why the execution ended early, if not for a cell's error
}

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

var page = template.Must(template.New("page").Parse(pageHTML))

// view is what the page shows.
type view struct {
	Title    string
	Headed   bool // the prose has the title
	Contents []heading
	Facts    []fact
	Failed   *failed
	Problem  string
	Cells    []cellView
	Style    template.CSS
	Scripts  template.HTML
}

type fact struct{ Name, Value string }

type failed struct {
	Cell    int
	Reasons []string
	Where   string
	Href    string
}

type cellView struct {
	Prose   template.HTML // of a markdown cell; else:
	Number  int           // of a code cell, 0 if it was not executed
	ID      string
	Code    template.HTML
	Folded  bool // the code is not shown at first
	Took    string
	Result  bool // tagged "result"
	Outputs []outputView
}

// Write writes the report on nb to w. The same notebook and About give the same bytes.
func Write(w io.Writer, nb *nbformat.Notebook, about About) error {
	colours, err := palette()
	if err != nil {
		return err
	}
	v := view{Title: about.Name, Problem: about.Problem, Style: template.CSS(styleCSS) + colours}
	text := newProse(about.Dir)
	fault := faults(nb)
	for i, c := range nb.Cells {
		switch {
		case c.Type == nbformat.Markdown:
			html, headings, err := text.render(c)
			if err != nil {
				return fmt.Errorf("report: cell %d: %w", i+1, err)
			}
			for _, h := range headings {
				if h.Level == 1 && !v.Headed && strings.TrimSpace(h.Text) != "" {
					v.Title, v.Headed = h.Text, true
				}
			}
			v.Contents = append(v.Contents, headings...)
			v.Cells = append(v.Cells, cellView{Prose: html})
		case c.Type == nbformat.Code && !c.Blank():
			cv, err := codeCell(i, c, fault)
			if err != nil {
				return fmt.Errorf("report: cell %d: %w", i+1, err)
			}
			if f, ok := failure.Read(c); ok && v.Failed == nil {
				v.Failed = &failed{Cell: cv.Number, Reasons: f.Reasons, Where: where(f), Href: "#" + cv.ID}
			}
			v.Cells = append(v.Cells, cv)
		}
	}
	v.Facts = facts(nb, about.Command)
	if NeedsCharts(nb) {
		v.Scripts = about.Script.html(bareCharts(nb))
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func codeCell(i int, c *nbformat.Cell, fault map[failure.Place]bool) (cellView, error) {
	v := cellView{ID: fmt.Sprintf("in-%d", i+1), Result: c.Tagged("result"), Folded: hidden(c)}
	if c.ExecutionCount != nil {
		v.Number = *c.ExecutionCount
		v.ID = fmt.Sprintf("cell-%d", v.Number)
	}
	lines := map[int]bool{}
	for p := range fault {
		if p.Cell == v.Number {
			lines[p.Line] = true
		}
	}
	var err error
	if v.Code, err = code(c.Source, v.ID, lines); err != nil {
		return v, err
	}
	if start, end, ok := times(c); ok {
		v.Took = seconds(end.Sub(start))
	}
	for _, o := range c.Outputs {
		if ov, ok := output(o); ok {
			v.Outputs = append(v.Outputs, ov)
		}
	}
	return v, nil
}

// hidden reports whether a cell's code is hidden in Jupyter's clients, because its outputs
// are what counts. The code of a cell that failed is shown.
func hidden(c *nbformat.Cell) bool {
	j, _ := c.Metadata["jupyter"].(map[string]any)
	is, _ := j["source_hidden"].(bool)
	_, failed := failure.Read(c)
	return is && !failed
}

// faults returns the lines that the notebook's failure names.
func faults(nb *nbformat.Notebook) map[failure.Place]bool {
	at := map[failure.Place]bool{}
	for _, c := range nb.Cells {
		if f, ok := failure.Read(c); ok && c.Type == nbformat.Code {
			for _, p := range f.Places {
				at[p] = true
			}
		}
	}
	return at
}

func where(f failure.Failure) string {
	if len(f.Places) == 0 {
		return ""
	}
	return fmt.Sprintf("cell %d, line %d", f.Places[0].Cell, f.Places[0].Line)
}

// facts returns the lines under the title.
func facts(nb *nbformat.Notebook, command string) []fact {
	var first, last time.Time
	for _, c := range nb.Cells {
		start, end, ok := times(c)
		if !ok {
			continue
		}
		if first.IsZero() {
			first = start
		}
		last = end
	}
	var all []fact
	if !first.IsZero() {
		all = append(all, fact{"Executed", first.Format("2 January 2006, 15:04 MST")}, fact{"Took", seconds(last.Sub(first))})
	}
	if info, ok := nb.Metadata["language_info"].(map[string]any); ok {
		if v, ok := info["version"].(string); ok {
			all = append(all, fact{"With", "Go " + strings.TrimPrefix(v, "go")})
		}
	}
	if command != "" {
		all = append(all, fact{"Made by", command})
	}
	return all
}

// times returns when a cell ran, as recorded by Jupyter's clients.
func times(c *nbformat.Cell) (start, end time.Time, ok bool) {
	e, _ := c.Metadata["execution"].(map[string]any)
	a, _ := e["iopub.execute_input"].(string)
	b, _ := e["shell.execute_reply"].(string)
	start, err1 := time.Parse(time.RFC3339Nano, a)
	end, err2 := time.Parse(time.RFC3339Nano, b)
	return start, end, err1 == nil && err2 == nil
}

func seconds(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
}
