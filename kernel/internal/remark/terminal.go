package remark

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Terminal is a terminal whose last line is redrawn.
type Terminal struct {
	W     io.Writer
	Width int // its columns; 0 if unknown
}

// TerminalOf returns the terminal that w is, nil if w is none or its lines cannot be redrawn.
func TerminalOf(w io.Writer) *Terminal {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	width, _, _ := term.GetSize(int(f.Fd()))
	return &Terminal{f, width}
}

// Redraw replaces the last line, which has not ended, by this one, cut to the terminal's
// width: a longer line would leave a part behind when it is replaced.
func (t *Terminal) Redraw(line string) {
	if r := []rune(line); t.Width > 1 && len(r) >= t.Width {
		line = string(r[:t.Width-2]) + "…"
	}
	fmt.Fprintf(t.W, "\r\x1b[2K%s", line)
}

// Clear removes the last line.
func (t *Terminal) Clear() { t.Redraw("") }
