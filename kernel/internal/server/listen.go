package server

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// listen makes the five sockets. Requests are queued from then on.
func listen(c jupyter.Connection, about About, ev Evaluator) (*server, error) {
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
	s.stdinAt = open(c.Stdin, zmtp.Router, s.stdin.take)
	s.control.socket = open(c.Control, zmtp.Router, s.requests(s.control))
	s.shell.socket = open(c.Shell, zmtp.Router, s.requests(s.shell))
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close closes the sockets that are open, each after what is queued there.
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
// one at the same addresses. One that somebody listens at stays, and so does any other
// file: then there is no listening at path, which says why.
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
