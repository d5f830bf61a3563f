package server

import (
	"time"
)

// asideAfter is how long a question waits for its turn. A cell that takes no longer runs
// before it, so the answer knows what the cell declares.
const asideAfter = 100 * time.Millisecond

// overdue waits for a question that has waited long, and removes it from the queue. It
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

// takeOverdue removes the first question from the queue if it has waited long, else it
// returns how long the question has yet to wait.
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
