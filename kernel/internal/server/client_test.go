package server

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// limit is how long a test waits for an event.
const limit = time.Minute

// client is a front end made of go-zeromq's sockets. It writes and signs its messages
// itself, and checks on all that it gets what holds for every message of a kernel.
type client struct {
	t       testing.TB
	key     string
	session string

	shell, control, stdin, iopub *wire
	heartbeat                    zmq4.Socket
	reading                      sync.WaitGroup

	kernel string                       // session of the kernel
	known  map[string]bool              // ids of its messages
	ahead  map[string][]jupyter.Message // read from iopub before they were asked for, by their parents
}

// wire is a socket and what came from it.
type wire struct {
	name   string
	socket zmq4.Socket
	in     chan jupyter.Message
}

// dial connects to a kernel and returns when it receives everything that the kernel
// broadcasts. The sockets end with the test.
func dial(t testing.TB, c jupyter.Connection) *client {
	t.Helper()
	return dialAs(t, c, rand.Text())
}

// dialAs connects under a name: a session id that is the identity of all its sockets.
func dialAs(t testing.TB, c jupyter.Connection, session string) *client {
	t.Helper()
	f := &client{t: t, key: c.Key, session: session, known: map[string]bool{}, ahead: map[string][]jupyter.Message{}}
	t.Cleanup(f.close)
	open := func(name string, port int, make func(context.Context, ...zmq4.Option) zmq4.Socket) zmq4.Socket {
		s := make(context.Background(), zmq4.WithID(zmq4.SocketIdentity(f.session)), zmq4.WithLogger(log.New(io.Discard, "", 0)))
		network, address := c.Endpoint(port)
		if network == "unix" {
			network = "ipc"
		}
		if err := s.Dial(network + "://" + address); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return s
	}
	read := func(name string, s zmq4.Socket) *wire {
		w := &wire{name, s, make(chan jupyter.Message, 1<<12)}
		f.reading.Go(func() { f.read(w) })
		return w
	}
	f.shell = read("shell", open("shell", c.Shell, zmq4.NewDealer))
	f.control = read("control", open("control", c.Control, zmq4.NewDealer))
	f.stdin = read("stdin", open("stdin", c.Stdin, zmq4.NewDealer))
	f.heartbeat = open("heartbeat", c.Heartbeat, zmq4.NewReq)
	sub := open("iopub", c.IOPub, zmq4.NewSub)
	if err := sub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	f.iopub = read("iopub", sub)
	if m := f.next(f.iopub); text(m) != `iopub_welcome {"subscription":""}` || string(m.RawParent) != "{}" {
		t.Fatalf("the first message is %s", text(m))
	}
	return f
}

func (c *client) close() {
	for _, w := range []*wire{c.shell, c.control, c.stdin, c.iopub} {
		if w != nil {
			w.socket.Close()
		}
	}
	if c.heartbeat != nil {
		c.heartbeat.Close()
	}
	c.reading.Wait()
}

func (c *client) read(w *wire) {
	defer close(w.in)
	for {
		raw, err := w.socket.Recv()
		if err != nil {
			return
		}
		m, err := jupyter.Key(c.key).Decode(raw.Frames)
		if err != nil {
			c.t.Errorf("%s: %v", w.name, err)
			return
		}
		w.in <- m
	}
}

// next returns the next message on w, whatever it belongs to.
func (c *client) next(w *wire) jupyter.Message {
	c.t.Helper()
	select {
	case m, ok := <-w.in:
		if !ok {
			c.t.Fatalf("%s has ended", w.name)
		}
		if c.kernel == "" {
			c.kernel = m.Header.Session
		}
		switch h := m.Header; {
		case h.Version != "5.4" || h.Username == "" || h.MsgID == "":
			c.t.Errorf("%s: header %+v", w.name, h)
		case h.Session != c.kernel || h.Session == c.session:
			c.t.Errorf("%s: session %q, want the kernel's, %q", w.name, h.Session, c.kernel)
		case c.known[h.MsgID]:
			c.t.Errorf("%s: two messages with the id %s", w.name, h.MsgID)
		}
		if _, err := time.Parse(time.RFC3339Nano, m.Header.Date); err != nil {
			c.t.Errorf("%s: %v", w.name, err)
		}
		c.known[m.Header.MsgID] = true
		return m
	case <-time.After(limit):
		c.t.Fatalf("%s: nothing within %s", w.name, limit)
	}
	panic("unreachable")
}

// letter is a message to send. Empty fields have defaults.
type letter struct {
	typ, content, metadata, parent string
	id, header                     string
	key                            string
	buffers                        [][]byte
}

// sent is what a client knows about a message that it has sent.
type sent struct{ id, typ, header string }

