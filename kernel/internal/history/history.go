// Package history records the cells of this session and, in a file that kernels share,
// those of earlier sessions.
package history

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// History holds what was executed, in this session and in earlier ones from the file.
// Sessions are counted from 1 over the file; lines are execution counts.
type History struct {
	file store

	mu      sync.Mutex
	session int
	entries []Entry // by session and line
	results map[int]string
}

// Entry is one execution.
type Entry struct {
	Session int    `json:"session"`
	Line    int    `json:"line"` // 0: the session's beginning
	Source  string `json:"source"`
}

// Open begins a session. If the file cannot be used, the returned history is kept in memory
// only, and the error says why.
func Open(path string) (*History, error) {
	h := &History{session: 1, results: map[int]string{}}
	if path == "" {
		return h, nil
	}
	file := store(path)
	entries, session, err := file.begin()
	if err != nil {
		return h, err
	}
	h.file, h.entries, h.session = file, entries, session
	return h, nil
}

// Add records what is executed now. Find returns it even if it cannot be written to the
// file.
func (h *History) Add(line int, source string) error {
	e := Entry{h.session, line, source}
	h.mu.Lock()
	h.entries = append(h.entries, e)
	h.mu.Unlock()
	if h.file == "" {
		return nil
	}
	return h.file.add(e)
}

// Result records the text of a line's value. It is kept for this session only.
func (h *History) Result(line int, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.results[line] = text
}

// Query is the content of a history_request. Counts that were not given are nil.
type Query struct {
	Output  bool   `json:"output"`
	Type    string `json:"hist_access_type"`
	Session int    `json:"session"` // range: 0 is this one, −1 the one before
	Start   *int   `json:"start"`   // range: lines from here; a negative one counts from the end
	Stop    *int   `json:"stop"`    // range: lines before here; a negative one counts from the end
	N       *int   `json:"n"`       // tail, search: the last N
	Pattern string `json:"pattern"` // search: a glob for the entire source
	Unique  bool   `json:"unique"`  // search: only the last of equal ones
}

// Find returns the requested entries, oldest first.
func (h *History) Find(q Query) ([]Entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch q.Type {
	case "range":
		return h.between(q), nil
	case "tail":
		n := 10 // as in IPython
		if q.N != nil {
			n = *q.N
		}
		return last(h.entries, n), nil
	case "search":
		if q.Pattern == "" {
			q.Pattern = "*"
		}
		found := h.matching(q.Pattern, q.Unique)
		if q.N != nil {
			found = last(found, *q.N)
		}
		return found, nil
	}
	return nil, fmt.Errorf("history_request: hist_access_type %q, want range, tail or search", q.Type)
}

// between returns the lines that a range asks for.
func (h *History) between(q Query) []Entry {
	session := q.Session
	if session <= 0 {
		session += h.session
	}
	from, _ := slices.BinarySearchFunc(h.entries, session, func(e Entry, s int) int { return cmp.Compare(e.Session, s) })
	lines := h.entries[from:]
	to, _ := slices.BinarySearchFunc(lines, session+1, func(e Entry, s int) int { return cmp.Compare(e.Session, s) })
	lines = lines[:to]
	end := 1
	if len(lines) > 0 {
		end += lines[len(lines)-1].Line
	}
	start, stop := 0, end
	if q.Start != nil {
		start = *q.Start
	}
	if q.Stop != nil && *q.Stop != 0 { // 0 is no stop for ipykernel
		stop = *q.Stop
	}
	if start < 0 {
		start += end
	}
	if stop < 0 {
		stop += end
	}
	var found []Entry
	for _, e := range lines {
		if e.Line >= start && e.Line < stop {
			found = append(found, e)
		}
	}
	return found
}

func (h *History) matching(pattern string, unique bool) []Entry {
	seen := map[string]bool{}
	var found []Entry
	for _, e := range slices.Backward(h.entries) {
		if glob(pattern, e.Source) && !(unique && seen[e.Source]) {
			seen[e.Source] = true
			found = append(found, e)
		}
	}
	slices.Reverse(found)
	return found
}

func last(entries []Entry, n int) []Entry {
	return slices.Clone(entries[len(entries)-min(max(n, 0), len(entries)):])
}

// ResultOf returns the text of an entry's value, in its JSON form: nil if it has none.
func (h *History) ResultOf(e Entry) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	if text, ok := h.results[e.Line]; ok && e.Session == h.session {
		return text
	}
	return nil
}
