package zmtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// limit is how long a test waits for an event.
const limit = 20 * time.Second

// echo sends each message back to its peer.
func echo(p *Peer, frames [][]byte) { p.Send(frames) }

func listen(t *testing.T, typ string, message func(*Peer, [][]byte)) *Socket {
	t.Helper()
	s, err := Listen("tcp", "127.0.0.1:0", typ, message)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// dial connects go-zeromq's socket to ours.
func dial(t *testing.T, to *Socket, make func(context.Context, ...zmq4.Option) zmq4.Socket, identity string) zmq4.Socket {
	t.Helper()
	s := make(t.Context(), zmq4.WithID(zmq4.SocketIdentity(identity)), zmq4.WithLogger(log.New(io.Discard, "", 0)))
	t.Cleanup(func() { s.Close() })
	if err := s.Dial("tcp://" + to.Addr().String()); err != nil {
		t.Fatal(err)
	}
	return s
}

// within fails the test if do does not return in time.
func within(t *testing.T, what string, do func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	case <-time.After(limit):
		t.Fatalf("%s: nothing within %s", what, limit)
	}
}

// roundTrip sends text and expects it back.
func roundTrip(t *testing.T, s zmq4.Socket, text string) {
	t.Helper()
	within(t, "round trip", func() error {
		if err := s.SendMulti(zmq4.NewMsgFrom([]byte(text), nil, []byte("end"))); err != nil {
			return err
		}
		m, err := s.Recv()
		if err == nil && string(bytes.Join(m.Frames, []byte("|"))) != text+"||end" {
			err = fmt.Errorf("got %d frames", len(m.Frames))
		}
		return err
	})
}

// Another implementation understands us.
func TestGoZeroMQ(t *testing.T) {
	t.Run("dealer", func(t *testing.T) {
		d := dial(t, listen(t, Router, echo), zmq4.NewDealer, "me")
		for _, text := range []string{"", "short", strings.Repeat("long", 1000), strings.Repeat("x", 4<<20)} {
			roundTrip(t, d, text)
		}
	})
	t.Run("req", func(t *testing.T) {
		r := dial(t, listen(t, Rep, echo), zmq4.NewReq, "me")
		for range 3 {
			within(t, "ping", func() error {
				if err := r.Send(zmq4.NewMsgString("ping")); err != nil {
					return err
				}
				m, err := r.Recv()
				if err == nil && string(m.Frames[0]) != "ping" {
					err = fmt.Errorf("got %q", m.Frames)
				}
				return err
			})
		}
	})
	t.Run("sub", func(t *testing.T) {
		// A subscription is a message: 1, then the topic.
		s := listen(t, Pub, func(p *Peer, frames [][]byte) {
			if string(frames[0]) == "\x01topic" {
				p.Send([][]byte{[]byte("topic.a"), []byte("b")})
			}
		})
		c := dial(t, s, zmq4.NewSub, "me")
		if err := c.SetOption(zmq4.OptionSubscribe, "topic"); err != nil {
			t.Fatal(err)
		}
		within(t, "publication", func() error {
			m, err := c.Recv()
			if err == nil && string(m.Frames[1]) != "b" {
				err = fmt.Errorf("got %q", m.Frames)
			}
			return err
		})
	})
}

// Bad peers are their own problem.
func TestBadPeers(t *testing.T) {
	for _, row := range []struct {
		name, says string
		ends       bool // we close the connection
	}{
		{"says nothing", "", false},
		{"speaks another protocol", strings.Repeat("GET / HTTP/1.1\r\n", 8), true},
		{"never introduces itself", greeting, false},
		{"is of a wrong type", greeting + introduction("Socket-Type", "PUSH"), true},
		{"has a property cut off", greeting + string(appendCommand(nil, "READY", []byte("\xff"))), true},
		{"introduces itself with 2⁶² bytes", greeting + "\x06\x40\x00\x00\x00\x00\x00\x00\x00", true},
		{"sends 2⁶² bytes", greeting + introduction("Socket-Type", "DEALER") + "\x02\x40\x00\x00\x00\x00\x00\x00\x00", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := listen(t, Router, echo)
			bad, err := net.Dial("tcp", s.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer bad.Close()
			if _, err := io.WriteString(bad, row.says); err != nil {
				t.Fatal(err)
			}
			if row.ends {
				within(t, "end of the connection", func() error {
					_, err := io.Copy(io.Discard, bad)
					if e, ok := err.(net.Error); ok && e.Timeout() {
						return err
					}
					return nil // closed, or reset
				})
			}
			roundTrip(t, dial(t, s, zmq4.NewDealer, "good"), "x")
		})
	}
}

// A peer that reads nothing fills its queue, slows its sender down, and is dropped.
func TestPeerStopsReading(t *testing.T) {
	from := make(chan *Peer, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(l, Router, 300*time.Millisecond, func(p *Peer, frames [][]byte) {
		select {
		case from <- p:
		default:
		}
		echo(p, frames)
	})
	t.Cleanup(s.Close)
	bad, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	if _, err := io.WriteString(bad, greeting+introduction("Socket-Type", "DEALER")+"\x00\x01a"); err != nil {
		t.Fatal(err)
	}
	within(t, "sending", func() error {
		p := <-from
		for range 200 {
			p.Wait()
			p.Send([][]byte{make([]byte, 1<<20)}) // 200 MB in all; none of it is read
		}
		<-p.Done()
		return nil
	})
	roundTrip(t, dial(t, s, zmq4.NewDealer, "good"), "x")
}

// impatient is a listener with connections that report when a write has run into its
// deadline.
type impatient struct {
	net.Listener
	late chan bool
}

type impatientConn struct {
	net.Conn
	late chan bool
}

func (l impatient) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return impatientConn{c, l.late}, err
}

