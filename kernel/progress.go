package main

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
)

// progress tells the user, cell by cell, how far a notebook is: on a terminal one
// line that is redrawn, elsewhere a line at the start and at the end of a cell.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	live  bool // w is a terminal
	width int  // its columns

	cell, cells int
	what        string // the heading that the cell stands under, or its first line of code
	tail        string // the last line that it printed
	start       time.Time
	drawn       time.Time
	ticking     chan struct{}
}

func newProgress(w io.Writer, live bool, width int) *progress {
	return &progress{w: w, live: live, width: width}
}

// begin says that cell n starts. It is called by the heading that it stands under, or by its
// first line of code if heading is empty.
func (p *progress) begin(n, of int, heading, source string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if heading == "" {
		heading = firstLine(source)
	}
	p.cell, p.cells, p.what, p.tail, p.start = n, of, heading, "", time.Now()
	if !p.live {
		fmt.Fprintf(p.w, "cell %d of %d  %s\n", n, of, p.what)
		return
	}
	p.draw()
	p.ticking = make(chan struct{})
	go p.tick(p.ticking)
}

func (p *progress) tick(until chan struct{}) {
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

// draw redraws the terminal's line. The lock is held.
func (p *progress) draw() {
	line := fmt.Sprintf("cell %d of %d  %s  %s", p.cell, p.cells, elapsed(p.start), p.what)
	if p.tail != "" {
		line = fmt.Sprintf("cell %d of %d  %s  %s", p.cell, p.cells, elapsed(p.start), p.tail)
	}
	if r := []rune(line); p.width > 1 && len(r) >= p.width {
		line = string(r[:p.width-2]) + "…"
	}
	fmt.Fprintf(p.w, "\r\x1b[2K%s", line)
	p.drawn = time.Now()
}

func (p *progress) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	mark := "done"
	switch {
	case errors.Is(err, errInterrupted):
		mark = "interrupted"
	case err != nil:
		mark = "FAILED"
	}
	if p.live {
		close(p.ticking)
		fmt.Fprint(p.w, "\r\x1b[2K")
		fmt.Fprintf(p.w, "cell %d of %d  %s  %s  %s\n", p.cell, p.cells, elapsed(p.start), mark, p.what)
		return
	}
	fmt.Fprintf(p.w, "cell %d of %d  %s in %s\n", p.cell, p.cells, mark, elapsed(p.start))
}

// output hears what the running cell shows, of which the last line is drawn, ten
// times a second at most: of text that it prints, or of a figure that is one line of
// text elsewhere, as the curves of training are.
func (p *progress) output(o *nbformat.Output) {
	said := o.Text
	if o.Type == nbformat.DisplayData {
		said = o.DataText("text/plain")
	}
	if !p.live || o.Type != nbformat.Stream && (o.Type != nbformat.DisplayData || said == "" || strings.Contains(said, "\n")) {
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

// say prints a line of its own.
func (p *progress) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[2K")
	}
	fmt.Fprintln(p.w, line)
}

// mostRemarks is how many lines of a cell's remarks are printed.
const mostRemarks = 20

// remarks prints what a cell has written to its standard error, where programs say what
// their user should know, such as files that were left out. Why a cell failed is said with
// its error.
func (p *progress) remarks(c *nbformat.Cell) {
	lines := failure.Remarks(c)
	for i, line := range lines {
		if i == mostRemarks {
			p.say(fmt.Sprintf("  and %d more lines, in the executed notebook", len(lines)-i))
			break
		}
		p.say("  " + printable(line))
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

// printable drops what would steer the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
