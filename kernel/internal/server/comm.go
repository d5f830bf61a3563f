package server

import (
	"encoding/json"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// commContent is the content of a comm message.
type commContent struct {
	ID     string         `json:"comm_id"`
	Target string         `json:"target_name,omitempty"`
	Data   map[string]any `json:"data"`
}

// comm handles a comm message of a front end, which has no reply.
func (s *server) comm(r *request) (any, error) {
	var content commContent
	if err := parse(r, &content); err != nil {
		return nil, err
	}
	m := eval.Comm{Type: r.Header.MsgType, ID: content.ID, Target: content.Target, Data: content.Data, Buffers: r.Buffers}
	if err := json.Unmarshal(r.Metadata, &m.Metadata); err != nil {
		return nil, fmt.Errorf("%s: metadata: %w", m.Type, err)
	}
	if err := s.comms.note(m); err != nil {
		return nil, err
	}
	s.ev.CommMessage(m, &output{s: s, r: r})
	return nil, nil
}

// sendComm broadcasts a comm message that belongs to r.
func (s *server) sendComm(r *request, m eval.Comm) error {
	content := commContent{ID: m.ID, Data: objectOr(m.Data)}
	if m.Type == "comm_open" {
		content.Target = m.Target
	}
	raw, err := s.message(r, m.Type, content)
	if err != nil {
		return err
	}
	if raw.Metadata, err = json.Marshal(objectOr(m.Metadata)); err != nil {
		return fmt.Errorf("encode %s: %w", m.Type, err)
	}
	raw.Buffers = m.Buffers
	if err := s.comms.note(m); err != nil {
		return err
	}
	return s.broadcast(raw)
}

// commInfo answers comm_info_request.
func (s *server) commInfo(r *request) (any, error) {
	var content struct {
		Target *string `json:"target_name"`
	}
	if err := parse(r, &content); err != nil {
		return nil, err
	}
	return map[string]any{"status": "ok", "comms": s.comms.list(content.Target)}, nil
}
