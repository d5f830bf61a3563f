package server

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// raw connects to a port of a kernel with no ZeroMQ, and says what is given.
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

// introduction is what a socket of a type says first: 64 bytes of greeting, then READY with
// its type (ZMTP 3.0).
func introduction(typ string) string {
	ready := "\x05READY\x0bSocket-Type\x00\x00\x00" + string(rune(len(typ))) + typ
	return "\xff" + strings.Repeat("\x00", 8) + "\x7f\x03\x00NULL" + strings.Repeat("\x00", 48) +
		"\x04" + string(rune(len(ready))) + ready
}

// Who connects and breaks the protocol, claims too much, or reads nothing is no trouble to
// others, on whatever socket.
func TestBadPeers(t *testing.T) {
	k := start(t, &fake{execute: func(_ context.Context, _ string, _ Ask, out Output) Result {
		out.Stream("stdout", strings.Repeat("x", 1<<20))
		return Result{}
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
		if n := len(field(x.shown[1], "text")); n != 1<<20+2 {
			t.Errorf("%d bytes shown", n)
		}
	}
	wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
}

// A cell with no end of output is slowed down to what a front end reads that has much to
// read already, and goes on when that is gone. The others miss nothing.
func TestFrontEndThatReadsNothing(t *testing.T) {
	const pieces, size = 40, 1 << 20 // in all more than may wait for a front end
	var written atomic.Int64
	k := start(t, &fake{execute: func(_ context.Context, _ string, _ Ask, out Output) Result {
		for range pieces {
			out.Stream("stdout", strings.Repeat("x", size))
			written.Add(1)
		}
		return Result{}
	}}, About{})
	dead := raw(t, k.at, k.at.IOPub, introduction("SUB")+"\x00\x01\x01")
	c := dial(t, k.at)
	until(t, "both have subscribed", func() bool {
		k.iopub.mu.Lock()
		defer k.iopub.mu.Unlock()
		return len(k.iopub.topics) == 2
	})
	s := c.send(c.shell, "execute_request", `{"code":"x"}`)
	for range 18 { // busy, execute_input and 16 MiB: now the dead one has enough
		c.broadcast(s.id)
	}
	wantField(t, c.ask(c.control, "kernel_info_request", `{}`).reply, "status", `"ok"`)
	if n := written.Load(); n == pieces {
		t.Error("the cell was not slowed down")
	}
	dead.Close()
	wantField(t, c.reply(c.shell, s), "status", `"ok"`)
	for range pieces - 16 {
		if m := c.broadcast(s.id); len(field(m, "text")) != size+2 {
			t.Fatalf("got %.100s", text(m))
		}
	}
	if m := c.broadcast(s.id); text(m) != `status {"execution_state":"idle"}` {
		t.Errorf("last is %.100s", text(m))
	}
}

// Subscribing to a part of what is broadcast, twice, and ending that.
func TestSubscribe(t *testing.T) {
	p := newIOPub()
	for _, row := range []struct {
		name, frame string
		topic       string
		isNew       bool
		topics      int // that are subscribed to then
	}{
		{"to all", "\x01", "", true, 1},
		{"to all again", "\x01", "", false, 1},
		{"to a part", "\x01kernel.", "kernel.", true, 2},
		{"not to a part", "\x00kernel.", "kernel.", false, 1},
		{"not to what never was", "\x00x", "x", false, 1},
		{"nothing", "", "", false, 1},
		{"no subscription", "\x02x", "", false, 1},
	} {
		if topic, isNew := p.subscribe(nil, [][]byte{[]byte(row.frame)}); topic != row.topic || isNew != row.isNew || len(p.topics[nil]) != row.topics {
			t.Errorf("%s: topic %q, new %t, then %d topics", row.name, topic, isNew, len(p.topics[nil]))
		}
	}
}
