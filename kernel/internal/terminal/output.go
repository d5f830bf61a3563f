// Package terminal runs a session of cells in a terminal, or on a pipe: it reads lines
// until they are a complete cell, writes what the cell shows as text, and saves what has no
// text as a file.
//
//	session    reads cells and runs them
//	keyboard   reads them from a terminal; keys, what is pressed; completer; history
//	plain      reads them from a terminal without a cursor
//	page       what has no text, as a file; colour
package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// output writes what cells show. It implements [eval.Output].
type output struct {
	out, err io.Writer
	files    string // folder for values without text; created when needed
	view     func(path string)
	ask      func(ctx context.Context, prompt string, password bool) (string, error)

	mu    sync.Mutex
	waits bool      // a prompt is shown and waits
	open  io.Writer // where a line has begun and not ended; nil if the last line has ended
	count int
	shown map[string]string // files by display id
}

var _ eval.Output = (*output)(nil)

func (o *output) Stream(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if name == "stderr" {
		o.write(o.err, text)
		return
	}
	o.write(o.out, text)
}

// write writes text, on lines of its own while a prompt waits. The lock is held.
func (o *output) write(to io.Writer, text string) {
	if o.waits && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	io.WriteString(to, text)
	switch {
	case strings.HasSuffix(text, "\n"):
		o.open = nil
	case text != "":
		o.open = to
	}
}

// newLine ends the line that has begun, if any, so that what follows begins on a new line.
func (o *output) newLine() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endLine()
}

// endLine is newLine with the lock held.
func (o *output) endLine() {
	if o.open != nil {
		o.write(o.open, "\n")
	}
}

// atStart records that the user has ended the line.
func (o *output) atStart() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open = nil
}

// prompt records that a prompt will wait, on a line of its own, or that the user has ended
// its line.
func (o *output) prompt(waits bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if waits {
		o.endLine()
	}
	o.waits, o.open = waits, nil
}

// value writes data as text if it has a text, and otherwise to a file.
func (o *output) value(before string, data map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endLine()
	if text := textOf(data); text != "" {
		o.write(o.out, before+strings.TrimRight(text, "\n")+"\n")
		return
	}
	o.file(data, "")
}

// textOf returns the text of data, "" if it has none.
func textOf(data map[string]any) string {
	for _, mime := range []string{"text/plain", "text/markdown"} {
		if s, ok := data[mime].(string); ok {
			return s
		}
	}
	return ""
}

func (o *output) Display(data, _ map[string]any, id string) {
	if id == "" {
		o.value("", data)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.file(data, id)
}

// Update updates the file of an earlier display. Text that changes, such as a progress bar,
// is not written again and again.
func (o *output) Update(data, _ map[string]any, id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.file(data, id)
}

func (o *output) Clear(bool) {}

func (o *output) Comm(eval.Comm) {}

func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return o.ask(ctx, prompt, password)
}

// kinds are the forms that become files, the best first.
var kinds = []struct{ mime, suffix string }{
	{"text/html", ".html"}, {"image/svg+xml", ".svg"}, {"image/png", ".png"}, {"image/jpeg", ".jpg"},
}

// file writes data to a file, replacing the one with the same id, and opens a new one for
// the user. The lock is held.
func (o *output) file(data map[string]any, id string) {
	for _, k := range kinds {
		content, ok := data[k.mime].(string)
		if !ok {
			continue
		}
		path, known := o.shown[id]
		if id == "" || !known {
			o.count++
			path = filepath.Join(o.files, fmt.Sprintf("out-%d%s", o.count, k.suffix))
		}
		bytes, err := decode(k.mime, content)
		if err == nil {
			err = os.MkdirAll(o.files, 0o700)
		}
		if err == nil {
			err = os.WriteFile(path, bytes, 0o600)
		}
		if err != nil {
			o.write(o.err, err.Error()+"\n")
			return
		}
		if id != "" {
			o.shown[id] = path
		}
		if !known {
			o.endLine()
			o.write(o.out, fmt.Sprintf("[%s: %s]\n", strings.TrimPrefix(k.suffix, "."), path))
			o.view(path)
		}
		return
	}
	if text := textOf(data); text != "" && o.shown[id] == "" {
		o.shown[id] = "text"
		o.endLine()
		o.write(o.out, strings.TrimRight(text, "\n")+"\n")
	}
}

// opener returns a function that shows a file to the user, nil if there is no screen.
func opener() func(path string) {
	name := "xdg-open"
	switch {
	case runtime.GOOS == "darwin":
		name = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return func(string) {}
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return func(string) {}
	}
	return func(path string) {
		if cmd := exec.Command(program, path); cmd.Start() == nil {
			go cmd.Wait()
		}
	}
}
