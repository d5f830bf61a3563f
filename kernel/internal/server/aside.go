package server

import (
	"sync"
	"time"
)

// asideAfter is how long a question waits for its turn. A cell that takes no longer is run
// before it, and the answer knows what the cell declares.
const asideAfter = 100 * time.Millisecond

// asides are the requests that are answered while a cell runs: what an editor asks about
// code. Front ends send them on shell, behind the cell, and a user who types while a cell
// runs wants no answer that comes after it.
var asides = map[string]bool{"complete_request": true, "inspect_request": true, "is_complete_request": true}

// answerAsides answers the questions that wait on shell behind a cell that goes on, until the
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

// overdue waits for a question that has waited long, and takes it out of the queue. It
// returns nil when the kernel stops.
func (c *channel) overdue(stopped <-chan struct{}) *request {
	for {
		r, left := c.takeOverdue()
		if r != nil {
			return r
		}
		var soon <-chan time.Time
		if left > 0 {
			soon = time.After(left)
		}
		select {
		case <-soon:
		case <-c.asked:
		case <-stopped:
			return nil
		}
	}
}

// takeOverdue takes the first question out of the queue if it has waited long, and tells how
// long it has yet to wait if it has not.
func (c *channel) takeOverdue() (*request, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, r := range c.waiting {
		if !asides[r.Header.MsgType] {
			continue
		}
		if left := asideAfter - time.Since(r.arrived); left > 0 {
			return nil, left
		}
		c.waiting = append(c.waiting[:i:i], c.waiting[i+1:]...)
		return r, 0
	}
	return nil, 0
}

// working knows whether shell handles a request. What is answered meanwhile ends with an
// idle, which front ends take for the whole kernel's: they are told that it is not.
type working struct {
	mu   sync.Mutex
	main bool
}

// began tells front ends that a request is being handled, by shell if main is true.
func (s *server) began(r *request, main bool) {
	s.working.mu.Lock()
	defer s.working.mu.Unlock()
	if main {
		s.working.main = true
	}
	s.publish(r, "status", status{"busy"})
}

// ended tells them that it has been.
func (s *server) ended(r *request, main bool) {
	s.working.mu.Lock()
	defer s.working.mu.Unlock()
	s.publish(r, "status", status{"idle"})
	s.pace.idle()
	if main {
		s.working.main = false
	} else if s.working.main {
		s.publish(nil, "status", status{"busy"})
	}
}
