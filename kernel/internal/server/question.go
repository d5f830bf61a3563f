package server

// position is where a request points into code: the protocol counts Unicode code points,
// the evaluator bytes. An invalid one means the next valid one; a missing one means the
// end.
type position struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"`
	Detail int    `json:"detail_level"` // of inspect_request
}

func (p position) offset() int {
	if p.Cursor == nil {
		return len(p.Code)
	}
	left := *p.Cursor
	for at := range p.Code {
		if left <= 0 {
			return at
		}
		left--
	}
	return len(p.Code)
}

// points returns how many code points of code begin within the first bytes.
func points(code string, bytes int) (n int) {
	for at := range code {
		if at >= bytes {
			break
		}
		n++
	}
	return n
}

// complete answers complete_request. The types of the matches are where JupyterLab and
// ipykernel put them.
func (s *server) complete(r *request) (any, error) {
	var p position
	if err := parse(r, &p); err != nil {
		return nil, err
	}
	s.asking.Lock()
	defer s.asking.Unlock()
	c := s.ev.Complete(p.Code, p.offset())
	start, end := points(p.Code, c.Start), points(p.Code, c.End)
	metadata := map[string]any{}
	if len(c.Types) == len(c.Matches) && len(c.Types) > 0 {
		types := make([]map[string]any, len(c.Matches))
		for i, text := range c.Matches {
			types[i] = map[string]any{"text": text, "type": c.Types[i], "start": start, "end": end}
		}
		metadata["_jupyter_types_experimental"] = types
	}
	return map[string]any{
		"status": "ok", "matches": append([]string{}, c.Matches...),
		"cursor_start": start, "cursor_end": end, "metadata": metadata,
	}, nil
}

// inspect answers inspect_request.
func (s *server) inspect(r *request) (any, error) {
	var p position
	if err := parse(r, &p); err != nil {
		return nil, err
	}
	s.asking.Lock()
	defer s.asking.Unlock()
	data := s.ev.Inspect(p.Code, p.offset(), p.Detail)
	return map[string]any{
		"status": "ok", "found": data != nil, "data": objectOr(data), "metadata": map[string]any{},
	}, nil
}

// isComplete answers is_complete_request.
func (s *server) isComplete(r *request) (any, error) {
	var ask struct {
		Code string `json:"code"`
	}
	if err := parse(r, &ask); err != nil {
		return nil, err
	}
	s.asking.Lock()
	defer s.asking.Unlock()
	c := s.ev.IsComplete(ask.Code)
	if c.Status == "incomplete" {
		return map[string]any{"status": c.Status, "indent": c.Indent}, nil
	}
	return map[string]any{"status": c.Status}, nil
}
