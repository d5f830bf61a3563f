package server

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// requests returns the function that handles the messages of a channel's socket.
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

// sendTo sends a message to the peer that sent a request or, if that is gone, to one with
// the same identity: a front end that has reconnected. If there is none, the message is
// lost.
func (s *server) sendTo(c *channel, peer *zmtp.Peer, m jupyter.Message) error {
	frames, err := s.key.Encode(m)
	if err != nil {
		return err
	}
	select {
	case <-peer.Done():
		gone, cancel := context.WithCancel(context.Background())
		cancel() // it is connected now or not at all
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

// reply answers r with content, in a reply of type msgType.
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