// frames returns a letter in its wire format. Its header has a field that the kernel does
// not know, and a number that float64 cannot hold.
func (c *client) frames(l letter) ([][]byte, sent) {
	if l.id == "" {
		l.id = rand.Text()
	}
	if l.header == "" {
		l.header = fmt.Sprintf(`{"msg_id": %q, "msg_type": %q, "session": %q, "username": "me",`+
			` "date": "2026-01-02T03:04:05.678Z", "version": "5.3", "odd":  [1e400, null]}`, l.id, l.typ, c.session)
	}
	if l.key == "" {
		l.key = c.key
	}
	parts := [][]byte{[]byte(l.header), []byte(or(l.parent, "{}")), []byte(or(l.metadata, "{}")), []byte(or(l.content, "{}"))}
	frames := append([][]byte{[]byte("<IDS|MSG>"), sign(l.key, parts)}, parts...)
	return append(frames, l.buffers...), sent{l.id, l.typ, l.header}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// sign returns the protocol's signature: HMAC-SHA256 in hexadecimal.
func sign(key string, parts [][]byte) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(bytes.Join(parts, nil))
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// post sends frames as they are.
func (c *client) post(w *wire, frames [][]byte) {
	c.t.Helper()
	if err := w.socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		c.t.Fatalf("%s: %v", w.name, err)
	}
}

// mail sends a letter.
func (c *client) mail(w *wire, l letter) sent {
	c.t.Helper()
	frames, s := c.frames(l)
	c.post(w, frames)
	return s
}

// send sends a message with JSON as its content.
func (c *client) send(w *wire, typ, content string) sent {
	c.t.Helper()
	return c.mail(w, letter{typ: typ, content: content})
}

// reply waits for the reply to s, which must be the next message on w.
func (c *client) reply(w *wire, s sent) jupyter.Message {
	c.t.Helper()
	m := c.next(w)
	if want := strings.TrimSuffix(s.typ, "_request") + "_reply"; m.Header.MsgType != want || string(m.RawParent) != s.header {
		c.t.Fatalf("%s: got %s for %s, want a %s for %s", w.name, text(m), m.RawParent, want, s.header)
	}
	return m
}

// shown waits until the kernel is idle after s and returns what was broadcast for s in
// between, without the brackets, which it checks.
func (c *client) shown(s sent) (all []jupyter.Message) {
	c.t.Helper()
	for busy := false; ; {
		m := c.broadcast(s.id)
		if string(m.RawParent) != s.header {
			c.t.Errorf("%s: parent %s, want %s", text(m), m.RawParent, s.header)
		}
		switch status := m.Header.MsgType == "status"; {
		case status && !busy && text(m) == `status {"execution_state":"busy"}`:
			busy = true
		case status && busy && text(m) == `status {"execution_state":"idle"}`:
			return all
		case status || !busy:
			c.t.Fatalf("%s out of place for %s", text(m), s.header)
		default:
			all = append(all, m)
		}
	}
}

// broadcast returns the next message on iopub that belongs to the message with that id, ""
// for none.
func (c *client) broadcast(parent string) jupyter.Message {
	c.t.Helper()
	for len(c.ahead[parent]) == 0 {
		m := c.next(c.iopub)
		c.ahead[m.Parent.MsgID] = append(c.ahead[m.Parent.MsgID], m)
	}
	m := c.ahead[parent][0]
	c.ahead[parent] = c.ahead[parent][1:]
	return m
}

// exchange is a request's reply and what was broadcast between busy and idle.
type exchange struct {
	reply jupyter.Message
	shown []jupyter.Message
}

// ask sends a request and waits until the kernel is done with it.
func (c *client) ask(w *wire, typ, content string) exchange {
	c.t.Helper()
	s := c.send(w, typ, content)
	return exchange{c.reply(w, s), c.shown(s)}
}

// text returns a message's type and content, the content's fields by name.
func text(m jupyter.Message) string {
	return m.Header.MsgType + " " + canonical(m.Content)
}

func canonical(raw []byte) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err.Error()
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

// texts returns text for each message.
func texts(all []jupyter.Message) []string {
	list := make([]string, len(all))
	for i, m := range all {
		list[i] = text(m)
	}
	return list
}

// field returns a field of a message's content, as JSON.
func field(m jupyter.Message, name string) string {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(m.Content, &all); err != nil {
		return err.Error()
	}
	if all[name] == nil {
		return "none"
	}
	return canonical(all[name])
}

// wantShown compares what was shown.
func wantShown(t testing.TB, got []jupyter.Message, want ...string) {
	t.Helper()
	g, w := strings.Join(texts(got), "\n"), strings.Join(want, "\n")
	if g != w {
		t.Errorf("shown:\n%s\nwant:\n%s", g, w)
	}
}

// wantReply compares an entire reply.
func wantReply(t testing.TB, got jupyter.Message, want string) {
	t.Helper()
	if text(got) != want {
		t.Errorf("reply:\n%s\nwant:\n%s", text(got), want)
	}
}

// wantField compares one field of a reply.
func wantField(t testing.TB, got jupyter.Message, name, want string) {
	t.Helper()
	if f := field(got, name); f != want {
		t.Errorf("%s: %s is %s, want %s", text(got), name, f, want)
	}
}
