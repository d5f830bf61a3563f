package server

import (
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// sockets is a set of the sockets that requests come on.
type sockets int

const (
	onShell sockets = 1 << iota
	onControl
)

// String returns the name of one socket.
func (s sockets) String() string {
	if s == onControl {
		return "control"
	}
	return "shell"
}

// asides are the requests that are answered while a cell runs: an editor's questions about
// code. Front ends send them on shell, behind the cell, but a user who types while a cell
// runs needs the answer before it ends.
var asides = map[string]bool{"complete_request": true, "inspect_request": true, "is_complete_request": true}

// channel is shell or control: a socket, and the requests that arrived on it and wait.
// Their number is unlimited: they come from front ends that have the key.
type channel struct {
	name   sockets
	socket *zmtp.Socket

	mu      sync.Mutex
	waiting []*request
	more    chan struct{} // has an element when something may be waiting
	asked   chan struct{} // has an element when a question may be
}

// request is a received message.
type request struct {
	jupyter.Message
	from    *zmtp.Peer
	send    func(jupyter.Message) error // to its sender
	aborted bool                        // it must not be executed: one before it failed
	arrived time.Time
	started time.Time

	metadata map[string]any // of the reply
}

func newChannel(name sockets) *channel {
	return &channel{name: name, more: make(chan struct{}, 1), asked: make(chan struct{}, 1)}
}

func (c *channel) push(r *request) {
	r.arrived = time.Now()
	c.mu.Lock()
	c.waiting = append(c.waiting, r)
	c.mu.Unlock()
	select {
	case c.more <- struct{}{}:
	default:
	}
	if asides[r.Header.MsgType] {
		select {
		case c.asked <- struct{}{}:
		default:
		}
	}
}

// next waits for a request. It returns nil when the kernel stops.
func (c *channel) next(stopped <-chan struct{}) *request {
	for {
		select {
		case <-stopped:
			return nil
		default:
		}
		c.mu.Lock()
		if len(c.waiting) > 0 {
			r := c.waiting[0]
			c.waiting = c.waiting[1:]
			c.mu.Unlock()
			return r
		}
		c.mu.Unlock()
		select {
		case <-c.more:
		case <-stopped:
			return nil
		}
	}
}

// abort marks the waiting execute requests as aborted.
func (c *channel) abort() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.waiting {
		if r.Header.MsgType == "execute_request" {
			r.aborted = true
		}
	}
}
