package server

import (
	"time"
)

// asideAfter is how long a question waits for its turn. A cell that takes no longer is run
// before it, and the answer knows what the cell declares.
const asideAfter = 100 * time.Millisecond

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
