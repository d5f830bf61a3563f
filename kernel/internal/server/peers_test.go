package server

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// raw connects to a port of a kernel without ZeroMQ, and sends the given bytes.
func raw(t *testing.T, c jupyter.Connection, port int, says string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", path(c, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, says); err != nil {
		t.Fatal(err)
	}
	return conn
}

// introduction returns what a socket of a type sends first: 64 bytes of greeting, then
// READY with its type (ZMTP 3.0).
func introduction(typ string) string {
	ready := "\x05READY\x0bSocket-Type\x00\x00\x00" + string(rune(len(typ))) + typ
	return "\xff" + strings.Repeat("\x00", 8) + "\x7f\x03\x00NULL" + strings.Repeat("\x00", 48) +
		"\x04" + string(rune(len(ready))) + ready
}

// A peer that breaks the protocol, claims too much, or reads nothing does not disturb
// others, on any socket.
func TestBadPeers(t *testing.T) {
	k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
		out.Stream("stdout", strings.Repeat("x", 1<<20))
		return eval.Result{}
	}}, About{})
	const subscribe = "\x00\x01\x01" // a message of one frame: 1, and no topic
	for port, typ := range map[int]string{
		k.at.Shell: "DEALER", k.at.Control: "DEALER", k.at.Stdin: "DEALER", k.at.IOPub: "SUB", k.at.Heartbeat: "REQ",
	} {
		for _, says := range []string{
			"",
			"GET / HTTP/1.1\r\n\r\n" + strings.Repeat("x", 100),
			introduction(typ)[:70],
			introduction("PUSH"),
			introduction(typ) + "\x02\x40\x00\x00\x00\x00\x00\x00\x00", // a frame of 2⁶² bytes
			introduction(typ) + "\x03\x00\x00\x00\x00\x0f\xff\xff\xffhalf a frame",
			introduction(typ) + "\x00\x00" + "\x01\x00\x00\x00" + "\x00\x03abc", // frames that mean nothing
			introduction(typ) + subscribe,                                       // and reads nothing
		} {
			raw(t, k.at, port, says)
		}
	}
	c := dial(t, k.at)
	for range 4 { // in all more than a Unix socket holds
		x := c.ask(c.shell, "execute_request", `{"code":"x"}`)
		wantField(t, x.reply, "status", `"ok"`)
		if n := len(joined(t, x.shown[1:])); n < 1<<20 {
			t.Errorf("%d bytes shown", n)
		}
	}
	wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
}

// A cell with endless output is slowed down to the pace of a front end that has much to
// read already, and continues when that is gone. The others miss nothing.
func TestFrontEndThatReadsNothing(t *testing.T) {
	const enough, more = 16, 4 // pieces of a MiB: what may wait for a front end, and beyond
	buffer := make([]byte, 1<<20)
	for _, row := range []struct {
		name   string
		show   func(eval.Output)
		gather int // messages that are put together into others
	}{
		{"text", func(out eval.Output) { out.Stream("stdout", "x") }, more - 2},
		{"a comm's messages", func(out eval.Output) { out.Comm(eval.Comm{Type: "comm_msg", ID: "1"}) }, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			k := start(t, &fake{execute: func(_ context.Context, _ string, _ eval.Ask, out eval.Output) eval.Result {
				out.Comm(eval.Comm{Type: "comm_open", ID: "1"})
				for range enough {
					out.Comm(eval.Comm{Type: "comm_msg", ID: "1", Buffers: [][]byte{buffer}})
				}
				for range more {
					row.show(out)
				}
				return eval.Result{}
			}}, About{})
			dead := raw(t, k.at, k.at.IOPub, introduction("SUB")+"\x00\x01\x01")
			c := dial(t, k.at)
			until(t, "both have subscribed", func() bool { return k.subscribers() == 2 })
			s := c.send(c.shell, "execute_request", `{"code":"x"}`)
			for stalled := false; !stalled; {
				select {
				case m := <-c.iopub.in:
					c.ahead[m.Parent.MsgID] = append(c.ahead[m.Parent.MsgID], m)
				case <-time.After(time.Second): // many times what a piece takes
					stalled = true
				}
			}
			if n := len(c.ahead[s.id]); n > 3+enough { // busy, execute_input, comm_open
				t.Fatalf("the cell was not slowed down: %d messages", n)
			}
			wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
			dead.Close()
			wantField(t, c.reply(c.shell, s), "status", `"ok"`)
			if got := len(c.shown(s)); got != 2+enough+more-row.gather {
				t.Errorf("%d messages are shown, want %d", got, 2+enough+more-row.gather)
			}
			if n := k.subscribers(); n != 1 {
				t.Errorf("%d subscribers are remembered, want 1", n)
			}
		})
	}
}

// subscribers returns how many subscribers the kernel knows.
func (k *running) subscribers() int {
	k.iopub.mu.Lock()
	defer k.iopub.mu.Unlock()
	return len(k.iopub.topics)
}

// A peer subscribes to all or a part of the broadcasts, twice, and unsubscribes.
func TestSubscribe(t *testing.T) {
	p, peer := newIOPub(), new(zmtp.Peer)
	for _, row := range []struct {
		name, frame string
		topic       string
		isNew       bool
		a, b        bool // whether messages of the topics kernel.a and kernel.b are wanted then
	}{
		{"not to what never was", "\x00x", "x", false, false, false},
		{"to one", "\x01kernel.a", "kernel.a", true, true, false},
		{"to longer ones", "\x01kernel.b.c", "kernel.b.c", true, true, false},
		{"to a part", "\x01kernel.", "kernel.", true, true, true},
		{"to it again", "\x01kernel.", "kernel.", false, true, true},
		{"not to it", "\x00kernel.", "kernel.", false, true, false},
		{"to all", "\x01", "", true, true, true},
		{"nothing", "", "", false, true, true},
		{"no subscription", "\x02x", "", false, true, true},
	} {
		topic, isNew := p.subscribe(peer, [][]byte{[]byte(row.frame)}, func(string) {})
		if topic != row.topic || isNew != row.isNew {
			t.Errorf("%s: topic %q, new %t", row.name, topic, isNew)
		}
		if a, b := p.wanted(peer, "kernel.a"), p.wanted(peer, "kernel.b"); a != row.a || b != row.b {
			t.Errorf("%s: then kernel.a is wanted: %t, kernel.b: %t", row.name, a, b)
		}
	}
}
