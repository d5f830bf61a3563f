package server

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// ports returns a connection over TCP ports of this machine that were free just now.
func ports(t *testing.T) jupyter.Connection {
	t.Helper()
	c := jupyter.NewConnection("")
	c.Transport, c.IP = "tcp", "127.0.0.1"
	for _, port := range []*int{&c.Shell, &c.IOPub, &c.Stdin, &c.Control, &c.Heartbeat} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return c
}

// Serve over both transports, with the client that the run command uses.
func TestServe(t *testing.T) {
	for _, row := range []struct {
		name string
		at   jupyter.Connection
	}{{"Unix sockets", place(t)}, {"TCP", ports(t)}} {
		t.Run(row.name, func(t *testing.T) {
			ev := &fake{execute: func(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
				out.Stream("stdout", code)
				return eval.Result{Data: map[string]any{"text/plain": "7"}}
			}}
			done := make(chan error, 1)
			go func() { done <- Serve(context.Background(), row.at, About{Implementation: "sdt"}, ev) }()
			c, err := jupyter.Dial(t.Context(), row.at)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if info, err := c.Info(t.Context()); err != nil || info["implementation"] != "sdt" {
				t.Errorf("info %v, %v", info, err)
			}
			request, err := c.ExecuteRequest("hello", false)
			if err != nil {
				t.Fatal(err)
			}
			var cell nbformat.Cell
			all := jupyter.NewCollector()
			all.Begin(request, &cell, nil)
			reply, err := c.Execute(request, func(m jupyter.Message) {
				if err := all.Show(m); err != nil {
					t.Error(err)
				}
			})
			if err != nil || reply.Status != "ok" || reply.ExecutionCount != 1 || len(cell.Outputs) != 2 {
				t.Errorf("reply %+v, %v, outputs %+v", reply, err, cell.Outputs)
			}
			if err := c.Shutdown(); err != nil {
				t.Error(err)
			}
			if err := within(t, "the end", done); err != nil || ev.closed.Load() != 1 {
				t.Errorf("ended with %v; the evaluator was closed %d times", err, ev.closed.Load())
			}
			nothingLeft(t)
		})
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan bool)
	ev := &fake{execute: func(ctx context.Context, _ string, _ eval.Ask, _ eval.Output) eval.Result {
		close(begun)
		<-ctx.Done()
		return eval.Result{}
	}}
	at, done := place(t), make(chan error, 1)
	s, err := listen(at, About{}, ev)
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- s.run(ctx) }()
	c := dial(t, at)
	c.send(c.shell, "execute_request", `{"code":"x"}`)
	within(t, "the cell begins", begun)
	cancel()
	if err := within(t, "the end", done); err != nil || ev.closed.Load() != 1 {
		t.Errorf("ended with %v; the evaluator was closed %d times", err, ev.closed.Load())
	}
	nothingLeft(t)
}

// If it cannot listen, Serve says so, and closes what it had opened and the evaluator.
func TestServeRefuses(t *testing.T) {
	taken, noKey, long := place(t), place(t), place(t)
	l, err := net.Listen("unix", path(taken, taken.Shell))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	noKey.Key = ""
	long.IP += strings.Repeat("x", 200)
	file := place(t)
	if err := os.WriteFile(path(file, file.IOPub), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		at   jupyter.Connection
		want string
	}{
		{"somebody listens there", taken, "address already in use"},
		{"no key", noKey, "no key"},
		{"a path too long for a socket", long, "invalid argument"},
		{"a file of another kind is there", file, "address already in use"},
	} {
		t.Run(row.name, func(t *testing.T) {
			ev := &fake{}
			err := Serve(t.Context(), row.at, About{}, ev)
			if err == nil || !strings.HasPrefix(err.Error(), "serve: ") || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want an error with %q", err, row.want)
			}
			if n := ev.closed.Load(); n != 1 {
				t.Errorf("the evaluator was closed %d times", n)
			}
			nothingLeft(t)
			if left, _ := filepath.Glob(path(row.at, row.at.Heartbeat)); left != nil {
				t.Errorf("a socket is left: %q", left)
			}
		})
	}
	if data, err := os.ReadFile(path(file, file.IOPub)); string(data) != "mine" {
		t.Errorf("the file that was in the way: %q, %v", data, err)
	}
	if conn, err := net.Dial("unix", path(taken, taken.Shell)); err != nil {
		t.Errorf("who listened there does no longer: %v", err)
	} else {
		conn.Close()
	}
}

func path(c jupyter.Connection, port int) string {
	_, p := c.Endpoint(port)
	return p
}

// A killed kernel leaves its sockets; the next one starts where it was.
func TestServeAfterAKilledKernel(t *testing.T) {
	at := place(t)
	for _, port := range []int{at.Shell, at.IOPub, at.Stdin, at.Control, at.Heartbeat} {
		l, err := net.Listen("unix", path(at, port))
		if err != nil {
			t.Fatal(err)
		}
		l.(*net.UnixListener).SetUnlinkOnClose(false)
		l.Close()
	}
	s, err := listen(at, About{}, &fake{})
	if err != nil {
		t.Fatal(err)
	}
	s.close()
	if left, _ := filepath.Glob(at.IP + "*"); left != nil {
		t.Errorf("sockets are left: %q", left)
	}
}

// The heartbeat echoes while a cell runs.
func TestHeartbeat(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	k := start(t, &fake{execute: func(context.Context, string, eval.Ask, eval.Output) eval.Result {
		close(begun)
		<-end
		return eval.Result{}
	}}, About{})
	c := dial(t, k.at)
	s := c.send(c.shell, "execute_request", `{"code":"x"}`)
	within(t, "the cell begins", begun)
	for _, beat := range []string{"ping", "", strings.Repeat("x", 1000)} {
		if err := c.heartbeat.Send(zmq4.NewMsgString(beat)); err != nil {
			t.Fatal(err)
		}
		got := make(chan string, 1)
		go func() {
			m, err := c.heartbeat.Recv()
			if err != nil {
				t.Error(err)
			}
			got <- string(m.Bytes())
		}()
		if g := within(t, "the echo", got); g != beat {
			t.Errorf("echo %q, want %q", g, beat)
		}
	}
	close(end)
	c.reply(c.shell, s)
}
