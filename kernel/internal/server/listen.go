package server

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/history"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// listen makes the five sockets. Requests are queued from then on.
func listen(c jupyter.Connection, about About, ev eval.Evaluator) (*server, error) {
	s := newServer(c, about, ev)
	var err error
	open := func(port int, typ string, message func(*zmtp.Peer, [][]byte)) *zmtp.Socket {
		if err != nil {
			return nil
		}
		network, address := c.Endpoint(port)
		if network == "unix" {
			removeStale(address)
		}
		var made *zmtp.Socket
		made, err = zmtp.Listen(network, address, typ, message)
		return made
	}
	s.heartbeat = open(c.Heartbeat, zmtp.Rep, (*zmtp.Peer).Send)
	s.iopubAt = open(c.IOPub, zmtp.Pub, s.subscription)
	s.stdinAt = open(c.Stdin, zmtp.Router, s.takeInput)
	s.control.socket = open(c.Control, zmtp.Router, s.requests(s.control))
	s.shell.socket = open(c.Shell, zmtp.Router, s.requests(s.shell))
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// stopGrace is how long a running cell may take to stop when the kernel ends. Jupyter sends
// SIGTERM to a kernel 2.5 seconds after it asked it to end, and SIGKILL 2.5 seconds later.
const stopGrace = 2 * time.Second

func newServer(c jupyter.Connection, about About, ev eval.Evaluator) *server {
	s := &server{
		about: about, at: c, key: jupyter.Key(c.Key), session: rand.Text(), log: about.Log, ev: ev,
		grace: stopGrace, iopub: newIOPub(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.shell, s.control = newChannel(onShell), newChannel(onControl)
	s.stdin = newStdin()
	s.gathered = &gatherer{send: s.broadcastText, scarce: func() bool { return s.pace.scarce() }}
	if about.Paced {
		s.pace = &pace{}
	}
	var err error
	if s.history, err = history.Open(about.History); err != nil {
		s.log.Warn("history is kept in memory only", "error", err)
	}
	return s
}

// close closes the open sockets, each after what is queued there.
func (s *server) close() {
	s.stop()
	s.gathered.flush()
	for _, socket := range []*zmtp.Socket{s.shell.socket, s.control.socket, s.stdinAt, s.iopubAt, s.heartbeat} {
		if socket != nil {
			socket.Close()
		}
	}
}

// removeStale removes the socket that a killed kernel left at path: Jupyter starts the next
// one at the same addresses. A socket with a listener stays, and so does any other file:
// then listening at path fails, and the error says why.
func removeStale(path string) {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSocket {
		return
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		os.Remove(path)
	}
}
