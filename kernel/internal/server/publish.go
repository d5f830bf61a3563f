package server

import (
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// subscription handles the messages of the iopub socket. A new subscriber gets a welcome
// message: from then on it misses nothing (JEP 65).
func (s *server) subscription(from *zmtp.Peer, frames [][]byte) {
	s.iopub.subscribe(from, frames, func(topic string) { s.welcome(from, topic) })
}

// welcome sends a peer the message that its subscription counts.
func (s *server) welcome(to *zmtp.Peer, topic string) {
	m, err := s.message(nil, "iopub_welcome", map[string]any{"subscription": topic})
	var frames [][]byte
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
	to.Send(frames)
}

// publish broadcasts content, which JSON must be able to hold, as a message that belongs to
// r, or to no request if r is nil.
func (s *server) publish(r *request, msgType string, content any) {
	m, err := s.message(r, msgType, content)
	if err == nil {
		err = s.broadcast(m)
	}
	if err != nil {
		s.log.Error("not published", "msg_type", msgType, "error", err)
	}
}

// broadcast sends m to all subscribers, under the topic of its type, after the gathered
// text.
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

// encode returns m in its broadcast form, and its topic.
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

// mayShow blocks while front ends, or the server between them and us, have much to read.
func (s *server) mayShow() {
	s.iopub.wait()
	s.pace.wait(s.gathered.waiting, s.ctx.Done())
}
