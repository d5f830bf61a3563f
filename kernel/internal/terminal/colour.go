package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// takesColours tells whether what is written shows colours: not a file or a pipe, nor where the
// user wants none (no-color.org).
func takesColours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
