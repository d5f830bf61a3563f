package execution

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// The terminal's line shows what a cell printed last, including the text of a figure that
// is updated during training; figures with tables of text are ignored.
func TestProgressShowsTheLastLine(t *testing.T) {
	for _, row := range []struct {
		output nbformat.Output
		want   string
	}{
		{nbformat.Output{Type: nbformat.Stream, Text: "one\ntwo\rthree\n"}, "three"},
		{nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{"text/plain": "adapt 3/60"}}, "adapt 3/60"},
		{nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{"text/plain": "a table\nof lines"}}, "source"},
		{nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{"text/html": "<p>"}}, "source"},
	} {
		var b strings.Builder
		p := &Progress{w: &b, terminal: &remark.Terminal{W: &b, Width: 200}}
		p.begin(1, 2, "", "source")
		p.mu.Lock()
		p.drawn = time.Time{} // long ago
		p.mu.Unlock()
		p.output(&row.output)
		p.mu.Lock()
		line := b.String()[strings.LastIndex(b.String(), "\x1b[2K"):]
		p.mu.Unlock()
		p.end(nil)
		if !strings.HasSuffix(line, "  "+row.want) {
			t.Errorf("%+v: the line is %q, want %q at its end", row.output, line, row.want)
		}
	}
}

// What a cell writes to its standard error, such as which files were left out, is also
// printed in the terminal, whether it fails or not; if it is long, only the first lines.
func TestRemarksOfACell(t *testing.T) {
	stderr := func(text string) *nbformat.Output {
		return &nbformat.Output{Type: nbformat.Stream, Name: "stderr", Text: text}
	}
	for _, row := range []struct {
		why     string
		outputs []*nbformat.Output
		want    string
	}{
		{"two pieces of one line", []*nbformat.Output{stderr("left out: mug/"), stderr("a.txt\n")}, "  left out: mug/a.txt\n"},
		{"a bar that redrew itself", []*nbformat.Output{stderr("1 %\r99 %\n")}, "  99 %\n"},
		{"control characters", []*nbformat.Output{stderr("\x1b[31mred\x1b[0m\a")}, "  red\n"},
		{"results are not remarks", []*nbformat.Output{{Type: nbformat.Stream, Name: "stdout", Text: "result"}}, ""},
		{"blank", []*nbformat.Output{stderr("\n \n")}, ""},
		{"an error that was expected", []*nbformat.Output{stderr("panic: on purpose"), {Type: nbformat.Error}}, ""},
		{"what was left out before a cell failed", []*nbformat.Output{stderr("left out: mug/a.txt\nleft out: pen/b.txt\nerror: the classes differ\nexit status 1\n"),
			{Type: nbformat.Error, EName: "ERROR", EValue: "exit status 1", Traceback: []string{"exit status 1"}}}, "  left out: mug/a.txt\n  left out: pen/b.txt\n"},
		{"much", []*nbformat.Output{stderr(strings.Repeat("x\n", 25))}, strings.Repeat("  x\n", 20) + "  and 5 more lines: see the executed notebook\n"},
	} {
		for _, live := range []bool{false, true} {
			var b strings.Builder
			p := ProgressOn(&b)
			if live {
				p.terminal = &remark.Terminal{W: &b, Width: 80}
			}
			p.remarks(&nbformat.Cell{Type: nbformat.Code, Outputs: row.outputs})
			if got := strings.ReplaceAll(b.String(), "\r\x1b[2K", ""); got != row.want {
				t.Errorf("%s: %q, want %q", row.why, got, row.want)
			}
		}
	}
}

// A cell is called by the last heading before it, be it several cells back; before the first
// heading by its first line of code.
func TestProgressNamesTheHeading(t *testing.T) {
	cell := func(kind, source string, tags ...any) *nbformat.Cell {
		return &nbformat.Cell{Type: kind, Source: source, Metadata: map[string]any{"tags": tags}}
	}
	e := Execution{Notebook: &nbformat.Notebook{Cells: []*nbformat.Cell{
		cell(nbformat.Markdown, "No heading yet, #1 is none."),
		cell(nbformat.Code, "%noautoget\n// note\nimport \"fmt\""),
		cell(nbformat.Markdown, "# Title\n\ntext\n\n## The *data* and `x` ##\n\n    # indented code\n\n```sh\n# a comment\n```\n#hashtag"),
		cell(nbformat.Code, "var x = 1"),
		cell(nbformat.Code, " \n"),
		cell(nbformat.Markdown, "A caption."),
		cell(nbformat.Code, "x"),
		cell(nbformat.Markdown, "## Left out"),
		cell(nbformat.Code, "y", "skip-execution"),
		cell(nbformat.Markdown, "### \x1b[31mred"),
		cell(nbformat.Code, "z"),
	}}}
	e.choose()
	want := []string{`import "fmt"`, "The data and x", "The data and x", "[31mred"}
	if len(e.cells) != len(want) {
		t.Fatalf("%d cells, want %d", len(e.cells), len(want))
	}
	for i, c := range e.cells {
		var b strings.Builder
		p := ProgressOn(&b)
		p.begin(i+1, len(e.cells), e.headings[i], c.Source)
		if got := b.String(); got != fmt.Sprintf("cell %d of 4  %s\n", i+1, want[i]) {
			t.Errorf("cell %d: %q, want the name %q", i+1, got, want[i])
		}
	}
}
