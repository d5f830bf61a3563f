package gonbpipe

import (
	"encoding/gob"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"golang.org/x/sys/unix"
)

// conn is the connection to one program.
type conn struct {
	pipe *Pipe
	in   *os.File
	out  *os.File

	copies [2]int // a pipe, or unset: see peek
	kept   int    // bytes that were read and are still in the program's pipe

	mu         sync.Mutex
	idle       bool // everything read has been forwarded, and the pipe is empty
	taken      int  // bytes read
	subscribed map[string]bool
	queue      []protocol.CommValue
	ended      bool
	changed    *sync.Cond // for all fields under mu
}

// queueLimit is how many values wait for a program that does not read them. Beyond it, the
// oldest are lost.
const queueLimit = 1024

func newConn(p *Pipe, in, out *os.File) *conn {
	c := &conn{pipe: p, in: in, out: out, subscribed: map[string]bool{}}
	if unix.Pipe2(c.copies[:], unix.O_CLOEXEC) != nil {
		c.copies = [2]int{}
	}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// serve forwards what the program sends until the program ends.
func (c *conn) serve() {
	decode(c, c.handle, c.pipe.complain)
	c.close()
	for _, fd := range c.copies {
		if fd > 0 {
			syscall.Close(fd)
		}
	}
}

// Read reads what the program has sent, and blocks while that is nothing; by then, all
// earlier messages have been forwarded. What was read stays in the program's pipe until the
// next Read, so an empty pipe tells the program that everything has been forwarded: what it
// writes elsewhere then comes later.
func (c *conn) Read(b []byte) (n int, err error) {
	raw, err := c.in.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		n, failed = c.peek(int(fd), b)
		c.idle = errors.Is(failed, syscall.EAGAIN)
		c.taken += max(n, 0)
		c.changed.Broadcast()
		return !c.idle
	})
	if errors.Is(failed, syscall.EINTR) {
		return c.Read(b)
	}
	if err == nil {
		err = failed
	}
	if n <= 0 && err == nil {
		err = io.EOF
	}
	return max(n, 0), err
}

// flushLimit is more than a pipe and the decoder hold: anything beyond it was sent later.
const flushLimit = 1 << 20

// flush returns when everything that the program has sent so far has been forwarded.
func (c *conn) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for start := c.taken; !c.ended && c.taken-start < flushLimit; c.changed.Wait() {
		if c.idle && !c.waiting() {
			return
		}
	}
}

// waiting reports whether the program has sent something unread, or has ended.
func (c *conn) waiting() bool {
	return polled(c.in, unix.POLLIN|unix.POLLHUP)
}

// send queues a value for the program.
func (c *conn) send(v protocol.CommValue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) >= queueLimit && v.Address != protocol.GonbuiSyncAckAddress {
		for i, old := range c.queue {
			if old.Address != protocol.GonbuiSyncAckAddress {
				c.queue = append(c.queue[:i], c.queue[i+1:]...)
				break
			}
		}
	}
	c.queue = append(c.queue, v)
	c.changed.Broadcast()
}

// deliver sends a value from the front end if the program has subscribed to its address: a
// value without a subscriber blocks gonbui.
func (c *conn) deliver(address string, value any) {
	c.mu.Lock()
	wanted := c.subscribed[address]
	c.mu.Unlock()
	if wanted {
		c.send(protocol.CommValue{Address: address, Value: value})
	}
}

// write writes what is queued, as the program reads it.
func (c *conn) write() {
	encoder := gob.NewEncoder(c.out)
	for {
		c.mu.Lock()
		for len(c.queue) == 0 && !c.ended {
			c.changed.Wait()
		}
		if c.ended {
			c.mu.Unlock()
			return
		}
		v := c.queue[0]
		c.queue = c.queue[1:]
		c.mu.Unlock()
		if encoder.Encode(&v) != nil {
			return // the program has ended, or no longer reads
		}
	}
}

// close ends the connection.
func (c *conn) close() {
	c.mu.Lock()
	ended := c.ended
	c.ended = true
	c.changed.Broadcast()
	c.mu.Unlock()
	if ended {
		return
	}
	c.in.Close()
	c.out.Close()
	c.pipe.mu.Lock()
	delete(c.pipe.conns, c)
	c.pipe.mu.Unlock()
}
