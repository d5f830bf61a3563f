package server

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// requests returns what takes the messages of a channel's socket.
func (s *server) requests(c *channel) func(*zmtp.Peer, [][]byte) {
	return func(from *zmtp.Peer, frames [][]byte) {
		m, err := s.open(frames)
		if err != nil {
			s.drop(c.name.String(), err)
			return
		}
		c.push(&request{Message: m, from: from, send: func(m jupyter.Message) error { return s.sendTo(c, from, m) }})
	}
}

// sendTo sends a message to the peer that a request came from or, when that is gone, to
// one of the same identity: a front end that has come back. If there is none, it is lost.
func (s *server) sendTo(c *channel, peer *zmtp.Peer, m jupyter.Message) error {
	frames, err := s.key.Encode(m)
	if err != nil {
		return err
	}
	select {
	case <-peer.Done():
		gone, cancel := context.WithCancel(context.Background())
		cancel() // it is there now or not at all
		if peer, err = c.socket.Peer(gone, peer.Identity()); err != nil {
			return fmt.Errorf("send %s: %w", m.Header.MsgType, err)
		}
	default:
	}
	peer.Send(frames)
	return nil
}

// message returns a message of ours that belongs to r, or to no request if r is nil.
func (s *server) message(r *request, msgType string, content any) (m jupyter.Message, err error) {
	if r == nil {
		m, err = jupyter.NewMessage(s.session, msgType, content)
	} else {
		m, err = r.Answer(s.session, msgType, content)
	}
	m.Header.Version = protocolVersion
	return m, err
}

// reply answers r with content, under the reply's name of r's message.
func (s *server) reply(r *request, msgType string, content any) error {
	m, err := s.message(r, msgType, content)
	if err != nil {
		return err
	}
	if r.metadata != nil {
		if m.Metadata, err = json.Marshal(r.metadata); err != nil {
			return fmt.Errorf("encode %s: %w", msgType, err)
		}
	}
	return r.send(m)
}
