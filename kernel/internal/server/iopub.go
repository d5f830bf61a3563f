package server

import (
	"strings"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// iopub knows who listens to what the kernel broadcasts.
type iopub struct {
	mu     sync.Mutex
	topics map[*zmtp.Peer]map[string]bool // subscribed to; all that begin so
}

func newIOPub() *iopub { return &iopub{topics: map[*zmtp.Peer]map[string]bool{}} }

// subscribe takes a peer's message: 1 and a topic subscribes, 0 and a topic ends that.
// It returns the topic that is new.
func (p *iopub) subscribe(from *zmtp.Peer, frames [][]byte) (topic string, isNew bool) {
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
	isNew = !p.topics[from][topic]
	p.topics[from][topic] = true
	return topic, isNew
}

// send broadcasts one message. It does not block. What one goroutine sends arrives in
// that order.
func (p *iopub) send(topic string, frames [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for peer := range p.topics {
		if p.wanted(peer, topic) {
			peer.Send(frames)
		}
	}
}

// wait waits while somebody has much to read; see [zmtp.Peer.Wait].
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

// wanted tells whether a peer has subscribed to a topic, and forgets peers that are gone.
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

// subscription takes the messages of the iopub socket. Who subscribes is welcomed: from
// then on nothing is lost (JEP 65).
func (s *server) subscription(from *zmtp.Peer, frames [][]byte) {
	topic, isNew := s.iopub.subscribe(from, frames)
	if !isNew {
		return
	}
	m, err := s.message(nil, "iopub_welcome", map[string]any{"subscription": topic})
	if err == nil {
		if topic != "" {
			m.Identities = [][]byte{[]byte(topic)}
		}
		frames, err = s.key.Encode(m)
	}
	if err != nil {
		s.log.Error("welcome not sent", "error", err)
		return
	}
	from.Send(frames)
}

// publish broadcasts content, which must be fit for JSON, as a message that belongs to r,
// or to no request if r is nil.
func (s *server) publish(r *request, msgType string, content any) {
	m, err := s.message(r, msgType, content)
	if err == nil {
		err = s.broadcast(m)
	}
	if err != nil {
		s.log.Error("not published", "msg_type", msgType, "error", err)
	}
}

// broadcast sends m to all who have subscribed, under the topic of its type, behind the text
// that has been gathered.
func (s *server) broadcast(m jupyter.Message) error {
	topic, frames, err := s.encode(m)
	if err != nil {
		return err
	}
	s.gathered.before(func() { s.sendAll(m.Header.MsgType, topic, frames) })
	return nil
}

// broadcastText sends gathered text.
func (s *server) broadcastText(r *request, stream, text string) {
	m, err := s.message(r, "stream", map[string]any{"name": stream, "text": text})
	if err != nil {
		s.log.Error("not published", "msg_type", "stream", "error", err)
		return
	}
	topic, frames, err := s.encode(m)
	if err != nil {
		s.log.Error("not published", "msg_type", "stream", "error", err)
		return
	}
	s.sendAll("stream", topic, frames)
}

// encode returns m as it is broadcast, and its topic.
func (s *server) encode(m jupyter.Message) (topic string, frames [][]byte, err error) {
	topic = "kernel." + s.session + "." + m.Header.MsgType
	m.Identities = [][]byte{[]byte(topic)}
	frames, err = s.key.Encode(m)
	return topic, frames, err
}

func (s *server) sendAll(msgType, topic string, frames [][]byte) {
	s.iopub.send(topic, frames)
	s.pace.note(msgType, frames)
}

// mayShow waits while front ends, or what is between them and us, have much to read.
func (s *server) mayShow() {
	s.iopub.wait()
	s.pace.wait(s.gathered.waiting, s.ctx.Done())
}
