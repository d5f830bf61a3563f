package terminal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// historyLimit is how many cells are kept.
const historyLimit = 5000

// history holds the cells that were typed, including those of earlier sessions.
type history struct {
	path  string // "" keeps them in memory
	cells []string
}

// openHistory reads a file with one cell per line: as is or, if it has several lines, as a
// Go string. It returns a history even if reading fails.
func openHistory(path string) (*history, error) {
	h := &history{path: path}
	if path == "" {
		return h, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return h, nil
		}
		h.path = ""
		return h, fmt.Errorf("the history is not saved: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		cell := strings.TrimSuffix(line, "\n")
		if whole, err := strconv.Unquote(cell); err == nil && strings.HasPrefix(cell, `"`) {
			cell = whole
		}
		if strings.TrimSpace(cell) != "" {
			h.cells = append(h.cells, cell)
		}
	}
	if n := len(h.cells); n > 2*historyLimit {
		h.cells = h.cells[n-historyLimit:]
		var b strings.Builder
		for _, c := range h.cells {
			b.WriteString(entry(c))
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			return h, fmt.Errorf("shorten the history: %w", err)
		}
	}
	h.cells = h.cells[max(0, len(h.cells)-historyLimit):]
	return h, nil
}

// add appends a cell, unless it is already the last one.
func (h *history) add(cell string) error {
	if n := len(h.cells); n > 0 && h.cells[n-1] == cell {
		return nil
	}
	h.cells = append(h.cells, cell)
	if h.path == "" {
		return nil
	}
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(entry(cell))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		h.path = ""
		return fmt.Errorf("the history is no longer saved: %w", err)
	}
	return nil
}

// entry returns a cell in the form of the file.
func entry(cell string) string {
	if strings.ContainsAny(cell, "\n\r") || strings.HasPrefix(cell, `"`) {
		cell = strconv.Quote(cell)
	}
	return cell + "\n"
}
