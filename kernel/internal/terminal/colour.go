package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// takesColours reports whether a writer can show colours: it is not a file or a pipe, and
// the user has not disabled them (no-color.org).
func takesColours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
