package server

import "github.com/sdtlab/sdtlab/kernel/internal/history"

// showHistory answers history_request.
func (s *server) showHistory(r *request) (any, error) {
	var q history.Query
	if err := parse(r, &q); err != nil {
		return nil, err
	}
	found, err := s.history.Find(q)
	if err != nil {
		return nil, err
	}
	rows := make([][3]any, len(found))
	for i, e := range found {
		rows[i] = [3]any{e.Session, e.Line, e.Source}
		if q.Output {
			rows[i][2] = [2]any{e.Source, s.history.ResultOf(e)}
		}
	}
	return map[string]any{"status": "ok", "history": rows}, nil
}
