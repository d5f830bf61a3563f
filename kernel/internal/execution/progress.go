package execution

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// Progress shows, cell by cell, how far a notebook is: on a terminal, one line that is
// redrawn; elsewhere, a line at the start and at the end of each cell.
type Progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal *remark.Terminal // nil if w is none

	cell, cells int
	what        string // the heading that the cell stands under, or its first line of code
	tail        string // the last line that it printed
	start       time.Time
	drawn       time.Time
	ticking     chan struct{}
}

// ProgressOn returns the progress for w.
func ProgressOn(w io.Writer) *Progress {
	return &Progress{w: w, terminal: remark.TerminalOf(w)}
}

// begin says that cell n starts. The cell is called by the heading that it stands under, or
// by its first line of code if heading is empty.
func (p *Progress) begin(n, of int, heading, source string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if heading == "" {
		heading = firstLine(source)
	}
	p.cell, p.cells, p.what, p.tail, p.start = n, of, heading, "", time.Now()
	if p.terminal == nil {
		fmt.Fprintf(p.w, "cell %d of %d  %s\n", n, of, p.what)
		return
	}
	p.draw()
	p.ticking = make(chan struct{})
	go p.tick(p.ticking)
}

func (p *Progress) tick(until chan struct{}) {
	t := time.NewTicker(500 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-until:
			return
		case <-t.C:
			p.mu.Lock()
			select {
			case <-until:
			default:
				p.draw()
			}
			p.mu.Unlock()
		}
	}
}

// draw redraws the terminal's line. The caller holds the lock.
func (p *Progress) draw() {
	line := fmt.Sprintf("cell %d of %d  %s  %s", p.cell, p.cells, elapsed(p.start), p.what)
	if p.tail != "" {
		line = fmt.Sprintf("cell %d of %d  %s  %s", p.cell, p.cells, elapsed(p.start), p.tail)
	}
	p.terminal.Redraw(line)
	p.drawn = time.Now()
}

func (p *Progress) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := "done"
	switch {
	case errors.Is(err, ErrInterrupted):
		mark = "interrupted"
	case err != nil:
		mark = "FAILED"
	}
	if p.terminal != nil {
		close(p.ticking)
		p.terminal.Clear()
		fmt.Fprintf(p.w, "cell %d of %d  %s  %s  %s\n", p.cell, p.cells, elapsed(p.start), mark, p.what)
		return
	}
	fmt.Fprintf(p.w, "cell %d of %d  %s in %s\n", p.cell, p.cells, mark, elapsed(p.start))
}

// output receives what the running cell shows, and draws its last line, at most ten times a
// second: the last line of printed text, or a figure with a one-line text form, such as the
// curves of training.
func (p *Progress) output(o *nbformat.Output) {
	said := o.Text
	if o.Type == nbformat.DisplayData {
		said = o.DataText("text/plain")
	}
	if p.terminal == nil || o.Type != nbformat.Stream && (o.Type != nbformat.DisplayData || said == "" || strings.Contains(said, "\n")) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.drawn) < 100*time.Millisecond {
		return
	}
	text := strings.TrimRight(said, "\r\n ")
	last := text[strings.LastIndexByte(text, '\n')+1:]
	p.tail = printable(nbformat.StripColours(nbformat.Collapse(last)))
	p.draw()
}

// Say prints a separate line.
func (p *Progress) Say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal != nil {
		p.terminal.Clear()
	}
	fmt.Fprintln(p.w, line)
}

// mostRemarks is the maximum number of lines printed of a cell's remarks.
const mostRemarks = 20

// remarks prints what a cell wrote to its standard error, where programs write what users
// should know, such as skipped files. Why a cell failed is part of its error.
func (p *Progress) remarks(c *nbformat.Cell) {
	lines := failure.Remarks(c)
	for i, line := range lines {
		if i == mostRemarks {
			p.Say(fmt.Sprintf("  and %d more lines: see the executed notebook", len(lines)-i))
			break
		}
		p.Say("  " + printable(line))
	}
}

func elapsed(since time.Time) string {
	d := time.Since(since)
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// headingLine is a heading of Markdown: # and a text, and perhaps more # behind it.
var headingLine = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$`)

// lastHeading returns the text of the last heading in a cell of Markdown, without the marks
// of code and emphasis. It is empty if the cell has no heading.
func lastHeading(markdown string) string {
	var last, fence string
	for l := range strings.Lines(markdown) {
		l = strings.TrimRight(l, "\r\n")
		switch code := strings.TrimLeft(l, " "); {
		case fence != "": // in a block of code, where # is a comment
			if strings.HasPrefix(code, fence) {
				fence = ""
			}
		case strings.HasPrefix(code, "```"), strings.HasPrefix(code, "~~~"):
			fence = code[:3]
		default:
			if m := headingLine.FindStringSubmatch(l); m != nil {
				last = printable(strings.NewReplacer("`", "", "*", "").Replace(m[1]))
			}
		}
	}
	return last
}

// firstLine is the first line of code in a cell: no comment, no %% and the like,
// unless there is nothing else.
func firstLine(source string) string {
	var first string
	for l := range strings.Lines(source) {
		l = strings.TrimSpace(l)
		if first == "" {
			first = l
		}
		if l != "" && !strings.HasPrefix(l, "//") && !strings.HasPrefix(l, "%") {
			return printable(l)
		}
	}
	return printable(first)
}

// printable drops characters that would control the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
