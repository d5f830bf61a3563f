package zmtp

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// Socket listens for peers.
type Socket struct {
	typ      string
	listener net.Listener
	message  func(*Peer, [][]byte)
	stall    time.Duration
	running  sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  map[*Peer]bool // all open ones, including those that have not yet said hello
	peers  []*Peer        // those that have said hello, oldest first
	more   chan struct{}  // closed and replaced when a peer is added
	last   uint32         // generated identity
}

// Listen makes a socket of type [Router], [Pub] or [Rep] at an address of [net.Listen] and
// accepts peers from then on. It passes each message to message, from one goroutine for
// each peer, in the order sent. The peer's next message is read when that call returns; it
// must not block.
func Listen(network, address, typ string, message func(from *Peer, frames [][]byte)) (*Socket, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("make a %s socket: %w", typ, err)
	}
	return serve(l, typ, stallLimit, message), nil
}

func serve(l net.Listener, typ string, stall time.Duration, message func(*Peer, [][]byte)) *Socket {
	s := &Socket{
		typ: typ, listener: l, message: message, stall: stall,
		conns: map[*Peer]bool{}, more: make(chan struct{}),
	}
	s.running.Go(s.accept)
	return s
}

// Addr returns the address where the socket listens.
func (s *Socket) Addr() net.Addr { return s.listener.Addr() }

// Peer returns the peer with that identity, the oldest if there are several. It waits for
// one until ctx ends.
func (s *Socket) Peer(ctx context.Context, identity string) (*Peer, error) {
	for {
		s.mu.Lock()
		peer, more := s.find(identity), s.more
		s.mu.Unlock()
		if peer != nil {
			return peer, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, fmt.Errorf("no peer %q: %w", identity, context.Cause(ctx))
		}
	}
}

// find is [Socket.Peer] without waiting: nil if there is none; the caller holds mu.
func (s *Socket) find(identity string) *Peer {
	for _, p := range s.peers {
		if p.identity == identity {
			return p
		}
	}
	return nil
}

// Close stops listening and ends all connections as soon as what is queued for them is
// written, or they do not read it. Nothing of the socket remains.
func (s *Socket) Close() {
	s.mu.Lock()
	s.closed = true
	var open []*Peer
	for p := range s.conns {
		open = append(open, p)
	}
	s.mu.Unlock()
	s.listener.Close()
	for _, p := range open {
		s.running.Go(func() {
			p.flush(flushLimit)
			p.close()
		})
	}
	s.running.Wait()
}

// accept accepts connections until the listener is closed. If that fails for another
// reason, such as too many open files, it tries again later.
func (s *Socket) accept() {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		p := newPeer(conn, s.stall)
		s.mu.Lock()
		if s.closed {
			p.close()
		} else {
			s.conns[p] = true
			s.running.Go(func() { s.talk(p) })
		}
		s.mu.Unlock()
	}
}

// talk handles a connection from start to end.
func (s *Socket) talk(p *Peer) {
	defer s.forget(p)
	defer p.close()
	if p.conn.SetDeadline(time.Now().Add(helloLimit)) != nil {
		return
	}
	identity, err := hello(p.r, p.conn, s.typ)
	if err != nil || p.conn.SetDeadline(time.Time{}) != nil {
		return
	}
	s.add(p, identity)
	s.running.Go(p.write)
	p.read(s.message)
}

func (s *Socket) add(p *Peer, identity string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.identity = identity; identity == "" {
		s.last++
		p.identity = string(binary.BigEndian.AppendUint32([]byte{0}, s.last))
	}
	s.peers = append(s.peers, p)
	close(s.more)
	s.more = make(chan struct{})
}

func (s *Socket) forget(p *Peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, p)
	s.peers = slices.DeleteFunc(s.peers, func(other *Peer) bool { return other == p })
}
