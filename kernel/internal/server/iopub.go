package server

import (
	"strings"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// iopub knows the subscribers of what the kernel broadcasts.
type iopub struct {
	mu     sync.Mutex
	topics map[*zmtp.Peer]map[string]bool // subscribed to, as prefixes
}

func newIOPub() *iopub { return &iopub{topics: map[*zmtp.Peer]map[string]bool{}} }

// subscribe handles a peer's message: 1 and a topic subscribes, 0 and a topic unsubscribes.
// It returns the topic and whether it is new. A new topic is welcomed before any message of
// it is sent.
func (p *iopub) subscribe(from *zmtp.Peer, frames [][]byte, welcome func(topic string)) (topic string, isNew bool) {
	if len(frames) != 1 || len(frames[0]) == 0 || frames[0][0] > 1 {
		return "", false
	}
	on, topic := frames[0][0] == 1, string(frames[0][1:])
	p.mu.Lock()
	defer p.mu.Unlock()
	if !on {
		delete(p.topics[from], topic)
		return topic, false
	}
	if p.topics[from] == nil {
		p.topics[from] = map[string]bool{}
	}
	if isNew = !p.topics[from][topic]; isNew {
		welcome(topic)
	}
	p.topics[from][topic] = true
	return topic, isNew
}

// send broadcasts one message. It does not block. Messages of one goroutine arrive in
// order.
func (p *iopub) send(topic string, frames [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for peer := range p.topics {
		if p.wanted(peer, topic) {
			peer.Send(frames)
		}
	}
}

// wait blocks while a subscriber has much to read; see [zmtp.Peer.Wait].
func (p *iopub) wait() {
	p.mu.Lock()
	var all []*zmtp.Peer
	for peer := range p.topics {
		all = append(all, peer)
	}
	p.mu.Unlock()
	for _, peer := range all {
		peer.Wait()
	}
}

// wanted reports whether a peer has subscribed to a topic, and forgets peers that are gone.
func (p *iopub) wanted(peer *zmtp.Peer, topic string) bool {
	select {
	case <-peer.Done():
		delete(p.topics, peer)
		return false
	default:
	}
	for t := range p.topics[peer] {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}
