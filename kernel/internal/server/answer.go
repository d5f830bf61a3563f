package server

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

// handler answers one type of request. The content that it returns is sent as the reply;
// nil means no reply. An error is sent as an error reply.
type handler struct {
	on     sockets
	answer func(*server, *request) (content any, err error)
}

// handlers is the table of the requests that a kernel answers. Requests for the evaluator,
// which does one thing at a time, are not allowed on control, which must answer at any
// time.
func handlers() map[string]handler {
	const both = onShell | onControl
	return map[string]handler{
		"kernel_info_request": {both, (*server).kernelInfo},
		"connect_request":     {both, (*server).connectInfo},
		"execute_request":     {onShell, (*server).execute},
		"complete_request":    {onShell, (*server).complete},
		"inspect_request":     {onShell, (*server).inspect},
		"is_complete_request": {onShell, (*server).isComplete},
		"history_request":     {both, (*server).showHistory},
		"comm_info_request":   {both, (*server).commInfo},
		"comm_open":           {both, (*server).comm},
		"comm_msg":            {both, (*server).comm},
		"comm_close":          {both, (*server).comm},
		"interrupt_request":   {onControl, (*server).interrupt},
		"shutdown_request":    {both, (*server).shutdown},
		"debug_request":       {both, (*server).debug},
	}
}

// answerAll answers the requests of a channel, one after another, until the kernel stops.
func (s *server) answerAll(c *channel) {
	table := handlers()
	for r := c.next(s.ctx.Done()); r != nil; r = c.next(s.ctx.Done()) {
		s.answer(table, c.name, r, c.name == onShell)
	}
}

// answer handles a request within its brackets: busy, the handler, its reply, idle. main
// reports that it is handled in its turn on shell, not beside it.
func (s *server) answer(table map[string]handler, on sockets, r *request, main bool) {
	r.started = time.Now()
	s.began(r, main)
	name, content := s.handle(table, on, r)
	s.gathered.flush() // everything that it shows comes before the reply
	if content != nil {
		if err := s.reply(r, name, content); err != nil {
			s.log.Warn("reply not sent", "socket", on, "error", err)
			// It was not JSON, or the receiver is gone; then this is lost too.
			_ = s.reply(r, name, withStatus("error", failed(err)))
		}
	}
	s.ended(r, main)
}

// handle returns the reply to r: its type and content, nil if it has none.
func (s *server) handle(table map[string]handler, on sockets, r *request) (name string, content any) {
	name = strings.TrimSuffix(r.Header.MsgType, "_request") + "_reply"
	if r.aborted {
		r.metadata = map[string]any{"status": "aborted"}
		return name, map[string]any{"status": "aborted"}
	}
	h, known := table[r.Header.MsgType]
	if !known {
		s.log.Info("unknown kind of message", "socket", on, "msg_type", r.Header.MsgType)
		return name, nil
	}
	content, err := s.guarded(h, on, r)
	if err == nil {
		return name, content
	}
	s.log.Warn("request failed", "socket", on, "msg_type", r.Header.MsgType, "error", err)
	if !strings.HasSuffix(r.Header.MsgType, "_request") {
		return name, nil
	}
	f := failed(err)
	if r.Header.MsgType == "execute_request" {
		s.publish(r, "error", f)
	}
	return name, withStatus("error", f)
}

// guarded calls the handler. A panic of the evaluator becomes an error: the kernel survives
// it.
func (s *server) guarded(h handler, on sockets, r *request) (content any, err error) {
	defer func() {
		if p := recover(); p != nil {
			content, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if h.on&on == 0 {
		return nil, fmt.Errorf("%s is not for the %s socket", r.Header.MsgType, on)
	}
	return h.answer(s, r)
}

// answerAsides answers the questions that wait on shell behind a running cell, until the
// kernel stops.
func (s *server) answerAsides() {
	table := handlers()
	for {
		r := s.shell.overdue(s.ctx.Done())
		if r == nil {
			return
		}
		s.answer(table, s.shell.name, r, false)
	}
}
