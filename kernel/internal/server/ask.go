package server

import (
	"context"
	"fmt"
	"io"

	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// ask asks the front end that sent r. It waits for the answer until ctx or the kernel ends,
// or the front end is gone.
func (s *server) ask(ctx context.Context, r *request, prompt string, password bool) (string, error) {
	in := s.stdin
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.ctx, func() { cancel(fmt.Errorf("the kernel is stopping")) })()
	select {
	case in.turn <- struct{}{}:
		defer func() { <-in.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("ask for input: %w", context.Cause(ctx))
	}
	soon, enough := context.WithTimeoutCause(ctx, in.limit, fmt.Errorf("the front end has no stdin socket"))
	peer, err := s.stdinAt.Peer(soon, r.from.Identity())
	enough()
	if err != nil {
		return "", fmt.Errorf("ask for input: %w", err)
	}
	m, err := s.message(r, "input_request", map[string]any{"prompt": prompt, "password": password})
	if err != nil {
		return "", fmt.Errorf("ask for input: %w", err)
	}
	frames, err := s.key.Encode(m)
	if err != nil {
		return "", fmt.Errorf("ask for input: %w", err)
	}
	q := &question{id: m.Header.MsgID, to: peer.Identity(), answer: make(chan string, 1)}
	in.set(q)
	defer in.set(nil)
	peer.Send(frames)
	select {
	case text := <-q.answer:
		if text == "\x04" { // as in a terminal, and in ipykernel
			return "", io.EOF
		}
		return text, nil
	case <-ctx.Done():
		return "", fmt.Errorf("ask for input: %w", context.Cause(ctx))
	case <-peer.Done():
		return "", fmt.Errorf("ask for input: the front end is gone")
	}
}

// takeInput handles a message on the stdin socket: an answer to the open question, or one
// that comes too late and is ignored. Older front ends do not say which question they
// answer.
func (s *server) takeInput(from *zmtp.Peer, frames [][]byte) {
	m, err := s.open(frames)
	if err != nil {
		s.drop("stdin", err)
		return
	}
	var content struct {
		Value string `json:"value"`
	}
	if err := parse(&request{Message: m}, &content); err != nil {
		s.drop("stdin", err)
		return
	}
	in := s.stdin
	in.mu.Lock()
	defer in.mu.Unlock()
	q := in.open
	if m.Header.MsgType != "input_reply" || q == nil || from.Identity() != q.to || m.Parent.MsgID != "" && m.Parent.MsgID != q.id {
		s.log.Info("stale message on stdin", "msg_type", m.Header.MsgType)
		return
	}
	in.open = nil
	q.answer <- content.Value
}
