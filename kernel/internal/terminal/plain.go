package terminal

import (
	"io"

	"golang.org/x/term"
)

// plainReader reads from a terminal without a movable cursor (TERM=dumb): that of an
// editor, or of a program that types. The terminal itself edits the line.
type plainReader struct {
	pipeReader
	screen io.Writer
}

func (r *plainReader) line(prompt, before, _ string) (string, error) {
	io.WriteString(r.screen, prompt)
	return r.pipeReader.line(prompt, before, "")
}

func (r *plainReader) ask(prompt string, password bool) (string, error) {
	io.WriteString(r.screen, prompt)
	if !password {
		return r.pipeReader.line("", "", "")
	}
	text, err := term.ReadPassword(int(r.file.Fd()))
	io.WriteString(r.screen, "\n")
	return string(text), err
}
