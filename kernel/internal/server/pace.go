package server

import (
	"sync"
	"time"
)

// By default, a Jupyter server forwards 1000 messages and 1,000,000 bytes of text a second,
// counted over three seconds and afresh after each idle, and drops what is above
// (jupyter_server, services/kernels/connection/channels.py, _limit_rate). It counts when it
// reads, which under load is up to seconds after we write: so we send less in paceWindow
// than it accepts in three seconds.
const (
	paceWindow   = 6 * time.Second
	paceMessages = 2500
	paceBytes    = 2_500_000

	// paceExtra is for an interrupted cell: what its process has written and we have not
	// read, so that its end is not delayed.
	paceExtra = 400_000
)

// pace delays cells that show more than a Jupyter server forwards. A nil pace never does.
type pace struct {
	mu       sync.Mutex
	sent     []weight // within paceWindow, in order
	messages int
	bytes    int
	hurried  bool
}

// weight is what was sent at one time.
type weight struct {
	at              time.Time
	messages, bytes int
}

// wait blocks until there is room for more besides what is gathered, or stop is closed.
func (p *pace) wait(gathered func() (messages, bytes int), stop <-chan struct{}) {
	if p == nil {
		return
	}
	for {
		messages, bytes := gathered()
		left := p.full(messages, bytes)
		if left <= 0 {
			return
		}
		select {
		case <-time.After(left):
		case <-stop:
			return
		}
	}
}

// full returns how long there will be no room, at most until the next time to check.
func (p *pace) full(messages, bytes int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	limit := paceBytes
	if p.hurried {
		limit += paceExtra
	}
	if len(p.sent) == 0 || p.messages+messages < paceMessages && p.bytes+bytes < limit {
		return 0
	}
	return min(paceWindow-time.Since(p.sent[0].at), gatherTime)
}

// scarce reports whether half of the allowed messages have been sent.
func (p *pace) scarce() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	return p.messages > paceMessages/2
}

// forget removes what was sent before paceWindow. The caller holds the lock.
func (p *pace) forget() {
	for len(p.sent) > 0 && time.Since(p.sent[0].at) >= paceWindow {
		p.messages -= p.sent[0].messages
		p.bytes -= p.sent[0].bytes
		p.sent = p.sent[1:]
	}
}

// note counts a message of a type, as the server does.
func (p *pace) note(msgType string, frames [][]byte) {
	if p == nil || msgType == "status" || msgType == "comm_open" || msgType == "execute_input" {
		return
	}
	w := weight{at: time.Now(), messages: 1}
	if msgType == "stream" {
		for _, f := range frames {
			w.bytes += len(f)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages += w.messages
	p.bytes += w.bytes
	if n := len(p.sent); n > 0 && w.at.Sub(p.sent[n-1].at) < time.Millisecond {
		p.sent[n-1].messages += w.messages
		p.sent[n-1].bytes += w.bytes
		p.sent[n-1].at = w.at // counted the longest
		return
	}
	p.sent = append(p.sent, w)
}

// idle restarts the count.
func (p *pace) idle() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent, p.messages, p.bytes, p.hurried = nil, 0, 0, false
}

// hurry allows a little more until the next idle.
func (p *pace) hurry() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hurried = true
}
