package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"
)

// comms are the comms that are open, whoever opened them. A zero one has none.
type comms struct {
	mu      sync.Mutex
	targets map[string]string // by id
}

// note follows what a message says and tells whether the message makes sense.
func (c *comms) note(m Comm) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, open := c.targets[m.ID]
	switch {
	case m.ID == "":
		return fmt.Errorf("%s: no comm_id", m.Type)
	case m.Type == "comm_open":
		if c.targets == nil {
			c.targets = map[string]string{}
		}
		c.targets[m.ID] = m.Target
		return nil
	case m.Type != "comm_msg" && m.Type != "comm_close":
		return fmt.Errorf("%q is no type of comm messages", m.Type)
	case !open:
		return fmt.Errorf("%s: no comm %q is open", m.Type, m.ID)
	case m.Type == "comm_close":
		delete(c.targets, m.ID)
	}
	return nil
}

// list returns the target of each comm by its id, of all or of those of one target.
func (c *comms) list(target *string) map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]any{}
	for id, t := range maps.All(c.targets) {
		if target == nil || *target == t {
			all[id] = map[string]any{"target_name": t}
		}
	}
	return all
}

// commContent is the content of a comm message.
type commContent struct {
	ID     string         `json:"comm_id"`
	Target string         `json:"target_name,omitempty"`
	Data   map[string]any `json:"data"`
}

// comm takes a comm message of a front end, which has no reply.
func (s *server) comm(r *request) (any, error) {
	var content commContent
	if err := parse(r, &content); err != nil {
		return nil, err
	}
	m := Comm{Type: r.Header.MsgType, ID: content.ID, Target: content.Target, Data: content.Data, Buffers: r.Buffers}
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
func (s *server) sendComm(r *request, m Comm) error {
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
