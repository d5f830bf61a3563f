package zmtp

import (
	"bufio"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// Peer is a connection to one of our sockets. It ends when the other side does, breaks the
// protocol, or reads next to nothing for long while much waits for it.
type Peer struct {
	identity string
	conn     net.Conn
	r        *bufio.Reader
	done     chan struct{} // closed with closed
	stall    time.Duration

	mu      sync.Mutex
	changed sync.Cond // any of the following
	queued  []byte    // to be written
	writing int       // bytes removed from queued and not yet written
	closed  bool
}

func newPeer(conn net.Conn, stall time.Duration) *Peer {
	p := &Peer{conn: conn, r: bufio.NewReader(conn), done: make(chan struct{}), stall: stall}
	p.changed.L = &p.mu
	return p
}

// Identity returns the name that the peer gave itself, or else one that the socket made up;
// two peers can have the same.
func (p *Peer) Identity() string { return p.identity }

// Done returns a channel that is closed when the peer is gone.
func (p *Peer) Done() <-chan struct{} { return p.done }

// Send queues a message of at least one frame. It does not block, and does nothing if the
// peer is gone. The caller may change the frames afterwards.
func (p *Peer) Send(frames [][]byte) {
	p.queue(func(to []byte) []byte { return appendMessage(to, frames) })
}

func (p *Peer) queue(add func([]byte) []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.queued = add(p.queued)
		p.changed.Broadcast()
	}
}

// Wait blocks while much is queued: a sender of endless messages that calls it before each
// is slowed down to the peer's reading. A peer that reads next to nothing blocks it until
// the peer counts as gone, which takes seconds.
func (p *Peer) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.waiting() > highWater && !p.closed {
		p.changed.Wait()
	}
}

// waiting returns how many bytes wait to be written; the caller holds mu.
func (p *Peer) waiting() int { return len(p.queued) + p.writing }

// behind reports whether so much waits that the peer must keep reading.
func (p *Peer) behind() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting() > highWater
}

// flush waits until everything is written, for a limited time.
func (p *Peer) flush(limit time.Duration) {
	late := time.AfterFunc(limit, p.close)
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.waiting() > 0 && !p.closed {
		p.changed.Wait()
	}
}

func (p *Peer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed, p.queued = true, nil
	p.changed.Broadcast()
	close(p.done)
	p.conn.Close()
}

// write writes what is queued until the peer is gone.
func (p *Peer) write() {
	defer p.close()
	var taken []byte
	for p.take(&taken) {
		for left := taken; len(left) > 0; {
			if p.conn.SetWriteDeadline(time.Now().Add(p.stall)) != nil {
				return
			}
			n, err := p.conn.Write(left[:min(len(left), stallPiece)])
			left = left[n:]
			if err != nil && (!errors.Is(err, os.ErrDeadlineExceeded) || p.behind()) {
				return
			}
		}
	}
}

// take waits for something to write and exchanges it for the buffer that was written.
func (p *Peer) take(written *[]byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writing = 0
	p.changed.Broadcast()
	for len(p.queued) == 0 && !p.closed {
		p.changed.Wait()
	}
	if p.closed {
		return false
	}
	if cap(*written) > 1<<20 {
		*written = nil // it held a large message
	}
	p.queued, *written = (*written)[:0], p.queued
	p.writing = len(*written)
	return true
}

// read delivers messages until the peer is gone.
func (p *Peer) read(message func(*Peer, [][]byte)) {
	defer p.close()
	for {
		frames, command, err := readMessage(p.r, messageLimit)
		if err != nil {
			return
		}
		if !command {
			message(p, frames)
			continue
		}
		// A ping has two bytes of time to live before what the pong repeats.
		if name, data, _ := splitCommand(frames[0]); name == "PING" && len(data) >= 2 {
			p.queue(func(to []byte) []byte { return appendCommand(to, "PONG", data[2:]) })
		}
	}
}
