package server

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// history is what was executed: in this session, and in those before it that the file
// has. Sessions are counted from 1 over the file; lines are execution counts.
type history struct {
	file historyFile

	mu      sync.Mutex
	session int
	entries []entry // by session and line
	results map[int]string
}

// entry is one execution.
type entry struct {
	Session int    `json:"session"`
	Line    int    `json:"line"` // 0: the session's beginning
	Source  string `json:"source"`
}

// openHistory begins a session. If the file cannot be used, the history that it returns
// is kept in memory, and the error says why.
func openHistory(path string) (*history, error) {
	h := &history{session: 1, results: map[int]string{}}
	if path == "" {
		return h, nil
	}
	file := historyFile(path)
	entries, session, err := file.begin()
	if err != nil {
		return h, err
	}
	h.file, h.entries, h.session = file, entries, session
	return h, nil
}

// add takes what is executed now. It is there for questions even when it cannot be written.
func (h *history) add(line int, source string) error {
	e := entry{h.session, line, source}
	h.mu.Lock()
	h.entries = append(h.entries, e)
	h.mu.Unlock()
	if h.file == "" {
		return nil
	}
	return h.file.add(e)
}

// result takes the text of a line's value. It is kept for this session only.
func (h *history) result(line int, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.results[line] = text
}

// asked is the content of a history_request. Counts that are nil were not given.
type asked struct {
	Output  bool   `json:"output"`
	Type    string `json:"hist_access_type"`
	Session int    `json:"session"` // range: 0 is this one, −1 the one before
	Start   *int   `json:"start"`   // range: lines from here; a negative one counts from the end
	Stop    *int   `json:"stop"`    // range: up to here, without it; a negative one counts from the end
	N       *int   `json:"n"`       // tail, search: the last so many
	Pattern string `json:"pattern"` // search: a glob for the whole source
	Unique  bool   `json:"unique"`  // search: of equal ones the last
}

// find returns the entries that are asked for, the oldest first.
func (h *history) find(q asked) ([]entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch q.Type {
	case "range":
		return h.between(q), nil
	case "tail":
		n := 10 // as IPython has it
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
func (h *history) between(q asked) []entry {
	session := q.Session
	if session <= 0 {
		session += h.session
	}
	from, _ := slices.BinarySearchFunc(h.entries, session, func(e entry, s int) int { return cmp.Compare(e.Session, s) })
	lines := h.entries[from:]
	to, _ := slices.BinarySearchFunc(lines, session+1, func(e entry, s int) int { return cmp.Compare(e.Session, s) })
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
	var found []entry
	for _, e := range lines {
		if e.Line >= start && e.Line < stop {
			found = append(found, e)
		}
	}
	return found
}

func (h *history) matching(pattern string, unique bool) []entry {
	seen := map[string]bool{}
	var found []entry
	for _, e := range slices.Backward(h.entries) {
		if glob(pattern, e.Source) && !(unique && seen[e.Source]) {
			seen[e.Source] = true
			found = append(found, e)
		}
	}
	slices.Reverse(found)
	return found
}

func last(entries []entry, n int) []entry {
	return slices.Clone(entries[len(entries)-min(max(n, 0), len(entries)):])
}

// showHistory answers history_request.
func (s *server) showHistory(r *request) (any, error) {
	var q asked
	if err := parse(r, &q); err != nil {
		return nil, err
	}
	found, err := s.history.find(q)
	if err != nil {
		return nil, err
	}
	rows := make([][3]any, len(found))
	for i, e := range found {
		rows[i] = [3]any{e.Session, e.Line, e.Source}
		if q.Output {
			rows[i][2] = [2]any{e.Source, s.history.resultOf(e)}
		}
	}
	return map[string]any{"status": "ok", "history": rows}, nil
}

// resultOf is nil if there is none.
func (h *history) resultOf(e entry) any {
	h.mu.Lock()
	defer h.mu.Unlock()
	if text, ok := h.results[e.Line]; ok && e.Session == h.session {
		return text
	}
	return nil
}