func (c impatientConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		select {
		case c.late <- true:
		default:
		}
	}
	return n, err
}

// A peer that stops reading while little waits for it is kept, and gets everything in the
// end.
func TestPeerIsSuspended(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	late := make(chan bool)
	s := serve(impatient{l, late}, Router, 20*time.Millisecond, func(p *Peer, frames [][]byte) {
		p.Send([][]byte{bytes.Repeat([]byte("x"), highWater/2)}) // more than a Unix socket holds
	})
	t.Cleanup(s.Close)
	c, err := net.Dial("unix", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, greeting+introduction("Socket-Type", "DEALER")+"\x00\x01a"); err != nil {
		t.Fatal(err)
	}
	within(t, "reading", func() error {
		for range 3 {
			<-late
		}
		said := len(greeting) + len(introduction("Socket-Type", "ROUTER", "Identity", ""))
		got := make([]byte, said+9+highWater/2)
		if _, err := io.ReadFull(c, got); err != nil {
			return err
		}
		if n := bytes.Count(got[said+9:], []byte("x")); n != highWater/2 {
			return fmt.Errorf("%d bytes are right", n)
		}
		return nil
	})
}

// A peer that reads slowly gets everything.
func TestPeerReadsSlowly(t *testing.T) {
	const n = 40
	s := listen(t, Router, func(p *Peer, frames [][]byte) {
		go func() {
			for i := range n {
				p.Wait()
				p.Send([][]byte{bytes.Repeat([]byte{byte(i)}, 1<<20)})
			}
		}()
	})
	d := dial(t, s, zmq4.NewDealer, "me")
	within(t, "receiving", func() error {
		if err := d.Send(zmq4.NewMsgString("go")); err != nil {
			return err
		}
		for i := range n {
			m, err := d.Recv()
			if err != nil {
				return err
			}
			if len(m.Frames[0]) != 1<<20 || m.Frames[0][0] != byte(i) {
				return fmt.Errorf("message %d: %d bytes of %d", i, len(m.Frames[0]), m.Frames[0][0])
			}
		}
		return nil
	})
}

func TestPeerByIdentity(t *testing.T) {
	s := listen(t, Router, echo)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := s.Peer(ctx, "me"); err == nil || !strings.Contains(err.Error(), `no peer "me"`) {
		t.Errorf("a peer that is not there: %v", err)
	}
	found := make(chan *Peer, 1)
	go func() {
		p, _ := s.Peer(t.Context(), "me")
		found <- p
	}()
	roundTrip(t, dial(t, s, zmq4.NewDealer, "other"), "x")
	first := dial(t, s, zmq4.NewDealer, "me")
	p := <-found
	roundTrip(t, first, "x")
	roundTrip(t, dial(t, s, zmq4.NewDealer, "me"), "x")
	if again, err := s.Peer(t.Context(), "me"); err != nil || again != p {
		t.Errorf("of two with one identity it is not the first: %v", err)
	}
	first.Close()
	<-p.Done()
}

func TestUnnamedPeersDiffer(t *testing.T) {
	var names []string
	took := make(chan string)
	s := listen(t, Router, func(p *Peer, frames [][]byte) { took <- p.Identity() })
	for range 2 {
		c, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, greeting+introduction("Socket-Type", "DEALER")+"\x00\x01a"); err != nil {
			t.Fatal(err)
		}
		names = append(names, <-took)
	}
	if names[0] == "" || names[0] == names[1] {
		t.Errorf("names %q", names)
	}
}

func TestPing(t *testing.T) {
	s := listen(t, Router, echo)
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	hi := greeting + introduction("Socket-Type", "DEALER")
	if _, err := io.WriteString(c, hi+string(appendCommand(nil, "PING", []byte("\x00\x01context")))+"\x00\x01a"); err != nil {
		t.Fatal(err)
	}
	want := greeting + introduction("Socket-Type", "ROUTER", "Identity", "") + "\x04\x0c\x04PONGcontext" + "\x00\x01a"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// Close writes what is queued, ends every connection and leaves no goroutine.
func TestClose(t *testing.T) {
	const n = 100
	sent := make(chan bool)
	s := listen(t, Router, func(p *Peer, frames [][]byte) {
		for range n {
			p.Send([][]byte{make([]byte, 1<<16)})
		}
		close(sent)
	})
	d := dial(t, s, zmq4.NewDealer, "me")
	silent, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	got := make(chan error, 1)
	go func() {
		for range n {
			if _, err := d.Recv(); err != nil {
				got <- err
				return
			}
		}
		got <- nil
	}()
	within(t, "close", func() error {
		if err := d.Send(zmq4.NewMsgString("go")); err != nil {
			return err
		}
		<-sent
		s.Close()
		return <-got
	})
	if left := ours(); left != "" {
		t.Errorf("left running:\n%s", left)
	}
	if c, err := net.Dial("tcp", s.Addr().String()); err == nil {
		c.Close()
		t.Error("still listening")
	}
}

// ours returns the stacks of goroutines that a socket of this package started.
func ours() string {
	buf := make([]byte, 1<<20)
	var left []string
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "zmtp.(*Socket)") || strings.Contains(stack, "zmtp.(*Peer)") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}
