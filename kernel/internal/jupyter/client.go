package jupyter

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Client is one session with a kernel. Its requests are made one at a time.
type Client struct {
	key     Key
	session string

	ctx    context.Context // ends when the connection is lost, with the reason
	cancel context.CancelCauseFunc

	shell, control, iopub, stdin, heartbeat zmq4.Socket

	in chan incoming
}

type incoming struct {
	from string // "shell", "iopub" or "stdin"
	msg  Message
}

// heartbeatLimit is how long a kernel may leave a heartbeat unanswered. GoNB echoes from a
// separate goroutine, whatever a cell does.
const heartbeatLimit = 90 * time.Second

// Dial connects to the kernel that listens at c. It tries missing sockets for a few seconds
// each. The client lives until ctx ends or Close.
func Dial(ctx context.Context, c Connection) (*Client, error) {
	sockets := ctx // not ended with the connection, so that sends in progress complete
	ctx, cancel := context.WithCancelCause(ctx)
	session := rand.Text()
	opts := []zmq4.Option{
		// One identity for all: the kernel sends requests for input to the stdin socket
		// with the identity of the shell's request.
		zmq4.WithID(zmq4.SocketIdentity(session)),
		zmq4.WithLogger(log.New(io.Discard, "", 0)), // its errors reach us as return values
		zmq4.WithDialerRetry(50 * time.Millisecond),
	}
	cl := &Client{
		key: Key(c.Key), session: session, ctx: ctx, cancel: cancel,
		shell: zmq4.NewDealer(sockets, opts...), control: zmq4.NewDealer(sockets, opts...),
		iopub: zmq4.NewSub(sockets, opts...), stdin: zmq4.NewDealer(sockets, opts...),
		heartbeat: zmq4.NewReq(sockets, opts...), in: make(chan incoming),
	}
	if err := cl.iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		cl.Close()
		return nil, fmt.Errorf("subscribe to the kernel's output: %w", err)
	}
	for _, s := range []struct {
		name   string
		socket zmq4.Socket
		port   int
	}{
		{"shell", cl.shell, c.Shell}, {"control", cl.control, c.Control}, {"iopub", cl.iopub, c.IOPub},
		{"stdin", cl.stdin, c.Stdin}, {"heartbeat", cl.heartbeat, c.Heartbeat},
	} {
		if err := s.socket.Dial(c.address(s.port)); err != nil {
			cl.Close()
			return nil, fmt.Errorf("connect to the kernel's %s socket: %w", s.name, err)
		}
	}
	go cl.read("shell", cl.shell)
	go cl.read("iopub", cl.iopub)
	go cl.read("stdin", cl.stdin)
	go cl.beat()
	return cl, nil
}

// Close ends the session. The kernel keeps running.
func (c *Client) Close() {
	c.cancel(fmt.Errorf("the session with the kernel was closed"))
	for _, s := range []zmq4.Socket{c.shell, c.control, c.iopub, c.stdin, c.heartbeat} {
		s.Close()
	}
}

// Shutdown asks the kernel to end. It does not wait for it.
func (c *Client) Shutdown() error {
	m, err := NewMessage(c.session, "shutdown_request", map[string]any{"restart": false})
	if err != nil {
		return err
	}
	return c.send(c.control, m)
}

func (c *Client) send(s zmq4.Socket, m Message) error {
	if err := context.Cause(c.ctx); err != nil {
		return err
	}
	frames, err := c.key.Encode(m)
	if err != nil {
		return err
	}
	if err := s.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		return fmt.Errorf("send %s: %w", m.Header.MsgType, err)
	}
	return nil
}

// read forwards what arrives on one socket until the connection ends.
func (c *Client) read(name string, s zmq4.Socket) {
	for {
		raw, err := s.Recv()
		if err == nil {
			var m Message
			if m, err = c.key.Decode(raw.Frames); err == nil {
				select {
				case c.in <- incoming{name, m}:
					continue
				case <-c.ctx.Done():
					return
				}
			}
		}
		c.cancel(fmt.Errorf("connection to the kernel lost (%s): %w", name, err))
		return
	}
}

// beat ends the connection when the kernel stops echoing.
func (c *Client) beat() {
	for {
		late := time.AfterFunc(heartbeatLimit, func() {
			c.cancel(fmt.Errorf("the kernel has not answered for %s", heartbeatLimit))
		})
		err := c.heartbeat.Send(zmq4.NewMsgString("ping"))
		if err == nil {
			_, err = c.heartbeat.Recv()
		}
		late.Stop()
		if err != nil {
			c.cancel(fmt.Errorf("connection to the kernel lost (heartbeat): %w", err))
			return
		}
		select {
		case <-time.After(5 * time.Second):
		case <-c.ctx.Done():
			return
		}
	}
}

// Info waits until the kernel answers and its output arrives, and returns the content of
// its kernel_info_reply.
func (c *Client) Info(ctx context.Context) (map[string]any, error) {
	again := time.NewTicker(300 * time.Millisecond)
	defer again.Stop()
	var info map[string]any
	var heard bool
	for {
		m, err := NewMessage(c.session, "kernel_info_request", map[string]any{})
		if err != nil {
			return nil, err
		}
		if err := c.send(c.shell, m); err != nil {
			return nil, err
		}
		for waiting := true; waiting; {
			select {
			case in := <-c.in:
				switch {
				case in.from == "iopub":
					heard = true
				case in.msg.Header.MsgType == "kernel_info_reply":
					if err := json.Unmarshal(in.msg.Content, &info); err != nil {
						return nil, fmt.Errorf("kernel_info_reply: %w", err)
					}
				}
				if heard && info != nil {
					return info, nil
				}
			case <-again.C:
				waiting = false
			case <-ctx.Done():
				return nil, fmt.Errorf("wait for the kernel: %w", context.Cause(ctx))
			case <-c.ctx.Done():
				return nil, context.Cause(c.ctx)
			}
		}
	}
}
