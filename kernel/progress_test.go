package main

import (
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// The line of a terminal shows what a cell prints last, be it the text of a figure that
// is updated while training goes on; figures with tables of text are passed over.
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
		p := newProgress(&b, true, 200)
		p.begin(1, 2, "source")
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
