package server

import (
	"fmt"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// open returns the message in frames if a front end that has the key sent it, and not
// before.
func (s *server) open(frames [][]byte) (jupyter.Message, error) {
	m, err := s.key.Decode(frames)
	if err != nil {
		return m, err
	}
	if m.Header.MsgType == "" || m.Header.MsgID == "" {
		return m, fmt.Errorf("kernel message: a header without msg_type or msg_id")
	}
	// Decode has found the signature: it stands after the delimiter, which follows the
	// identities.
	if !s.replays.first(string(frames[len(m.Identities)+1])) {
		return m, fmt.Errorf("kernel message: %s: sent a second time", m.Header.MsgType)
	}
	return m, nil
}

// drop counts a message that is not taken.
func (s *server) drop(socket string, err error) {
	s.log.Warn("message dropped", "socket", socket, "error", err, "dropped", s.dropped.Add(1))
}

// remembered is how many signatures are known again, as many as jupyter_client does.
const remembered = 1 << 16

// replays knows messages again that were already taken, by their signatures: the last
// [remembered] of them, on all sockets together. A zero one knows none.
type replays struct {
	mu   sync.Mutex
	seen map[string]bool
	ring []string // the same, in order
	at   int      // of the oldest in a full ring
}

func (r *replays) first(signature string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[signature] {
		return false
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	if r.seen[signature] = true; len(r.ring) < remembered {
		r.ring = append(r.ring, signature)
		return true
	}
	delete(r.seen, r.ring[r.at])
	r.ring[r.at] = signature
	r.at = (r.at + 1) % remembered
	return true
}
