package server

import "sync"

// remembered is how many signatures are remembered, as many as in jupyter_client.
const remembered = 1 << 16

// replays recognises messages that were already accepted by their signatures: the last
// [remembered] of them, on all sockets together. The zero value knows none.
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
