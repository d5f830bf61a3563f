package server

import (
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// open returns the message in frames if a front end with the key sent it, and for the first
// time.
func (s *server) open(frames [][]byte) (jupyter.Message, error) {
	m, err := s.key.Decode(frames)
	if err != nil {
		return m, err
	}
	if m.Header.MsgType == "" || m.Header.MsgID == "" {
		return m, fmt.Errorf("kernel message: a header without msg_type or msg_id")
	}
	// Decode has found the signature: it comes after the delimiter, which follows the
	// identities.
	if !s.replays.first(string(frames[len(m.Identities)+1])) {
		return m, fmt.Errorf("kernel message: %s: sent a second time", m.Header.MsgType)
	}
	return m, nil
}

// drop counts a message that is not accepted.
func (s *server) drop(socket string, err error) {
	s.log.Warn("message dropped", "socket", socket, "error", err, "dropped", s.dropped.Add(1))
}
